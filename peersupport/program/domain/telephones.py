"""Telephone numbers in words that somebody typed. Pure."""

import re
from collections.abc import Iterator

# As North America writes them, with or without the area, or with a plus and the country before. What is part of
# something longer (an hour, a date, an address) is none.
NUMBER = re.compile(
    r"(?<![\w@.+/-])"
    r"(?:(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}|\d{10}|\+\d(?:[ .-]?\d){6,13})"
    r"(?![\w@/-])"
)


def dialed(number: str) -> str:
    """What a telephone dials of it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The words in their order, each number with the address that calls it, and all else with none."""
    at = 0
    for found in NUMBER.finditer(text):
        if text[at : found.start()]:
            yield text[at : found.start()], ""
        yield found[0], f"tel:{dialed(found[0])}"
        at = found.end()
    if text[at:]:
        yield text[at:], ""
