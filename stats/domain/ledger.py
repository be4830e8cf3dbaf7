"""A year's counters, in a fixed order and of a fixed length, and which of them a tally adds to. Pure."""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _
from peersupport.program.vocabulary import (
    CONTACT_LEVEL,
    FEEDBACK,
    GROUP,
    PERSON_LEVEL,
    REFERRAL,
    VOCABULARIES,
    Vocabulary,
)


class CounterId(NamedTuple):
    vector: str
    code: str


PERSONS = CounterId("persons", "all")
CONTACTS = CounterId("contacts", "all")
TOTALS = (PERSONS, CONTACTS)
COUNTERS: tuple[CounterId, ...] = (
    *TOTALS,
    *(CounterId(vector.name, code) for vector in VOCABULARIES.values() for code in vector.codes),
)
CONTACT_LISTS = {vector.name: vector for vector in (*PERSON_LEVEL, *CONTACT_LEVEL)}

# Layout: format, whether the year is partial, a digest of the lists it counts by, then each counter.
FORMAT = 1
LISTS_DIGEST = hashlib.sha256("\n".join(f"{c.vector}:{c.code}" for c in COUNTERS).encode()).digest()[:8]
LAYOUT = struct.Struct(f">B?8s{len(COUNTERS)}q")
SIZE = 512  # bytes that the encoding is padded to when sealed; room for lists to grow


@dataclass(frozen=True)
class Ledger:
    """A year's counters, noise included, in the order of COUNTERS. Raises Refused ("damaged") for another number.

    is_partial: part of the year was not counted.
    """

    values: tuple[int, ...]
    is_partial: bool = False

    def __post_init__(self) -> None:
        if len(self.values) != len(COUNTERS):
            raise Refused(_("The counters of this year are incomplete."), code="damaged")

    def add(self, *counters: CounterId) -> "Ledger":
        """A copy with each of these counters one higher; a counter given twice goes up by two."""
        values = list(self.values)
        for counter in counters:
            values[COUNTERS.index(counter)] += 1
        return replace(self, values=tuple(values))

    def by_counter(self) -> dict[CounterId, int]:
        return dict(zip(COUNTERS, self.values, strict=True))

    def encode(self) -> bytes:
        """LAYOUT.size bytes, whatever was counted."""
        return LAYOUT.pack(FORMAT, self.is_partial, LISTS_DIGEST, *self.values)

    @classmethod
    def decode(cls, data: bytes) -> "Ledger":
        """The ledger in these bytes. Raises Refused ("damaged", or "other_lists" if it was not counted by today's)."""
        if len(data) != LAYOUT.size or data[0] != FORMAT:
            raise Refused(_("The counters of this year can't be read."), code="damaged")
        __, is_partial, digest, *values = LAYOUT.unpack(data)
        if digest != LISTS_DIGEST:
            raise Refused(_("The counters of this year were made for other lists than today's."), code="other_lists")
        return cls(tuple(values), is_partial)


def counters_for_contact(
    *, first_this_year: bool, first_referral: bool, codes: Mapping[str, str]
) -> tuple[CounterId, ...]:
    """The counters that a tally of one contact adds 1 to.

    codes: list name -> code; an empty code is a skipped question. Codes that do not count at this contact are left
    out: a person's codes at any contact but the first of the year, the referral at any but the person's first of the
    year, as far as the peer knows. Raises Refused ("unknown_list", "two_codes", "unknown_code").
    """
    answers = {name: code for name, code in codes.items() if code}
    for name, code in answers.items():
        _refuse_unknown(name, code)
    person_level = {vector.name for vector in PERSON_LEVEL if vector != REFERRAL} if first_this_year else set()
    referral = {REFERRAL.name} if first_referral else set()
    counted = person_level | referral | {vector.name for vector in CONTACT_LEVEL}
    return (
        *((PERSONS,) if first_this_year else ()),
        CONTACTS,
        *(CounterId(name, answers[name]) for name in CONTACT_LISTS if name in answers and name in counted),
    )


def counter_for_group_session(code: str) -> CounterId:
    """The counter of one group session. Raises Refused ("unknown_code")."""
    return _counter(GROUP, code, _("That kind of group session isn't on the list. Nothing was counted."))


def counter_for_feedback(code: str) -> CounterId:
    """The counter of one officer's feedback. Raises Refused ("unknown_code")."""
    return _counter(FEEDBACK, code, _("That answer isn't on the list. Nothing was counted."))


def _counter(vector: Vocabulary, code: str, sentence: str) -> CounterId:
    if code not in vector.codes:
        raise Refused(sentence, code="unknown_code")
    return CounterId(vector.name, code)


def _refuse_unknown(name: str, code: object) -> None:
    if name not in CONTACT_LISTS:
        raise Refused(_("Contacts aren't counted by that list. Nothing was counted."), code="unknown_list")
    if not isinstance(code, str):
        raise Refused(_("Choose at most one answer from each list. Nothing was counted."), code="two_codes")
    if code not in CONTACT_LISTS[name].codes:
        raise Refused(_("One of the answers isn't on its list. Nothing was counted."), code="unknown_code")
