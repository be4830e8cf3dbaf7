"""Sends a batch of mails over one connection, so that a silent server is waited for once and not for each mail.

A server that takes long over each mail keeps the worker for MAIL_TURN_SECONDS and the mail that is on its way by then.
What is left goes on after whatever else waits for the worker, an urgent notice or a phone alert among it.
"""

import contextlib
import logging
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from smtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TypeVar

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from peersupport.core.mail import ProgramMail

from .domain.delivery import Delivery

logger = logging.getLogger(__name__)
Source = TypeVar("Source")
CLOSING_CHANNEL = 421  # RFC 5321: the server closes this connection
REFUSALS = range(400, 600)
FOR_GOOD = range(500, 600)
# What says that there is no such address: of the codes of RFC 3463 those about an address, except the sender's (5.1.7,
# 5.1.8). A basic code alone says less; 552 and 554 are about a full mailbox, a policy or the whole server.
ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
OF_AN_ADDRESS = re.compile(rb"5\.1\.(?![78]\b)")
BASIC_OF_AN_ADDRESS = frozenset({550, 551, 553})


class _ConnectionFailed(Exception):
    def __init__(self, outcome: Delivery) -> None:
        self.outcome = outcome


def deliveries(
    mails: Iterable[tuple[Source, ProgramMail]], *, go_on: Callable[[], None]
) -> Iterator[tuple[Source, Delivery]]:
    """Send the mails one by one, and yield the source of each with what became of it.

    They are taken from `mails` one at a time, so a caller can claim each just before it leaves.

    If the server refuses one, the next may still leave. If the connection fails, no more are taken: the one worker also
    has phone alerts to send, and what nobody has claimed is due again in the next round. go_on: wakes the sender again,
    where the turn is over before the mails are.
    """
    connection, ends_at = get_connection(), time.monotonic() + settings.MAIL_TURN_SECONDS
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
            if time.monotonic() >= ends_at:
                go_on()
                return
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError):
        connection.close()


def _deliver(connection: BaseEmailBackend, mail: ProgramMail) -> Delivery:
    """Send one mail. Raises _ConnectionFailed."""
    try:
        is_used_again = connection.open() is False
    except OSError as error:
        raise _ConnectionFailed(Delivery.REFUSED) from error
    try:
        connection.send_messages([mail])
    except SMTPServerDisconnected as error:
        if is_used_again and _was_closed_before(error):
            _close(connection)
            return _deliver(connection, mail)
        raise _ConnectionFailed(Delivery.UNCERTAIN) from error  # the server may have taken the mail before
    except (SMTPException, ValueError) as error:
        logger.warning("a mail could not leave; it stays for a later round", exc_info=True)
        if CLOSING_CHANNEL in _codes_of(error):
            _close(connection)  # the server accepts only so many over one connection: the next mail opens another
        return _outcome_of(error)
    except OSError as error:
        raise _ConnectionFailed(Delivery.UNCERTAIN) from error
    return Delivery.DELIVERED


def _was_closed_before(error: SMTPServerDisconnected) -> bool:
    """Whether the server, after the mail before, was gone by MAIL FROM: it has taken nothing of this one.

    Not if it is only silent: it is waited for once.
    """
    is_at_mail_from = any(frame.f_code is SMTP.mail.__code__ for frame, _ in traceback.walk_tb(error.__traceback__))
    return is_at_mail_from and not isinstance(error.__context__, TimeoutError)


def _outcome_of(error: Exception) -> Delivery:
    """ValueError: it can't even be written."""
    if isinstance(error, SMTPRecipientsRefused) and all(_is_unknown(*answer) for answer in error.recipients.values()):
        return Delivery.UNKNOWN
    if isinstance(error, SMTPResponseException):
        return Delivery.REFUSED if error.smtp_code in REFUSALS else Delivery.UNCERTAIN
    is_refusal = isinstance(error, ValueError | SMTPRecipientsRefused | SMTPNotSupportedError)
    return Delivery.REFUSED if is_refusal else Delivery.UNCERTAIN


def _is_unknown(code: int, text: bytes) -> bool:
    if code not in FOR_GOOD:
        return False
    if ENHANCED_CODE.match(text):
        return bool(OF_AN_ADDRESS.match(text))
    return code in BASIC_OF_AN_ADDRESS


def _codes_of(error: Exception) -> set[int]:
    """The server's reply codes, for the whole mail or for its recipients."""
    return {getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values())}
