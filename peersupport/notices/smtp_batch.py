"""Sends a batch of mails over one connection, so that a silent server is waited for once and not for each mail."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TypeVar

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from peersupport.core.mail import ProgramMail

from .domain.delivery import Delivery

logger = logging.getLogger(__name__)
Source = TypeVar("Source")
CLOSING_CHANNEL = 421  # RFC 5321: the server closes this connection
REFUSALS = range(400, 600)


class _ConnectionFailed(Exception):
    def __init__(self, outcome: Delivery) -> None:
        self.outcome = outcome


def send_batch(mails: Iterable[tuple[Source, ProgramMail]]) -> Iterator[Source]:
    """Send the mails one by one, and yield the source of each that the server accepted."""
    return (source for source, outcome in deliveries(mails) if outcome is Delivery.DELIVERED)


def deliveries(mails: Iterable[tuple[Source, ProgramMail]]) -> Iterator[tuple[Source, Delivery]]:
    """Send the mails one by one, and yield the source of each with what became of it.

    They are taken from `mails` one at a time, so a caller can claim each just before it leaves.

    If the server refuses one, the next may still leave. If the connection fails, no more are taken: the one worker also
    has phone alerts to send, and what nobody has claimed is due again in the next round.
    """
    connection = get_connection()
    try:
        for source, mail in mails:
            try:
                outcome = _deliver(connection, mail)
            except _ConnectionFailed as failed:
                logger.warning(
                    "the mail server cannot be reached; what is left stays for a later round",
                    exc_info=failed.__cause__,
                )
                yield source, failed.outcome
                return
            yield source, outcome
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError):
        connection.close()


def _deliver(connection: BaseEmailBackend, mail: ProgramMail) -> Delivery:
    """Send one mail. Raises _ConnectionFailed."""
    try:
        connection.open()
    except OSError as error:
        raise _ConnectionFailed(Delivery.REFUSED) from error
    try:
        connection.send_messages([mail])
    except SMTPServerDisconnected as error:
        raise _ConnectionFailed(Delivery.UNCERTAIN) from error  # the server may have taken the mail before
    except (SMTPException, ValueError) as error:
        logger.warning("a mail could not leave; it stays for a later round", exc_info=True)
        if CLOSING_CHANNEL in _codes_of(error):
            _close(connection)  # the server accepts only so many over one connection: the next mail opens another
        return Delivery.REFUSED if _is_refusal(error) else Delivery.UNCERTAIN
    except OSError as error:
        raise _ConnectionFailed(Delivery.UNCERTAIN) from error
    return Delivery.DELIVERED


def _is_refusal(error: Exception) -> bool:
    """Whether the mail has certainly not left. ValueError: it can't even be written."""
    if isinstance(error, SMTPResponseException):
        return error.smtp_code in REFUSALS
    return isinstance(error, ValueError | SMTPRecipientsRefused | SMTPNotSupportedError)


def _codes_of(error: Exception) -> set[int]:
    """The server's reply codes, for the whole mail or for its recipients."""
    return {getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values())}
