"""The one kind of mail that the program sends."""

import secrets
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage  # noqa: TID251  # everybody else sends a ProgramMail


class ProgramMail(EmailMessage):
    """A mail in plain text, which says that a machine wrote it, so that no absence notice answers it.

    Its id names neither process, host nor time, as Django's own does. The date of sending stays: a mail without one is
    taken for junk, and each server on its way writes its own.
    """

    def __init__(self, *, subject: str, text: str, to: str) -> None:
        _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
        headers = {
            "Auto-Submitted": "auto-generated",  # RFC 3834
            "Message-ID": f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2] or 'localhost'}>",
        }
        super().__init__(subject, text.rstrip() + "\n", None, [to], headers=headers)
