from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from requests_app import vault
from requests_app.domain import dispatch, routing
from requests_app.domain.dispatch import Ready, Step
from requests_app.domain.escalation import Times, first_answer
from requests_app.domain.routing import NotPossible, Place, Routing, slot_of
from requests_app.domain.states import MOVES, PLACES, Standing, State, Urgency

HERE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 4, 10, 7, 42, tzinfo=HERE)
NIGHT, MORNING = NOW.replace(hour=23), datetime(2026, 5, 5, 7, 0, tzinfo=HERE)
# The first and the second 01:20 of an autumn night, just before the hour comes again, and before spring leaves one out.
CLOCKS_CHANGE = [
    datetime(2026, 11, 1, 6, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 57, tzinfo=UTC),
    datetime(2026, 11, 1, 7, 20, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 55, tzinfo=UTC),
]
TIMES = Times()
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


def ready(able: set[int], on_call: set[int] = frozenset(), available: set[int] = frozenset()) -> Ready:  # type: ignore[assignment]
    return Ready(able=able, on_call=on_call, available=available)


def ask(before: Routing, who: Ready, now: datetime = NOW) -> Step:
    return dispatch.ask(before, ready=who, times=TIMES, now=now)


def pass_time(before: Routing, who: Ready, now: datetime) -> Step:
    return dispatch.time_is_up(before, ready=who, times=TIMES, now=now)


def accept(before: Routing, member: int, now: datetime = NOW) -> Routing:
    return routing.accept(before, member, officer_envelope="aa", peer_envelope="bb", times=TIMES, now=now)


def test_one_at_a_time_in_their_order() -> None:
    first = ask(route(), ready({1, 2, 3})).routing
    assert (routing.asked(first), first.state) == ([1], State.OFFERED)
    second = pass_time(first, ready({1, 2, 3}), NOW + timedelta(hours=1)).routing
    assert (routing.asked(second), second.place_of(1)) == ([2], None)


def test_today_asks_those_on_call_first_at_night_and_in_their_order_by_day() -> None:
    who = ready({1, 2, 3}, on_call={2})
    assert routing.asked(ask(route(), who, NIGHT).routing) == [2]
    assert routing.asked(ask(route(), who, NOW).routing) == [1]


def test_whom_the_officer_named_is_asked_first_at_night_too_and_beside_those_on_call() -> None:
    named = replace(route(), wanted=3)
    who = ready({1, 2, 3}, on_call={2}, available={1})
    assert routing.asked(ask(named, who, NIGHT).routing) == [3]
    assert routing.asked(ask(replace(named, urgency=Urgency.NOW), who).routing) == [2, 3]
    assert routing.asked(ask(replace(named, urgency=Urgency.NOW), ready({1, 3}, available={1, 3})).routing) == [1, 3]


NOW_WAVES = [  # minute, who is asked, who is told, whether those who watch over it are
    (0, {2, 4}, {2, 4}, False),
    (3, {2, 4}, {2, 4}, False),
    (10, {1, 2, 4}, {1, 2, 4}, False),
    (20, {1, 2, 4}, set(), True),
    (30, set(), set(), True),
]


def test_now_goes_through_its_waves_minute_by_minute() -> None:
    who = ready({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step = ask(route(Urgency.NOW, (1, 2, 3, 4)), who)
    seen = [(0, set(routing.asked(step.routing)), set(step.told), step.tells_oversight)]
    for minute in range(1, 40):
        now = NOW + timedelta(minutes=minute)
        if routing.is_due(step.routing, now):
            step = pass_time(step.routing, who, now)
            seen.append((minute, set(routing.asked(step.routing)), set(step.told), step.tells_oversight))
    assert seen == NOW_WAVES
    assert step.routing.state == State.NOBODY
    assert [place.member_id for place in step.routing.places] == [3]  # outside of their hours, not let down by anybody


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
def test_when_the_clocks_change_a_minute_is_a_minute(began: datetime) -> None:
    who = ready({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step, minutes = ask(route(Urgency.NOW, (1, 2, 3, 4)), who, began.astimezone(HERE)), [0]
    for minute in range(1, 120):
        now = (began + timedelta(minutes=minute)).astimezone(HERE)
        if routing.is_due(step.routing, now):
            step = pass_time(step.routing, who, now)
            minutes.append(minute)
    assert minutes == [minute for minute, *_ in NOW_WAVES]


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
@pytest.mark.parametrize("urgency", [Urgency.NOW, Urgency.TODAY])
def test_when_the_clocks_change_a_peer_has_their_time(urgency: Urgency, began: datetime) -> None:
    now = began.astimezone(HERE)
    patience = first_answer(urgency, TIMES) // timedelta(minutes=1)
    accepted = accept(ask(route(urgency), ready({1}, on_call={1}), now).routing, 1, now)
    for due in (accepted.due, routing.remind(accepted, times=TIMES, now=now).due):
        assert due is not None and patience <= due - routing.minute_of(began) < patience + 30


def test_now_does_not_wait_where_nobody_is_on_call() -> None:
    step = ask(route(Urgency.NOW), ready({1, 2, 3}, available={3}))
    assert (routing.asked(step.routing), step.told) == ([3], {3})


def test_now_asks_everybody_before_it_asks_nobody() -> None:
    assert routing.asked(ask(route(Urgency.NOW), ready({1, 3})).routing) == [1, 3]


def test_when_all_on_call_have_said_no_the_others_are_asked_at_once() -> None:
    who = ready({1, 2, 3, 4}, on_call={2, 4}, available={1, 3})
    first = ask(route(Urgency.NOW, (1, 2, 3, 4)), who).routing
    step = dispatch.ask_after(routing.without(first, {2, 4}), ready=who, times=TIMES, now=NOW)
    assert routing.asked(step.routing) == [1, 3]
    assert not step.tells_oversight
    last = dispatch.ask_after(routing.without(step.routing, {1, 3}), ready=who, times=TIMES, now=NOW)
    assert (last.routing.state, last.tells_oversight) == (State.NOBODY, True)


def test_after_nobody_was_left_whoever_can_take_it_by_now_is_asked() -> None:
    nobody = ask(route(Urgency.NOW), ready(set())).routing

    def again(who: Ready) -> Step | None:
        return dispatch.ask_again(nobody, ready=who, times=TIMES, now=NOW)

    assert again(ready({1, 2})) is None, "able, but not in their hours"
    assert again(ready(set(), available={1})) is None, "in their hours, but not able"
    step = again(ready({1, 2, 3}, on_call={2}, available={3}))
    assert step is not None and (routing.asked(step.routing), step.routing.wave) == ([2], 0)
    assert dispatch.ask_again(step.routing, ready=ready({1}, available={1}), times=TIMES, now=NOW) is None


def test_what_can_wait_is_told_at_the_next_half_hour() -> None:
    step = ask(route(Urgency.WHEN_YOU_CAN), ready({1, 2}))
    half_hour = NOW.replace(minute=30, second=0)
    assert (routing.asked(step.routing), step.told, step.routing.due) == (
        [1],
        frozenset(),
        routing.minute_of(half_hour),
    )
    assert pass_time(step.routing, ready({1, 2}), half_hour).told == {1}


def test_what_can_wait_is_held_at_night_and_told_in_the_morning() -> None:
    step = ask(route(Urgency.WHEN_YOU_CAN), ready({1, 2}), NIGHT)
    assert (routing.asked(step.routing), step.told, step.routing.is_held) == ([1], frozenset(), True)
    assert step.routing.due == routing.minute_of(MORNING)
    assert not routing.is_overdue(step.routing, MORNING)
    told = pass_time(step.routing, ready({1, 2}), MORNING)
    assert (told.told, told.routing.is_held) == ({1}, False)
    assert told.routing.due == routing.minute_of(MORNING + timedelta(hours=8))


def test_what_can_wait_is_not_handed_on_at_night() -> None:
    afternoon = NOW.replace(hour=16, minute=0)
    told = pass_time(ask(route(Urgency.WHEN_YOU_CAN), ready({1}), afternoon).routing, ready({1}), afternoon)
    assert told.routing.due == routing.minute_of(MORNING)


def test_whoever_carries_too_much_by_now_is_passed_over_and_kept_for_later() -> None:
    after = ask(route(), ready({2, 3})).routing
    assert routing.asked(after) == [2]
    assert after.place_of(1) is not None


def test_nobody_left_is_said_and_nobody_is_waited_for() -> None:
    step = ask(route(), ready(set()))
    assert (step.routing.state, step.routing.due, step.tells_oversight) == (State.NOBODY, None, True)


@pytest.mark.parametrize(
    ("urgency", "minutes", "whole_half_hour"),
    [(Urgency.NOW, 3, False), (Urgency.TODAY, 30, True), (Urgency.WHEN_YOU_CAN, 480, True)],
)
def test_deadline_is_to_the_half_hour_unless_it_cannot_wait(
    urgency: Urgency, minutes: int, whole_half_hour: bool
) -> None:
    step = ask(route(urgency), ready({1}, on_call={1}))
    if step.routing.is_held:
        step = pass_time(step.routing, ready({1}), NOW)
    due = step.routing.due
    assert due is not None
    passed = due - routing.minute_of(NOW)
    assert minutes <= passed < minutes + 30
    assert (due % 30 == 0) is whole_half_hour


def test_overdue_when_the_time_is_up_and_not_before() -> None:
    after = ask(route(Urgency.NOW), ready({1}, on_call={1})).routing
    assert not routing.is_overdue(after, NOW + timedelta(minutes=4)), "the round that goes on is under way"
    assert routing.is_overdue(after, NOW + timedelta(minutes=5))


def test_accept_gives_it_to_one_and_lets_the_others_wait() -> None:
    offered = ask(route(Urgency.NOW), ready({1, 2, 3}, on_call={1, 2})).routing
    after = accept(offered, 2)
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
        accept(ask(route(), ready({1})).routing, member)


def test_a_lost_peer_takes_their_envelopes_along() -> None:
    accepted = accept(ask(route(), ready({1})).routing, 1)
    after = routing.lose_peer(accepted)
    assert (after.state, after.peer, after.place_of(1), after.thread_peer_envelope) == (State.PEER_LOST, None, None, "")


def test_every_move_outside_the_table_is_refused() -> None:
    for start in State:
        for end in State:
            if end in MOVES[start]:
                assert routing.moved(replace(route(), state=start), end).state == end
            else:
                with pytest.raises(NotPossible):
                    routing.moved(replace(route(), state=start), end)


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
    accepted = accept(ask(route(), ready({1})).routing, 1)
    assert accepted.counts_for_cap(NOW + timedelta(days=6, hours=23))
    assert not accepted.counts_for_cap(NOW + timedelta(days=7, hours=1))


def test_routing_survives_being_written_down() -> None:
    accepted = accept(ask(route(), ready({1})).routing, 1)
    assert Routing.from_bytes(accepted.to_bytes()) == accepted


@pytest.mark.parametrize(
    ("urgency", "minutes"), [(Urgency.NOW, 15), (Urgency.TODAY, 240), (Urgency.WHEN_YOU_CAN, 1440)]
)
def test_the_first_answer_is_awaited_then_reminded_of_then_due(urgency: Urgency, minutes: int) -> None:
    accepted = accept(ask(route(urgency), ready({1})).routing, 1)
    assert accepted.due is not None
    assert minutes <= accepted.due - routing.minute_of(NOW) < minutes + 30
    later = NOW + timedelta(minutes=minutes + 30)
    reminded = routing.remind(accepted, times=TIMES, now=later)
    assert reminded.is_reminded and not routing.is_due(reminded, later)
    assert routing.is_due(reminded, later + timedelta(minutes=minutes + 30))


def test_the_fullest_routing_takes_as_much_room_as_an_empty_one() -> None:
    sealed, big = "ab" * 80, 10**9
    full = replace(
        route(Urgency.WHEN_YOU_CAN),
        places=tuple(Place(big + number, big, sealed, Standing.ACCEPTED) for number in range(PLACES)),
        **dict.fromkeys(("officer_envelope", "thread_officer_envelope", "thread_peer_envelope", "handover"), sealed),
        **dict.fromkeys(("locator", "officer_key"), "ab" * 32),
        **dict.fromkeys(("due", "wanted", "accepted", "messages", "suggested", "seen_by_peer"), big),
        know_them=tuple(range(big, big + 150)),
    )
    id_, key = uuid4(), bytes(32)
    assert len(vault.seal_routing(key, id_, full)) == len(vault.seal_routing(key, id_, route(members=())))


def test_a_peer_who_has_it_no_longer_takes_their_envelopes_along_and_the_others_can_be_asked() -> None:
    accepted = accept(ask(route(), ready({1})).routing, 1)
    after = ask(routing.release_peer(accepted), ready({1, 2, 3})).routing
    assert (routing.asked(after), after.place_of(1), after.thread_peer_envelope) == ([2], None, "")


def test_no_time_in_it_is_finer_than_half_an_hour_once_the_peer_has_written() -> None:
    accepted = routing.answered(accept(ask(route(Urgency.NOW), ready({1})).routing, 1))
    assert accepted.due is None
    assert {accepted.asked, accepted.accepted, accepted.touched} == {SLOT}
