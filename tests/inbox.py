"""A real mail server, for tests that read what is actually sent."""

import asyncio
import email
import email.policy
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.services import free_port

__all__ = ["inbox"]


class Inbox:
    """Accepts every mail, unless told to answer something else."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], str]] = []
        self.answer = "250 taken"
        self.unknown: set[str] = set()
        self.unknown_is_said_as = "550 no such mailbox"
        self.hangs_up_after_unknown = False
        self.breaks_at = ""  # the end of addresses at which it is gone
        self.hangs_up_after: int | None = None  # mails
        self.hangs_up_at = ""  # an address
        self.answer_is_lost = False
        self.takes_seconds = 0.0  # for each mail
        self.most_per_connection: int | None = None  # mails
        self.taken_from: Counter[tuple[str, int]] = Counter()
        self.connections: set[tuple[str, int]] = set()  # one for each connection

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.breaks_at and address.endswith(self.breaks_at):
            server.transport.abort()
        if address in self.unknown:
            if self.hangs_up_after_unknown:
                asyncio.get_running_loop().call_soon(server.transport.close)
            return self.unknown_is_said_as
        envelope.rcpt_tos.append(address)
        return "250 taken"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.connections.add(session.peer)
        await asyncio.sleep(self.takes_seconds)
        if len(self.mails) == self.hangs_up_after or self.hangs_up_at in envelope.rcpt_tos:
            server.transport.abort()
        elif self.taken_from[session.peer] == self.most_per_connection:
            return "421 enough for one connection"
        elif self.answer.startswith("250"):
            self.taken_from[session.peer] += 1
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
            if self.answer_is_lost:
                server.transport.abort()
        return self.answer

    def read(self, address: str) -> EmailMessage:
        """The oldest unread mail to that address."""
        position = next(number for number, (_, to, _) in enumerate(self.mails) if to == [address])
        _, _, content = self.mails.pop(position)
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


@contextmanager
def silent_server(settings: Any) -> Iterator[list[socket.socket]]:
    """A mail server that accepts connections and never answers; yields them, counted only at the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 1
        connections: list[socket.socket] = []
        yield connections
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                connections.append(server.accept()[0])
