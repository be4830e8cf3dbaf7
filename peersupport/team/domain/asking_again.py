"""Asking somebody who is signed in who they are: how long an answer counts, and what became of one. Pure."""

from datetime import datetime, timedelta
from enum import Enum, auto

COUNTS_FOR = timedelta(minutes=10)


class Answer(Enum):
    NOT_ASKED = auto()  # the form had no question
    EMPTY = auto()
    WRONG_PASSWORD = auto()
    WRONG_PASSKEY = auto()
    TOO_MANY = auto()
    RIGHT = auto()


def is_fresh(confirmed_at: datetime | None, now: datetime) -> bool:
    return confirmed_at is not None and now - confirmed_at < COUNTS_FOR
