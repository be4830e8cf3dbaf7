"""The ways to reach somebody. They are independent: a failure of one never holds up the other."""

from enum import StrEnum


class Channel(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
