"""A real mail server for tests that read what travels."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from .services import free_port

__all__ = ["inbox"]


class Inbox:
    """Takes every mail, unless it is told what to answer instead."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], str]] = []
        self.answer = "250 taken"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
        return self.answer

    def read(self, address: str) -> EmailMessage:
        """The oldest mail to that address that nobody has read yet."""
        place = next(number for number, (_, to, _) in enumerate(self.mails) if to == [address])
        _, _, content = self.mails.pop(place)
        return email.message_from_string(content, policy=email.policy.default)


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield handler
    controller.stop()
