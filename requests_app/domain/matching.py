"""Who may be offered a request, and in which order. Pure: a need and the peers go in, a ranking comes out.

Source of the hard rules: the program's description (without the involvement of supervisory personnel) and the
IACP peer support guidelines, 2016 (good standing, leave, choice of the receiver).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _
from peersupport.team.domain.attributes import Gender


class MatchReason(StrEnum):
    """Why this member is offered it; shown to that member alone."""

    WANTED = "wanted"
    LANGUAGE = "language"
    EXPERIENCE = "experience"
    KIND = "kind"
    GENDER = "gender"
    ON_CALL = "on_call"
    AVAILABLE = "available"
    TRAINED = "trained"


# What that member reads; for GENDER see GENDER_REASON_LABELS.
MATCH_REASON_LABELS: dict[MatchReason, str] = {
    MatchReason.WANTED: _("They asked to talk to you."),
    MatchReason.LANGUAGE: _("You speak the language they asked for."),
    MatchReason.EXPERIENCE: _("You've been through something like it."),
    MatchReason.KIND: _("They asked for someone in a role like yours."),
    MatchReason.ON_CALL: _("You're on call."),
    MatchReason.AVAILABLE: _("You're available right now."),
    MatchReason.TRAINED: _("You're current in the training this needs."),
}
GENDER_REASON_LABELS: dict[str, str] = {
    Gender.WOMAN: _("They'd rather talk to a woman."),
    Gender.MAN: _("They'd rather talk to a man."),
    Gender.NONBINARY: _("They'd rather talk to someone non-binary."),
}

# Each reason counts once. Being wanted outweighs all the others together; language outweighs those that an officer
# doesn't ask for (the week's draw, availability). Experience itself has no weight: see `is_drawn`.
WEIGHTS: dict[MatchReason, int] = {
    MatchReason.WANTED: 1000,
    MatchReason.LANGUAGE: 300,
    MatchReason.GENDER: 90,
    MatchReason.KIND: 90,
    MatchReason.ON_CALL: 50,
    MatchReason.AVAILABLE: 50,
    MatchReason.EXPERIENCE: 0,
    MatchReason.TRAINED: 0,  # a member who isn't trained isn't offered it at all
}
# More than being available (50): whoever isn't drawn, and nobody with "not now" is, comes after those who are, also in
# their hours. Less than a wish (90). As much as three open contacts, so that the busy are spared soon.
DRAWN = 60
PER_OPEN_CONTACT = -20

# How many are drawn each week for a concern. Whoever sees all draws of a week must not come to believe in a "not now"
# or an experience by more than 0.05: a likelihood ratio of 1.22 at most. It is 1 / (1 - 1/6) = 1.2 for "not now", and
# (1/6) / (1/7) = 1.17 for an experience (docs/decisions/0611-matching.md).
DRAWN_SHARE = 1 / 7
DRAWN_SHARE_WITH_EXPERIENCE = 1 / 6
FEWEST_FOR_A_DRAW = 5


class SoftRule(StrEnum):
    """A rule that can be left out when no peer passes."""

    UNIT = "unit"
    KIND = "kind"
    AGENCY = "agency"
    CAP = "cap"
    TRAINING = "training"


# Relaxed automatically, in this order. All else that keeps peers out is the officer's to waive.
RELAX_ORDER = (SoftRule.KIND, SoftRule.CAP)


class Waiver(StrEnum):
    """What only the officer can waive, when nobody can be offered the request."""

    NAMED = "named"  # only the peer they named, and nobody else
    TRAINING = "training"  # the training that the program requires for the concern
    SUPERVISORS = "supervisors"  # no supervisors
    NAMES = "names"  # not these members: excluded by name, or had it before
    UNIT = "unit"  # not from this unit
    AGENCY = "agency"  # only from another agency


# The waivers that are kept on the card as rules that are left out.
WAIVED_RULES: dict[Waiver, SoftRule] = {
    Waiver.TRAINING: SoftRule.TRAINING,
    Waiver.UNIT: SoftRule.UNIT,
    Waiver.AGENCY: SoftRule.AGENCY,
}


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the officer asked for about their peer. Every part may be empty.

    wanted: id of the member they would rather talk to; without anyone_else, the only one who is offered it.
    excluded_members: ids of members. excluded_unit: the name of a unit. language, kind, gender: codes.
    """

    wanted: int | None = None
    anyone_else: bool = True
    excluded_members: frozenset[int] = frozenset()
    excluded_unit: str = ""
    other_agency: bool = False
    supervisor_ok: bool = False
    language: str = ""
    kind: str = ""
    gender: str = ""

    @property
    def is_for_named_peer_only(self) -> bool:
        """Whether it may go to the peer they named and to nobody else."""
        return self.wanted is not None and not self.anyone_else


@dataclass(frozen=True, kw_only=True)
class Need(Wishes):
    """What a request needs: the officer's wishes, and what its concern demands.

    tie_seed: random bytes of this request. They order equals differently for each request, so no history is needed.
    draw_seed: secret bytes of this concern and week, for the week's draw; empty where there is none.
    is_now: it is offered to everyone on call at once.
    required_subjects: training that the concern demands.
    experiences: those that come close to the concern. drawn_experiences: those that count in this week's draw.
    over_cap: how many contacts beyond their own cap a member may be given.
    """

    tie_seed: bytes
    draw_seed: bytes = b""
    is_now: bool = False
    concern: str = ""
    required_subjects: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()
    drawn_experiences: frozenset[str] = frozenset()
    over_cap: int = 0


@dataclass(frozen=True)
class Peer:
    """A member who can serve (see peersupport.team.queries.eligibility), as matching sees them.

    cap: how many open contacts they are willing to carry. not_now: codes of concerns they would rather not take now.
    is_asked_by_name: whether an officer may ask for them by name.
    """

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
    is_asked_by_name: bool = True


@dataclass(frozen=True)
class Ranked:
    """A peer who may be offered the request. Higher scores come first."""

    member_id: int
    score: int
    reasons: tuple[MatchReason, ...]


def may_be_offered(need: Need, peer: Peer) -> bool:
    """Whether the rules let this peer be offered the request. Rules to relax are relaxed in the need (see `relax`).

    Naming a member accepts their unit, kind, agency, rank and cap; excluded_members applies even so. What a member
    tells only the matching excludes nobody: whoever sees who is asked could read it off (see `is_drawn`).
    """
    is_wanted = peer.member_id == need.wanted
    return (
        peer.member_id not in need.excluded_members
        and (is_wanted or need.anyone_else or need.wanted is None)
        and need.required_subjects <= peer.subjects
        and has_room(peer, wanted=need.wanted, over_cap=need.over_cap)
        and (is_wanted or _meets_preferences(need, peer))
    )


def has_room(peer: Peer, *, wanted: int | None, over_cap: int) -> bool:
    """Whether this peer can take one more. The peer whom the officer wants is asked beyond their cap, or not at all."""
    if peer.member_id == wanted:
        return peer.is_asked_by_name
    return peer.open_contacts < peer.cap + over_cap


def is_drawn(need: Need, peer: Peer) -> bool:
    """Whether the week's draw for this concern puts this peer before their equals.

    Nothing else depends on a member's "not now" and experiences, so asking again in the same week shows nothing new,
    however often.
    """
    if not need.draw_seed or need.concern in peer.not_now:
        return False
    has_experience = bool(need.drawn_experiences & peer.experiences)
    lot = int.from_bytes(_tie_breaker(need.draw_seed, peer.member_id), "big") / 2**256
    return lot < (DRAWN_SHARE_WITH_EXPERIENCE if has_experience else DRAWN_SHARE)


def _meets_preferences(need: Need, peer: Peer) -> bool:
    return (
        (need.supervisor_ok or not peer.is_supervisor)
        and not (need.excluded_unit and peer.unit.strip().casefold() == need.excluded_unit.strip().casefold())
        and (bool(peer.agency) or not need.other_agency)
        and (not need.kind or peer.kind == need.kind)
    )


def rank(need: Need, peers: Iterable[Peer]) -> list[Ranked]:
    """All peers who may be offered it, best first. Independent of the order of `peers`: the seed orders equals."""
    ranked = [_ranked(need, peer) for peer in peers if may_be_offered(need, peer)]
    ranked.sort(key=lambda peer: (-peer.score, _tie_breaker(need.tie_seed, peer.member_id)))
    return ranked


def shortlist(need: Need, peers: Iterable[Peer], limit: int) -> list[int]:
    """The ids of at most `limit` peers to seal the request to, best first.

    Up to half are reserved for peers who are on call soon; for "now", as many as it takes for those on call.
    """
    peers = list(peers)
    ranked = [peer.member_id for peer in rank(need, peers)]
    on_call = {peer.member_id for peer in peers if peer.is_on_call}
    soon = on_call | {peer.member_id for peer in peers if peer.is_on_call_soon}
    first = [member for member in ranked if need.is_now and member in on_call]
    half = [member for member in ranked if member in soon][: limit // 2]
    chosen = list(dict.fromkeys([*first, *half, *ranked]))[:limit]
    return [member for member in ranked if member in chosen]


def relax(need: Need, peers: Iterable[Peer]) -> tuple[Need, tuple[SoftRule, ...]]:
    """Relax as few rules as let anybody pass, in the order of RELAX_ORDER; none if relaxing all doesn't help.

    Returns the relaxed need and the rules. The need has no draw where fewer than five are as the officer asked for,
    before anything is relaxed.
    """
    peers = list(peers)
    if sum(_is_as_asked_for(need, peer) for peer in peers) < FEWEST_FOR_A_DRAW:
        need = replace(need, draw_seed=b"")
    for count in range(len(RELAX_ORDER) + 1):
        rules = RELAX_ORDER[:count]
        if _anybody_passes(need, rules, peers):
            for rule in rules:  # put back an earlier rule that made no difference
                fewer = tuple(other for other in rules if other != rule)
                rules = fewer if _anybody_passes(need, fewer, peers) else rules
            return without_rules(need, rules), rules
    return need, ()


def waivable(need: Need) -> tuple[Waiver, ...]:
    """What the officer could waive so that others are asked too; from the need alone, so it tells nothing of the team.

    Naming a member accepts their rank, so that for the named peer only, supervisors and names make no difference.
    """
    is_open = not need.is_for_named_peer_only
    applies = {
        Waiver.NAMED: not is_open,
        Waiver.TRAINING: bool(need.required_subjects),
        Waiver.SUPERVISORS: is_open and not need.supervisor_ok,
        Waiver.NAMES: is_open and bool(need.excluded_members),
        Waiver.UNIT: is_open and bool(need.excluded_unit),
        Waiver.AGENCY: is_open and need.other_agency,
    }
    return tuple(waiver for waiver, is_met in applies.items() if is_met)


def without_rules(need: Need, rules: Collection[str]) -> Need:
    """The need without these rules."""
    return replace(
        need,
        excluded_unit="" if SoftRule.UNIT in rules else need.excluded_unit,
        kind="" if SoftRule.KIND in rules else need.kind,
        other_agency=need.other_agency and SoftRule.AGENCY not in rules,
        over_cap=1 if SoftRule.CAP in rules else need.over_cap,
        required_subjects=frozenset() if SoftRule.TRAINING in rules else need.required_subjects,
    )


def reasons(need: Need, peer: Peer) -> tuple[MatchReason, ...]:
    """The reasons that speak for this peer, the weightiest first."""
    applies = {
        MatchReason.WANTED: peer.member_id == need.wanted,
        MatchReason.LANGUAGE: bool(need.language) and need.language in peer.languages,
        MatchReason.GENDER: bool(need.gender) and need.gender == peer.gender,
        MatchReason.KIND: bool(need.kind) and need.kind == peer.kind,
        MatchReason.ON_CALL: peer.is_on_call,
        MatchReason.AVAILABLE: peer.is_available and not peer.is_on_call,
        MatchReason.EXPERIENCE: bool(need.experiences & peer.experiences),
        MatchReason.TRAINED: bool(need.required_subjects) and need.required_subjects <= peer.subjects,
    }
    return tuple(reason for reason, is_met in applies.items() if is_met)


def _ranked(need: Need, peer: Peer) -> Ranked:
    speaking = reasons(need, peer)
    score = sum(WEIGHTS[reason] for reason in speaking) + PER_OPEN_CONTACT * peer.open_contacts
    return Ranked(peer.member_id, score + DRAWN * is_drawn(need, peer), speaking)


def _is_as_asked_for(need: Need, peer: Peer) -> bool:
    """Whether this peer may be offered it, not only because they were named, and has the language and gender wished."""
    return (
        may_be_offered(need, peer)
        and may_be_offered(replace(need, wanted=None), peer)
        and (not need.language or need.language in peer.languages)
        and need.gender in {"", peer.gender}
    )


def _anybody_passes(need: Need, rules: Collection[SoftRule], peers: Collection[Peer]) -> bool:
    relaxed = without_rules(need, rules)
    return any(may_be_offered(relaxed, peer) for peer in peers)


def _tie_breaker(tie_seed: bytes, member_id: int) -> bytes:
    return hashlib.sha256(tie_seed + member_id.to_bytes(8, "big")).digest()
