"""The counters of a year, in their fixed order and fixed length, and what one tally adds to them. Pure."""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from peersupport.core.errors import Refused
from peersupport.program.vocabulary import (
    CONTACT_LEVEL,
    FEEDBACK,
    GROUP,
    PERSON_LEVEL,
    REFERRAL,
    VOCABULARIES,
    Vocabulary,
)


class Counter(NamedTuple):
    vector: str
    code: str


PERSONS = Counter("persons", "all")
CONTACTS = Counter("contacts", "all")
TOTALS = (PERSONS, CONTACTS)
COUNTERS: tuple[Counter, ...] = (
    *TOTALS,
    *(Counter(vector.name, code) for vector in VOCABULARIES.values() for code in vector.codes),
)
TALLIED = {vector.name: vector for vector in (*PERSON_LEVEL, *CONTACT_LEVEL)}

# Layout: format, whether the year was opened late, a mark of the lists it counts by, then each counter.
FORMAT = 1
LISTS = hashlib.sha256("\n".join(f"{c.vector}:{c.code}" for c in COUNTERS).encode()).digest()[:8]
LAYOUT = struct.Struct(f">B?8s{len(COUNTERS)}q")
SIZE = 512  # what the encoding is padded to when it is sealed; room for lists that grow


@dataclass(frozen=True)
class Ledger:
    """A year's counters, noise included. `is_partial` says that something of the year was not counted."""

    values: tuple[int, ...]
    is_partial: bool = False

    def __post_init__(self) -> None:
        if len(self.values) != len(COUNTERS):
            raise Refused("The counters of this year are incomplete.", code="damaged")

    def add(self, *counters: Counter) -> "Ledger":
        """One more in each of these counters."""
        values = list(self.values)
        for counter in counters:
            values[COUNTERS.index(counter)] += 1
        return replace(self, values=tuple(values))

    def by_counter(self) -> dict[Counter, int]:
        return dict(zip(COUNTERS, self.values, strict=True))

    def encode(self) -> bytes:
        """Always the same length, whatever was counted."""
        return LAYOUT.pack(FORMAT, self.is_partial, LISTS, *self.values)

    @classmethod
    def decode(cls, data: bytes) -> "Ledger":
        """Raises Refused when these are not a year's counters, or were counted by other lists."""
        if len(data) != LAYOUT.size or data[0] != FORMAT:
            raise Refused("The counters of this year cannot be read.", code="damaged")
        _, is_partial, lists, *values = LAYOUT.unpack(data)
        if lists != LISTS:
            raise Refused(
                "The counters of this year belong to other lists than today's.",
                code="other_lists",
            )
        return cls(tuple(values), is_partial)


def counted(*, first_this_year: bool, first_referral: bool, codes: Mapping[str, str]) -> tuple[Counter, ...]:
    """The counters that a tally of one contact adds 1 to. Raises Refused for a code that is on no list.

    A code that the rule does not count here is left out: a person's codes at any contact but the first of the
    year, the referral at any but the person's first, as far as the peer knows. An empty code is a skip.
    """
    given = {name: code for name, code in codes.items() if code}
    for name, code in given.items():
        _refuse_unknown(name, code)
    persons = {vector.name for vector in PERSON_LEVEL if vector != REFERRAL} if first_this_year else set()
    referral = {REFERRAL.name} if first_referral else set()
    counts_here = persons | referral | {vector.name for vector in CONTACT_LEVEL}
    return (
        *((PERSONS,) if first_this_year else ()),
        CONTACTS,
        *(Counter(name, given[name]) for name in TALLIED if name in given and name in counts_here),
    )


def counted_group(code: str) -> Counter:
    """The counter of one group session. Raises Refused for a code that is not on its list."""
    return _listed(GROUP, code, "That kind of group session is not on the list. Nothing was counted.")


def counted_feedback(code: str) -> Counter:
    """The counter of what one officer said at the end. Raises Refused for a code that is not on its list."""
    return _listed(FEEDBACK, code, "That answer is not on the list. Nothing was counted.")


def _listed(vector: Vocabulary, code: str, sentence: str) -> Counter:
    if code not in vector.codes:
        raise Refused(sentence, code="unknown_code")
    return Counter(vector.name, code)


def _refuse_unknown(name: str, code: object) -> None:
    if name not in TALLIED:
        raise Refused("A contact is not counted by that list. Nothing was counted.", code="unknown_list")
    if not isinstance(code, str):
        raise Refused("One contact takes at most one answer of each list. Nothing was counted.", code="two_codes")
    if code not in TALLIED[name].codes:
        raise Refused("One of the answers is not on its list. Nothing was counted.", code="unknown_code")
