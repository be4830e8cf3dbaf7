from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from requests_app import vault
from requests_app.domain import half_hours, outline, routing
from requests_app.domain.escalation import time_to_first_answer
from requests_app.domain.routing import NotPossible, Recipient, Routing
from requests_app.domain.states import MAX_RECIPIENTS, MOVES, RecipientStatus, RequestState, Urgency
from tests.requests_app.routings import CLOCKS_CHANGE, HERE, NOW, SLOT, TIMES, accept, free, offer, route


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
@pytest.mark.parametrize("urgency", [Urgency.NOW, Urgency.TODAY])
def test_a_peer_has_their_time_when_the_clocks_change(urgency: Urgency, began: datetime) -> None:
    now = began.astimezone(HERE)
    minutes_allowed = time_to_first_answer(urgency, TIMES) // timedelta(minutes=1)
    accepted = accept(offer(route(urgency), free({1}, on_call={1}), now).routing, 1, now)
    for due in (accepted.due, routing.remind(accepted, times=TIMES, now=now).due):
        assert due is not None and minutes_allowed <= due - half_hours.minute_of(began) < minutes_allowed + 30


def test_overdue_after_the_deadline_and_its_grace_and_not_before() -> None:
    after = offer(route(Urgency.NOW), free({1}, on_call={1})).routing
    assert not outline.is_overdue(after, half_hours.minute_of(NOW) + 4), "the sweep that escalates it is under way"
    assert outline.is_overdue(after, half_hours.minute_of(NOW) + 5)


def test_accept_gives_it_to_one_peer_and_the_others_wait() -> None:
    offered = offer(route(Urgency.NOW), free({1, 2, 3}, on_call={1, 2})).routing
    after = accept(offered, 2)
    assert after.state == RequestState.ACCEPTED
    assert after.peer is not None and after.peer.member_id == 2
    assert {recipient.member_id: recipient.status for recipient in after.recipients} == {
        1: RecipientStatus.WAITING,
        2: RecipientStatus.ACCEPTED,
        3: RecipientStatus.WAITING,
    }


@pytest.mark.parametrize("member", [2, 9])
def test_accept_is_only_for_a_peer_it_is_offered_to(member: int) -> None:
    with pytest.raises(NotPossible):
        accept(offer(route(), free({1})).routing, member)


def test_lose_peer_drops_their_envelopes() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    after = routing.lose_peer(accepted)
    assert (after.state, after.peer, after.recipient_for(1), after.thread_peer_envelope) == (
        RequestState.PEER_LOST,
        None,
        None,
        "",
    )


def test_every_move_outside_the_table_is_refused() -> None:
    for start in RequestState:
        for end in RequestState:
            if end in MOVES[start]:
                assert routing.move(replace(route(), state=start), end).state == end
            else:
                with pytest.raises(NotPossible):
                    routing.move(replace(route(), state=start), end)


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (0, "within_1_h"),
        (1, "within_1_h"),
        (1.5, "within_24_h"),
        (24, "within_24_h"),
        (72, "within_72_h"),
        (73, "later"),
    ],
)
def test_response_code(hours: float, code: str) -> None:
    assert routing.response_code(replace(route(), accepted=SLOT + int(hours * 2))) == code


def test_a_contact_unread_for_a_week_does_not_count_toward_the_cap() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    assert accepted.counts_toward_cap(half_hours.half_hour_of(NOW + timedelta(days=6, hours=23)))
    assert not accepted.counts_toward_cap(half_hours.half_hour_of(NOW + timedelta(days=7, hours=1)))


def test_routing_round_trip() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    assert Routing.from_bytes(accepted.to_bytes()) == accepted


@pytest.mark.parametrize(
    ("urgency", "minutes"), [(Urgency.NOW, 15), (Urgency.TODAY, 240), (Urgency.WHEN_YOU_CAN, 1440)]
)
def test_the_first_answer_is_due_then_reminded_of_then_due_again(urgency: Urgency, minutes: int) -> None:
    accepted = accept(offer(route(urgency), free({1})).routing, 1)
    assert accepted.due is not None
    assert minutes <= accepted.due - half_hours.minute_of(NOW) < minutes + 30
    later = NOW + timedelta(minutes=minutes + 30)
    reminded = routing.remind(accepted, times=TIMES, now=later)
    assert reminded.is_reminded and not reminded.is_due(half_hours.minute_of(later))
    assert reminded.is_due(half_hours.minute_of(later + timedelta(minutes=minutes + 30)))


def test_the_fullest_routing_is_as_large_as_an_empty_one() -> None:
    sealed, big = "ab" * 81, 10**9
    full = replace(
        route(Urgency.WHEN_YOU_CAN),
        recipients=tuple(
            Recipient(member_id=big + number, key_id=big, envelope=sealed, status=RecipientStatus.ACCEPTED)
            for number in range(MAX_RECIPIENTS)
        ),
        **dict.fromkeys(
            ("officer_envelope", "thread_officer_envelope", "thread_peer_envelope", "thread_key_for_next"), sealed
        ),
        **dict.fromkeys(("locator", "officer_key", "card_hash", "link"), "ab" * 32),
        **dict.fromkeys(("due", "wanted", "accepted", "messages", "closing_suggested", "seen_by_peer"), big),
        recused=tuple(range(big, big + 150)),
    )
    key = vault.RowKey(uuid4(), bytes(32), (b"host",))
    assert len(vault.seal_routing(key, full, b"stamp")) == len(vault.seal_routing(key, route(members=()), b"stamp"))


def test_release_peer_drops_their_envelopes_and_it_can_be_offered_to_others() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    after = offer(routing.take_back_from_peer(accepted), free({1, 2, 3})).routing
    assert (after.offered_to, after.recipient_for(1), after.thread_peer_envelope) == ([2], None, "")


def test_no_time_is_finer_than_half_an_hour_once_the_peer_has_written() -> None:
    accepted = routing.mark_answered(accept(offer(route(Urgency.NOW), free({1})).routing, 1))
    assert accepted.due is None
    assert {accepted.submitted, accepted.accepted, accepted.touched} == {SLOT}
