"""What an entry of the audit log is about, as it is stored: kinds and numbers such as "session:3:member:12"."""

from collections import defaultdict
from collections.abc import Iterable

MOST_DIGITS = 18  # the number of any row has fewer


def parts(about: str) -> list[tuple[str, str]]:
    """ "session:3:member:12" as pairs; empty for what is written in another way."""
    words = about.split(":")
    return list(zip(words[::2], words[1::2], strict=True)) if len(words) % 2 == 0 else []


def numbers(abouts: Iterable[str]) -> dict[str, set[int]]:
    """The numbers of each kind in all of these."""
    found: dict[str, set[int]] = defaultdict(set)
    for about in abouts:
        for kind, number in parts(about):
            if number.isdecimal() and len(number) <= MOST_DIGITS:
                found[kind].add(int(number))
    return found
