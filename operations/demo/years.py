"""The tallies of the sample years: a plausible spread, drawn from a hash so that every machine makes the same."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# For each list, how often a code is chosen, in percent; the rest is skipped, as it may be.
SHARES: dict[str, dict[str, int]] = {
    "concern": {
        "stress_anxiety_sleep": 24, "family": 19, "critical_incident": 14, "work": 11, "grief": 9,
        "alcohol_substance": 5, "health_injury": 5, "legal_disciplinary": 4, "finances": 3, "suicidal_thoughts": 3,
    },
    "mode": {"in_person": 41, "phone": 27, "text_chat": 12, "web_site": 14, "email": 3},
    "origin": {"self": 44, "peer": 26, "colleague_family": 14, "critical_incident": 9, "supervisor": 4, "clinician": 2},
    "receiver": {"sworn": 63, "professional_staff": 24, "family": 7, "retired": 4},
    "duration": {"under_30_min": 22, "30_to_60_min": 44, "1_to_2_h": 23, "over_2_h": 6},
    "response": {"within_1_h": 21, "within_24_h": 13, "within_72_h": 4, "later": 1},
    "referral": {
        "none_needed": 46, "assistance_program": 19, "agency_clinician": 12, "outside_therapist": 9, "chaplain": 5,
        "medical": 3, "legal_financial": 2,
    },
    "feedback": {"helped_again": 24, "helped_not_again": 3, "not_helped_again": 3, "not_helped_not_again": 1},
}  # fmt: skip
FIRST_CONTACTS = 62
SESSIONS = {"defusing": 14, "debriefing": 11}


@dataclass(frozen=True)
class SampleTally:
    is_first: bool
    is_first_referral: bool
    codes: dict[str, str]


def tallies(year: int, contacts: int) -> Iterator[SampleTally]:
    for number in range(contacts):
        drawn = {name: _draw(shares, year, number, name) for name, shares in SHARES.items()}
        is_first = _percent(year, number, "first") < FIRST_CONTACTS
        yield SampleTally(is_first, is_first, {name: code for name, code in drawn.items() if code})


def sessions(year: int) -> Iterator[str]:
    for code, count in SESSIONS.items():
        yield from [code] * (count + year % 3)


def _draw(shares: Mapping[str, int], *seed: object) -> str:
    percent, passed = _percent(*seed), 0
    for code, share in shares.items():
        passed += share
        if percent < passed:
            return code
    return ""


def _percent(*seed: object) -> int:
    """A number from 0 to 99 that depends on the arguments alone."""
    return int.from_bytes(hashlib.sha256(repr(seed).encode()).digest()[:4], "big") % 100
