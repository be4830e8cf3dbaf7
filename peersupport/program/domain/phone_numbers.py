"""Telephone numbers in text that somebody typed."""

import re
from collections.abc import Iterator

# As written in North America (NANP), with or without the area code, or in international form with a plus. Digits that
# are part of something longer (hours, a date, an e-mail address) are not a number.
NUMBER = re.compile(
    r"(?<![\w@.+/-])"
    r"(?:(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}|\d{10}|\+\d(?:[ .-]?\d){6,13})"
    r"(?![\w@/-])"
)


def dialed(number: str) -> str:
    """The digits of the number, and its plus, as a `tel:` link has them."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def split_at_numbers(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, in order: each number with its `tel:` link, everything else with an empty string."""
    at = 0
    for match in NUMBER.finditer(text):
        if text[at : match.start()]:
            yield text[at : match.start()], ""
        yield match[0], f"tel:{dialed(match[0])}"
        at = match.end()
    if text[at:]:
        yield text[at:], ""
