"""Numbers in sentences: words from one to nine, otherwise figures (AP style)."""

from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst


def in_words(number: int) -> str:
    """A number as a sentence has it: "one" to "nine", then "10" and so on."""
    return str(apnumber(number))


def with_number(sentence: str, number: int) -> str:
    """A sentence or label with its "%(number)s" in words, which may come first: "Two members are asking for a call"."""
    return str(capfirst(sentence % {"number": in_words(number)}))


def plural_of(amount: Decimal | float) -> int:
    """The whole number that decides between singular and plural; a fraction takes the plural."""
    return int(amount) if amount == int(amount) else 2
