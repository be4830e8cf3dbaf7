"""The mails of one round, over one connection. A server that is silent is waited for once, not for each mail."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from smtplib import SMTPException, SMTPServerDisconnected
from typing import TypeVar

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)
Whose = TypeVar("Whose")
GOES_AWAY = 421  # RFC 5321


def leaving(mails: Iterable[tuple[Whose, EmailMessage]]) -> Iterator[Whose]:
    """Whose mail the server took, one after the other; each is asked for only when it is its turn.

    Where the server refuses one, the next may leave. Where the connection fails, no more is asked for in this round:
    the one worker has bells to ring, and what nobody has claimed is due again at the next round.
    """
    connection = get_connection()
    try:
        for whose, mail in mails:
            if _takes(connection, mail):
                yield whose
    except OSError:
        logger.warning("the mail server cannot be reached; what is left stays for a later round", exc_info=True)
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _codes_of(error: Exception) -> set[int]:
    """What the server answered, for the whole mail or for its recipients."""
    return {getattr(error, "smtp_code", 0), *(code for code, _ in getattr(error, "recipients", {}).values())}


def _takes(connection: BaseEmailBackend, mail: EmailMessage) -> bool:
    """Raises OSError where it is the connection that failed."""
    connection.open()
    try:
        connection.send_messages([mail])
    except SMTPServerDisconnected:
        raise
    except (SMTPException, ValueError) as error:
        logger.warning("a mail could not leave; it stays for a later round", exc_info=True)
        if GOES_AWAY in _codes_of(error):
            connection.close()  # it has taken as many over one connection as it will: the next mail opens another
        return False
    return True
