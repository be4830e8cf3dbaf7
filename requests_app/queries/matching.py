"""What matching works on: the peers who could take a request now, what a request needs, members' preferences."""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from peersupport.notices import queries as notices
from peersupport.program import vocabulary
from peersupport.sealing import envelope, keyring

from .. import models, vault
from ..domain import matching
from ..domain.card import Card
from ..domain.dispatch import FreePeers
from ..domain.experiences import EXPERIENCES_BY_CONCERN, drawn_experiences
from ..domain.matching import MatchReason, Need, Peer
from ..domain.outline import Outline
from ..domain.preferences import MemberPreferences, week_of
from ..domain.states import Urgency
from . import outlines
from .outlines import OpenNow
from .team_now import team_now
from .unsealing import damage_logged

# A member whose preferences can't be read may have set any concern to "not now".
DAMAGED = MemberPreferences(not_now=frozenset(vocabulary.CONCERN.codes))


def preferences_of(member_id: int) -> MemberPreferences:
    for _, body in _sealed_preferences([member_id]):
        return _unseal_preferences(member_id, body, keyring.known("matching"))
    return MemberPreferences()


def _sealed_preferences(member_ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Of those of these members who told any. In words of SQL, as in queries/marks.py."""
    places, table = ", ".join(["%s"] * len(member_ids)), models.MatchingPreferences._meta.db_table
    if not member_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT member_id, body FROM {table} WHERE member_id IN ({places})", member_ids)  # noqa: S608  # nosec B608
        return [(member_id, bytes(body)) for member_id, body in cursor.fetchall()]


def _unseal_preferences(member_id: int, body: bytes, secrets: tuple[bytes, ...]) -> MemberPreferences:
    with damage_logged():
        return vault.open_preferences(secrets, member_id, body)
    return DAMAGED


def serving_peers(now: datetime, *, excluding: Collection[int] = (), rows: OpenNow | None = None) -> list[Peer]:
    """Everyone who serves, except these members, with their open contacts and without their matching preferences.

    rows: what is open, where somebody has read that already. Takes a constant number of queries.
    """
    load = (rows or outlines.open_now()).contacts(now)
    peers = team_now(now).peers.values()
    return [
        replace(peer, open_contacts=load[peer.member_id]) if load[peer.member_id] else peer
        for peer in peers
        if peer.member_id not in excluding
    ]


def with_preferences(peers: Iterable[Peer], now: datetime) -> list[Peer]:
    """These peers with what they told only the matching, which is opened for this and never kept."""
    told, week = list(peers), week_of(timezone.localdate(now))
    secrets = keyring.known("matching")
    sealed = _sealed_preferences([peer.member_id for peer in told])
    preferences = {id_: _unseal_preferences(id_, body, secrets).in_week(week) for id_, body in sealed}
    return [
        replace(peer, not_now=own.not_now, experiences=own.experiences)
        if (own := preferences.get(peer.member_id))
        else peer
        for peer in told
    ]


def free_peers(peers: list[Peer], outline: Outline) -> FreePeers:
    """Which of them have room for this request now."""
    free = [peer for peer in peers if matching.has_room(peer, wanted=outline.wanted, over_cap=outline.over_cap)]
    return FreePeers(
        everyone={peer.member_id for peer in free},
        on_call={peer.member_id for peer in free if peer.is_on_call},
        available={peer.member_id for peer in free if peer.is_available},
    )


def need_of(card: Card, request_id: UUID, now: datetime) -> Need:
    """What the card asks for, without the rules that were relaxed for it.

    now: the same as for `serving_peers`. The draw of one week with the preferences of another would show a change.
    """
    return _need(card, request_id, team_now(now).required, now)


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
    team = team_now(now)
    if not cards or member_id not in team.peers:
        return dict.fromkeys(cards, ())
    (peer,) = with_preferences([team.peers[member_id]], now)
    return {id_: matching.reasons(_need(card, id_, team.required, now), peer) for id_, card in cards.items()}


def is_now_available(now: datetime) -> bool:
    """Whether "now" can be offered: somebody who serves is on call and has a phone alert."""
    return bool(notices.reachable_by_phone(team_now(now).alertable))
