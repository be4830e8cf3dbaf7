"""What matching works on: the peers who could take a request now, what a request needs, members' preferences."""

import hmac
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from peersupport.incidents import queries as incidents
from peersupport.notices import queries as notices
from peersupport.program import vocabulary
from peersupport.sealing import envelope, keyring
from peersupport.team.queries import availability, eligibility
from training.queries import subjects as training

from .. import models, vault
from ..domain import matching
from ..domain.card import Card
from ..domain.dispatch import FreePeers
from ..domain.experiences import EXPERIENCES_BY_CONCERN, drawn_experiences
from ..domain.matching import MatchReason, Need, Peer
from ..domain.preferences import MemberPreferences, week_of
from ..domain.routing import Routing
from ..domain.states import Urgency
from .unsealing import damage_logged, open_requests

SOON = timedelta(hours=48)  # recipients are reserved for those on call within this time
# A member whose preferences can't be read may have set any concern to "not now".
DAMAGED = MemberPreferences(not_now=frozenset(vocabulary.CONCERN.codes))


def preferences_of(member_id: int) -> MemberPreferences:
    row = models.MatchingPreferences.objects.filter(pk=member_id).first()
    return _unseal_preferences(row, keyring.known("matching")) if row else MemberPreferences()


def _unseal_preferences(row: models.MatchingPreferences, secrets: tuple[bytes, ...]) -> MemberPreferences:
    with damage_logged():
        return vault.open_preferences(secrets, row.pk, bytes(row.body))
    return DAMAGED


def serving_peers(now: datetime, *, excluding: Collection[int] = ()) -> list[Peer]:
    """Everyone who serves, except these members, as matching sees them.

    Takes a constant number of queries, and unseals each open request once.
    """
    today = timezone.localdate(now)
    subjects = training.current_subjects(today)
    reachable, caps = availability.reachable(now, SOON), incidents.cap_raise_on(today)
    secrets = keyring.known("matching")
    rows = models.MatchingPreferences.objects.all()
    preferences = {row.pk: _unseal_preferences(row, secrets).in_week(week_of(today)) for row in rows}
    load = Counter(
        request.routing.peer.member_id
        for request in open_requests()
        if request.routing.peer and request.routing.counts_toward_cap(now)
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
            is_available=member.pk in reachable.in_hours,
            open_contacts=load[member.pk],
            cap=caps.cap_of(member.pk, member.cap),
            subjects=subjects.get(member.pk, frozenset()),
            not_now=preferences.get(member.pk, MemberPreferences()).not_now,
            experiences=preferences.get(member.pk, MemberPreferences()).experiences,
            is_asked_by_name=member.is_asked_by_name,
        )
        for member in eligibility.members_who_can_serve(today)
        if member.pk not in excluding
    ]


def free_peers(peers: list[Peer], routing: Routing) -> FreePeers:
    """Which of them have room for this request now, as far as its routing says."""
    free = [peer for peer in peers if matching.has_room(peer, wanted=routing.wanted, over_cap=routing.over_cap)]
    return FreePeers(
        everyone={peer.member_id for peer in free},
        on_call={peer.member_id for peer in free if peer.is_on_call},
        available={peer.member_id for peer in free if peer.is_available},
    )


def need_of(card: Card, request_id: UUID, now: datetime) -> Need:
    """What the card asks for, without the rules that were relaxed for it.

    now: the same as for `serving_peers`. The draw of one week with the preferences of another would show a change.
    """
    return _need(card, request_id, training.required_by_concern(), now)


def _need(card: Card, request_id: UUID, required: Mapping[str, frozenset[str]], now: datetime) -> Need:
    week = week_of(timezone.localdate(now))
    need = Need(
        tie_seed=request_id.bytes,
        draw_seed=_draw_seed(card.concern, week) if card.concern else b"",
        is_now=card.urgency == Urgency.NOW,
        concern=card.concern,
        required_subjects=required.get(card.concern, frozenset()),
        experiences=EXPERIENCES_BY_CONCERN.get(card.concern, frozenset()),
        drawn_experiences=drawn_experiences(card.concern, week),
        wanted=card.wanted,
        anyone_else=card.anyone_else,
        excluded_members=card.excluded_members,
        excluded_unit=card.excluded_unit,
        other_agency=card.other_agency,
        supervisor_ok=card.supervisor_ok,
        language=card.language,
        kind=card.kind,
        gender=card.gender,
    )
    return matching.without_rules(need, card.relaxed_rules)


def _draw_seed(concern: str, week: int) -> bytes:
    """The seed of the week's draw. Without the lasting secret nobody can tell who is drawn, nor who will be."""
    return hmac.digest(keyring.lasting("draw"), envelope.context("draw", concern, week), "sha256")


def match_reasons(member_id: int, cards: Mapping[UUID, Card], now: datetime) -> dict[UUID, tuple[MatchReason, ...]]:
    """Why this member is offered each request; for them alone, worked out on each view and stored nowhere."""
    peer = next((peer for peer in serving_peers(now) if peer.member_id == member_id), None) if cards else None
    if peer is None:
        return dict.fromkeys(cards, ())
    required = training.required_by_concern()
    return {id_: matching.reasons(_need(card, id_, required, now), peer) for id_, card in cards.items()}


def is_now_available(now: datetime) -> bool:
    """Whether "now" can be offered: somebody who serves is on call and has a phone alert."""
    serving = dict(
        eligibility.members_who_can_serve(timezone.localdate(now))
        .filter(pk__in=availability.on_call_at(now))
        .values_list("user", "pk")
    )
    return bool(notices.reachable_by_phone(serving))
