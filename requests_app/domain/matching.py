"""Who may be offered a request, and in which order. Pure: what is known goes in, a ranking comes out.

Source of the hard rules: the program's description (without the involvement of supervisory personnel) and the
IACP peer support guidelines, 2016 (good standing, leave, choice of the receiver).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why this member: shown to that member alone."""

    WANTED = "wanted"
    LANGUAGE = "language"
    EXPERIENCE = "experience"
    KIND = "kind"
    GENDER = "gender"
    AVAILABLE = "available"
    TRAINED = "trained"


REASON_LABELS: dict[Reason, str] = {
    Reason.WANTED: "They would rather talk to you than to anybody else.",
    Reason.LANGUAGE: "You speak the language they asked for.",
    Reason.EXPERIENCE: "You have lived through something like it.",
    Reason.KIND: "They asked for somebody who serves as you do.",
    Reason.GENDER: "They would rather talk to {gender}, as you are.",
    Reason.AVAILABLE: "You are on call, or in the hours you gave.",
    Reason.TRAINED: "You are current in the training that this needs.",
}

# Each reason counts once. Being wanted outweighs all else together; language, all that may go unsaid.
WEIGHTS: dict[Reason, int] = {
    Reason.WANTED: 1000,
    Reason.LANGUAGE: 300,
    Reason.EXPERIENCE: 120,
    Reason.GENDER: 90,
    Reason.KIND: 90,
    Reason.AVAILABLE: 50,
    Reason.TRAINED: 0,  # who is not is not asked at all
}
OF_EACH_OPEN_CONTACT = -20


class Yielded(StrEnum):
    """A rule that gave way because nobody passed."""

    UNIT = "unit"
    KIND = "kind"
    AGENCY = "agency"
    CAP = "cap"
    TRAINING = "training"


# Training gives way by the officer's press alone. Named members, supervisors and "not now" never do.
YIELD_ORDER = (Yielded.UNIT, Yielded.KIND, Yielded.AGENCY, Yielded.CAP)


class Widening(StrEnum):
    """What the officer alone may let go when nobody is left of those they would let it go to."""

    NAMED = "named"  # that it is for the one they named, and nobody else
    SUPERVISORS = "supervisors"
    NAMES = "names"  # whom they left out by name, or gave back


# What it changes of the need, and of the card.
WIDER: dict[Widening, dict[str, Any]] = {
    Widening.NAMED: {"wanted": None, "anyone_else": True},
    Widening.SUPERVISORS: {"supervisor_ok": True},
    Widening.NAMES: {"not_these": ()},
}


@dataclass(frozen=True)
class Need:
    """What the officer asked for. Every part may be empty.

    required_subjects: training that the concern demands. experiences: those that come near the concern.
    wanted: the member they would rather talk to; without anyone_else, the only one who is asked.
    over_cap: by how much a member may go beyond what they said they can carry. tie: random bytes of this request,
    which decide between equals differently for each request and so keep no history. is_now: everybody on call is asked
    at once.
    """

    tie: bytes
    is_now: bool = False
    concern: str = ""
    required_subjects: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()
    wanted: int | None = None
    anyone_else: bool = True
    not_these: frozenset[int] = frozenset()
    not_unit: str = ""
    other_agency: bool = False
    supervisor_ok: bool = False
    language: str = ""
    kind: str = ""
    gender: str = ""
    over_cap: int = 0


@dataclass(frozen=True)
class Peer:
    """A member who is active, designated, not on leave and has a confirmed key, as matching sees them."""

    member_id: int
    unit: str = ""
    agency: str = ""
    kind: str = ""
    gender: str = ""
    languages: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()
    is_supervisor: bool = False
    is_on_call: bool = False
    is_on_call_soon: bool = False
    is_available: bool = False
    open_contacts: int = 0
    cap: int = 3
    subjects: frozenset[str] = frozenset()
    not_now: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ranked:
    """One who may be offered it. A higher score comes first."""

    member_id: int
    score: int
    reasons: tuple[Reason, ...]


def may_be_offered(need: Need, peer: Peer) -> bool:
    """Whether the rules let this peer be asked. What gives way has done so in the need (see `yielded`).

    To name a member is to say yes to their unit, kind, agency and rank; "not these" holds all the same.
    """
    is_wanted = peer.member_id == need.wanted
    return (
        peer.member_id not in need.not_these
        and (is_wanted or need.anyone_else or need.wanted is None)
        and need.required_subjects <= peer.subjects
        and not (need.concern and need.concern in peer.not_now)
        and peer.open_contacts < peer.cap + need.over_cap
        and (is_wanted or _suits(need, peer))
    )


def _suits(need: Need, peer: Peer) -> bool:
    return (
        (need.supervisor_ok or not peer.is_supervisor)
        and not (need.not_unit and peer.unit.strip().casefold() == need.not_unit.strip().casefold())
        and (bool(peer.agency) or not need.other_agency)
        and (not need.kind or peer.kind == need.kind)
    )


def rank(need: Need, peers: Iterable[Peer]) -> list[Ranked]:
    """All who may be offered it, the same in whatever order they came. Equals are ordered by lot."""
    found = [_ranked(need, peer) for peer in peers if may_be_offered(need, peer)]
    found.sort(key=lambda ranked: (-ranked.score, _lot(need.tie, ranked.member_id)))
    return found


def shortlist(need: Need, peers: Iterable[Peer], places: int) -> list[int]:
    """The ranked ids for whom the words are sealed.

    Half the places go to those on call soon, where there are any; for "now", as many as it takes to those on call.
    """
    known = list(peers)
    ranked = [one.member_id for one in rank(need, known)]
    on_call = {peer.member_id for peer in known if peer.is_on_call}
    soon = on_call | {peer.member_id for peer in known if peer.is_on_call_soon}
    first = [member for member in ranked if need.is_now and member in on_call]
    half = [member for member in ranked if member in soon][: places // 2]
    kept = list(dict.fromkeys([*first, *half, *ranked]))[:places]
    return [member for member in ranked if member in kept]


def yielded(need: Need, peers: Iterable[Peer]) -> tuple[Need, tuple[Yielded, ...]]:
    """The need with as few rules given up as let anybody pass, in the stated order; unchanged where that is in vain."""
    known = list(peers)
    for count in range(len(YIELD_ORDER) + 1):
        rules = YIELD_ORDER[:count]
        if _anybody(need, rules, known):
            for rule in rules:  # an earlier rule that need not give way holds
                fewer = tuple(other for other in rules if other != rule)
                rules = fewer if _anybody(need, fewer, known) else rules
            return relaxed(need, rules), rules
    return need, ()


def lacks_only_training(need: Need, peers: Iterable[Peer]) -> bool:
    """Whether nobody passes because those who otherwise would are not current in the training."""
    known = list(peers)
    return (
        bool(need.required_subjects)
        and not _anybody(need, YIELD_ORDER, known)
        and _anybody(need, (*YIELD_ORDER, Yielded.TRAINING), known)
    )


def would_help(need: Need, peers: Iterable[Peer]) -> Widening | None:
    """What the officer could let go so that somebody may be asked; None where that is about schedules alone."""
    if need.wanted is not None and not need.anyone_else:
        return Widening.NAMED
    known = list(peers)
    if _anybody(need, YIELD_ORDER, known):
        return None
    ways = (Widening.SUPERVISORS, Widening.NAMES)
    return next((way for way in ways if _anybody(replace(need, **WIDER[way]), YIELD_ORDER, known)), None)


def relaxed(need: Need, rules: Collection[str]) -> Need:
    """The need without these rules."""
    return replace(
        need,
        not_unit="" if Yielded.UNIT in rules else need.not_unit,
        kind="" if Yielded.KIND in rules else need.kind,
        other_agency=need.other_agency and Yielded.AGENCY not in rules,
        over_cap=1 if Yielded.CAP in rules else need.over_cap,
        required_subjects=frozenset() if Yielded.TRAINING in rules else need.required_subjects,
    )


def reasons(need: Need, peer: Peer) -> tuple[Reason, ...]:
    """What speaks for this peer, the weightiest first."""
    speaks = {
        Reason.WANTED: peer.member_id == need.wanted,
        Reason.LANGUAGE: bool(need.language) and need.language in peer.languages,
        Reason.EXPERIENCE: bool(need.experiences & peer.experiences),
        Reason.GENDER: bool(need.gender) and need.gender == peer.gender,
        Reason.KIND: bool(need.kind) and need.kind == peer.kind,
        Reason.AVAILABLE: peer.is_available or peer.is_on_call,
        Reason.TRAINED: bool(need.required_subjects) and need.required_subjects <= peer.subjects,
    }
    return tuple(reason for reason, holds in speaks.items() if holds)


def _ranked(need: Need, peer: Peer) -> Ranked:
    found = reasons(need, peer)
    score = sum(WEIGHTS[reason] for reason in found) + OF_EACH_OPEN_CONTACT * peer.open_contacts
    return Ranked(peer.member_id, score, found)


def _anybody(need: Need, rules: Collection[Yielded], peers: Collection[Peer]) -> bool:
    given_up = relaxed(need, rules)
    return any(may_be_offered(given_up, peer) for peer in peers)


def _lot(tie: bytes, member_id: int) -> bytes:
    return hashlib.sha256(tie + member_id.to_bytes(8, "big")).digest()
