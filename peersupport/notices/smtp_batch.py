"""Sends a batch of mails over one connection, so that a silent server is waited for once and not for each mail."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from smtplib import SMTPException, SMTPServerDisconnected
from typing import TypeVar

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from peersupport.core.mail import ProgramMail

logger = logging.getLogger(__name__)
Source = TypeVar("Source")
CLOSING_CHANNEL = 421  # RFC 5321: the server closes this connection


def send_batch(mails: Iterable[tuple[Source, ProgramMail]]) -> Iterator[Source]:
    """Send the mails one by one, and yield the source of each that the server accepted.

    They are taken from `mails` one at a time, so a caller can claim each just before it leaves.

    If the server refuses one, the next may still leave. If the connection fails, no more are taken: the one worker also
    has phone alerts to send, and what nobody has claimed is due again in the next round.
    """
    connection = get_connection()
    try:
        for source, mail in mails:
            if _is_accepted(connection, mail):
                yield source
    except OSError:
        logger.warning("the mail server cannot be reached; what is left stays for a later round", exc_info=True)
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _codes_of(error: Exception) -> set[int]:
    """The server's reply codes, for the whole mail or for its recipients."""
    return {getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values())}


def _is_accepted(connection: BaseEmailBackend, mail: ProgramMail) -> bool:
    """Send one mail. Raises OSError if the connection itself failed."""
    connection.open()
    try:
        connection.send_messages([mail])
    except SMTPServerDisconnected:
        raise
    except (SMTPException, ValueError) as error:
        logger.warning("a mail could not leave; it stays for a later round", exc_info=True)
        if CLOSING_CHANNEL in _codes_of(error):
            connection.close()  # the server accepts only so many over one connection: the next mail opens another
        return False
    return True
