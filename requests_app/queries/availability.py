"""Who could take a request at this moment, as matching sees them; and what keeps requests waiting."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone

from peersupport.incidents import queries
from peersupport.notices import queries as notices
from peersupport.program import vocabulary
from peersupport.sealing import keyring
from peersupport.team.models import Member
from peersupport.team.queries import availability, members
from training.queries import subjects as training

from .. import models, vault
from ..domain import matching
from ..domain import wait_reasons as explaining
from ..domain.dispatch import Ready
from ..domain.escalation import Times
from ..domain.experiences import OF_CONCERN
from ..domain.matching import Need, Peer, Reason
from ..domain.routing import Routing, is_overdue
from ..domain.states import State, Urgency
from .unsealing import damage_is_noted, open_requests

SOON = timedelta(hours=48)  # those on call until then get places first
ASKED_AS_TYPED = ("wanted", "anyone_else", "not_unit", "other_agency", "supervisor_ok", "language", "kind", "gender")


@dataclass(frozen=True)
class Preferences:
    """What a member has told the matching alone: concerns they would rather not take now, what they lived through."""

    not_now: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()


# Nobody is asked about what they may have set to "not now".
DAMAGED = Preferences(not_now=frozenset(vocabulary.CONCERN.codes))


@dataclass(frozen=True)
class WaitingSummary:
    """How many wait, and what would help: numbers, and what holds of the whole team.

    waiting: asked and not accepted yet. unanswered: accepted, and the peer has not written yet. overdue: of both.
    """

    waiting: int
    unanswered: int
    overdue: int
    nobody_left: int
    on_call: int
    serving: int
    free: int
    causes: tuple[explaining.Explained, ...]

    @property
    def is_anybody_waiting(self) -> bool:
        return bool(self.waiting or self.unanswered or self.nobody_left)

    @property
    def is_anybody_waiting_too_long(self) -> bool:
        return bool(self.nobody_left or self.overdue)

    @property
    def sentences(self) -> list[str]:
        """The same words wherever somebody reads how it stands."""
        found = []
        if self.nobody_left:
            waits = "request waits" if self.nobody_left == 1 else "requests wait"
            found.append(f"{_many(self.nobody_left)} {waits} and nobody is left to ask.")
        if self.overdue:
            waited = (
                "request has waited longer than it" if self.overdue == 1 else "requests have waited longer than they"
            )
            found.append(f"{_many(self.overdue)} {waited} should.")
        if not found and self.is_anybody_waiting:
            found.append(_none_too_long(self.waiting + self.unanswered))
        return found or ["Nobody who asked for support is waiting."]


def _none_too_long(number: int) -> str:
    if number == 1:
        return "One waits for an answer, and has not waited too long."
    return f"{_many(number)} wait for an answer; none has waited too long."


def _many(number: int) -> str:
    return str(apnumber(number)).capitalize()


def settings_now() -> models.RequestSettings:
    """The times the program has set; its defaults where nobody has set any."""
    return models.RequestSettings.objects.filter(pk=1).first() or models.RequestSettings(pk=1)


def times() -> Times:
    return settings_now().times


def sharing_of(member: Member) -> Preferences:
    row = models.MatchingPreferences.objects.filter(pk=member.pk).first()
    return _sharing(row, keyring.lasting("matching")) if row else Preferences()


def _sharing(row: models.MatchingPreferences, secret: bytes) -> Preferences:
    with damage_is_noted():
        raw = vault.open_sharing(secret, row.pk, bytes(row.body))
        return Preferences(**{field.name: frozenset(raw[field.name]) for field in fields(Preferences)})
    return DAMAGED


def peers(now: datetime, *, but_not: Collection[int] = ()) -> list[Peer]:
    """Everyone who serves, but for these, as matching sees them.

    A constant number of queries, and one look at each open request.
    """
    today = timezone.localdate(now)
    subjects = training.subjects_held(today)
    reachable, caps = availability.reachable(now, SOON), queries.raised_caps(today)
    secret = keyring.lasting("matching")
    told = {row.pk: _sharing(row, secret) for row in models.MatchingPreferences.objects.all()}
    load = Counter(
        request.routing.peer.member_id
        for request in open_requests()
        if request.routing.peer and request.routing.counts_for_cap(now)
    )
    return [
        Peer(
            member_id=member.pk,
            unit=member.unit,
            agency=member.agency,
            kind=member.kind,
            is_supervisor=member.is_supervisor or member.user.is_coordinator,
            gender=member.gender,
            languages=frozenset(member.languages),
            is_on_call=member.pk in reachable.on_call,
            is_on_call_soon=member.pk in reachable.on_call_soon,
            is_available=member.pk in reachable.available,
            open_contacts=load[member.pk],
            cap=caps.cap_of(member.pk, member.cap),
            subjects=subjects.get(member.pk, frozenset()),
            not_now=told.get(member.pk, Preferences()).not_now,
            experiences=told.get(member.pk, Preferences()).experiences,
        )
        for member in members.serving(today)
        if member.pk not in but_not
    ]


def ready(known: list[Peer], routing: Routing) -> Ready:
    """Who of them could take this request now, as far as its routing tells."""
    able = [peer for peer in known if peer.open_contacts < peer.cap + routing.over_cap]
    return Ready(
        able={peer.member_id for peer in able},
        on_call={peer.member_id for peer in able if peer.is_on_call},
        available={peer.member_id for peer in able if peer.is_available},
    )


def need_of(card: Mapping[str, Any], request_id: UUID) -> Need:
    """What the card asks for, less what has given way."""
    return _need(card, request_id, training.required_by_concern())


def _need(card: Mapping[str, Any], request_id: UUID, required: Mapping[str, frozenset[str]]) -> Need:
    concern = card["concern"]
    asked_for = Need(
        tie=request_id.bytes,
        is_now=card["urgency"] == Urgency.NOW,
        concern=concern,
        required_subjects=required.get(concern, frozenset()),
        experiences=OF_CONCERN.get(concern, frozenset()),
        not_these=frozenset(card["not_these"]),
        **{name: card[name] for name in ASKED_AS_TYPED},
    )
    return matching.relaxed(asked_for, card.get("yielded", ()))


def reasons_of(
    member_id: int, cards: Mapping[UUID, Mapping[str, Any]], now: datetime
) -> dict[UUID, tuple[Reason, ...]]:
    """Why this member is asked, for each request: for them alone, worked out when they look and kept nowhere."""
    peer = next((peer for peer in peers(now) if peer.member_id == member_id), None) if cards else None
    if peer is None:
        return dict.fromkeys(cards, ())
    required = training.required_by_concern()
    return {id_: matching.reasons(_need(card, id_, required), peer) for id_, card in cards.items()}


def now_is_offered(now: datetime) -> bool:
    """Whether somebody could be rung at once: somebody who serves, is on call, and has set a way to be rung."""
    serving = dict(
        members.serving(timezone.localdate(now)).filter(pk__in=availability.on_call_at(now)).values_list("user", "pk")
    )
    return bool(notices.with_bell(serving))


def causes(now: datetime) -> tuple[explaining.Explained, ...]:
    """What keeps requests waiting, as far as the team explains it; nothing of any request."""
    return _causes(peers(now), now)


def _causes(known: list[Peer], now: datetime) -> tuple[explaining.Explained, ...]:
    users = dict(members.serving(timezone.localdate(now)).values_list("user", "pk"))
    found = explaining.causes(
        known,
        rung={users[user_id] for user_id in notices.with_bell(users)},
        required={subject.code: subject.name for subject in training.subjects_in_use() if subject.required_for},
    )
    return tuple(found)


def waiting_summary(now: datetime) -> WaitingSummary:
    """For those who keep the program running: how many wait, never who or what about."""
    routings = [request.routing for request in open_requests()]
    known = peers(now)
    return WaitingSummary(
        waiting=sum(routing.state == State.OFFERED for routing in routings),
        unanswered=sum(routing.state == State.ACCEPTED and not routing.is_answered for routing in routings),
        overdue=sum(is_overdue(routing, now) for routing in routings),
        nobody_left=sum(routing.state in {State.NOBODY, State.PEER_LOST} for routing in routings),
        on_call=sum(peer.is_on_call for peer in known),
        serving=len(known),
        free=sum(peer.open_contacts < peer.cap for peer in known),
        causes=_causes(known, now),
    )
