"""The ways in which somebody is told. Each goes its own way: what keeps one does not keep the other."""

from enum import StrEnum


class Channel(StrEnum):
    BELL = "bell"
    MAIL = "mail"
