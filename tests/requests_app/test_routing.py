from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from requests_app import routing
from requests_app.routing import NotPossible, Place, Routing, slot_of
from requests_app.states import MOVES, Standing, State, Urgency

NOW = datetime(2026, 5, 4, 3, 7, 42, tzinfo=UTC)
SLOT = slot_of(NOW)


def route(urgency: Urgency = Urgency.TODAY, members: tuple[int, ...] = (1, 2, 3)) -> Routing:
    return Routing(
        state=State.OFFERED,
        urgency=urgency,
        asked=SLOT,
        touched=SLOT,
        officer_read=SLOT,
        locator="00",
        officer_key="00",
        officer_envelope="00",
        places=tuple(Place(member_id=member, key_id=member, envelope="ab") for member in members),
    )


def ask_next(before: Routing, *, able: set[int], on_call: set[int] = frozenset()) -> Routing:  # type: ignore[assignment]
    return routing.ask_next(before, able=able, on_call=on_call, now=NOW)


def test_one_at_a_time_in_their_order() -> None:
    after = ask_next(route(), able={1, 2, 3})
    assert routing.asked(after) == [1]
    assert after.state == State.OFFERED


def test_now_asks_all_on_call_at_once_and_then_all_the_others() -> None:
    first = ask_next(route(Urgency.NOW, (1, 2, 3, 4)), able={1, 2, 3, 4}, on_call={2, 4})
    assert routing.asked(first) == [2, 4]
    second = ask_next(routing.without(first, {2, 4}), able={1, 2, 3, 4}, on_call={2, 4})
    assert routing.asked(second) == [1, 3]


def test_whoever_carries_too_much_by_now_is_passed_over_and_kept_for_later() -> None:
    after = ask_next(route(), able={2, 3})
    assert routing.asked(after) == [2]
    assert after.place_of(1) is not None


def test_nobody_left_is_said_and_nobody_is_waited_for() -> None:
    after = ask_next(route(), able=set())
    assert (after.state, after.due) == (State.NOBODY, None)


@pytest.mark.parametrize(
    ("urgency", "minutes", "whole_half_hour"),
    [(Urgency.NOW, 10, False), (Urgency.TODAY, 30, True), (Urgency.WHEN_YOU_CAN, 480, True)],
)
def test_deadline_is_to_the_half_hour_unless_it_cannot_wait(
    urgency: Urgency, minutes: int, whole_half_hour: bool
) -> None:
    due = ask_next(route(urgency), able={1}).due
    assert due is not None
    passed = due - routing.minute_of(NOW)
    assert minutes <= passed < minutes + 30
    assert (due % 30 == 0) is whole_half_hour


def test_overdue_when_the_time_is_up_and_not_before() -> None:
    after = ask_next(route(Urgency.NOW), able={1})
    assert not routing.is_overdue(after, NOW + timedelta(minutes=9))
    assert routing.is_overdue(after, NOW + timedelta(minutes=10))


def test_accept_gives_it_to_one_and_lets_the_others_wait() -> None:
    offered = ask_next(route(Urgency.NOW), able={1, 2, 3}, on_call={1, 2})
    after = routing.accept(offered, 2, officer_envelope="aa", peer_envelope="bb", now=NOW)
    assert after.state == State.ACCEPTED
    assert after.peer is not None and after.peer.member_id == 2
    assert {place.member_id: place.standing for place in after.places} == {
        1: Standing.WAITING,
        2: Standing.ACCEPTED,
        3: Standing.WAITING,
    }


@pytest.mark.parametrize("member", [2, 9])
def test_accept_is_only_for_who_was_asked(member: int) -> None:
    with pytest.raises(NotPossible):
        routing.accept(ask_next(route(), able={1}), member, officer_envelope="", peer_envelope="", now=NOW)


def test_a_lost_peer_takes_their_envelopes_along() -> None:
    accepted = routing.accept(ask_next(route(), able={1}), 1, officer_envelope="aa", peer_envelope="bb", now=NOW)
    after = routing.lose_peer(accepted)
    assert (after.state, after.peer, after.place_of(1), after.thread_peer_envelope) == (State.PEER_LOST, None, None, "")


def test_every_move_outside_the_table_is_refused() -> None:
    for start in State:
        for end in State:
            if end in MOVES[start]:
                assert routing._moved(replace(route(), state=start), end).state == end
            else:
                with pytest.raises(NotPossible):
                    routing._moved(replace(route(), state=start), end)


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
def test_response_is_a_code_of_the_vocabulary(hours: float, code: str) -> None:
    assert routing.response_code(replace(route(), accepted=SLOT + int(hours * 2))) == code


def test_a_contact_unread_for_a_week_frees_its_place() -> None:
    accepted = routing.accept(ask_next(route(), able={1}), 1, officer_envelope="", peer_envelope="", now=NOW)
    assert accepted.counts_for_cap(NOW + timedelta(days=6, hours=23))
    assert not accepted.counts_for_cap(NOW + timedelta(days=7, hours=1))


def test_routing_survives_being_written_down() -> None:
    accepted = routing.accept(ask_next(route(), able={1}), 1, officer_envelope="aa", peer_envelope="bb", now=NOW)
    assert Routing.from_bytes(accepted.to_bytes()) == accepted


def test_no_time_in_it_is_finer_than_half_an_hour_once_accepted() -> None:
    accepted = routing.accept(ask_next(route(Urgency.NOW), able={1}), 1, officer_envelope="", peer_envelope="", now=NOW)
    assert accepted.due is None
    assert {accepted.asked, accepted.accepted, accepted.touched} == {SLOT}
