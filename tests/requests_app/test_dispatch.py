from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from requests_app.domain import dispatch, half_hours, outline, routing
from requests_app.domain.dispatch import Dispatch, FreePeers
from requests_app.domain.states import RequestState, Urgency
from tests.requests_app.routings import CLOCKS_CHANGE, HERE, NOW, TIMES, escalate, free, offer, route

NIGHT, MORNING = NOW.replace(hour=23), datetime(2026, 5, 5, 7, 0, tzinfo=HERE)
NOW_WAVES = [  # minute, offered to, notified, whether oversight is notified
    (0, {2, 4}, {2, 4}, False),
    (3, {2, 4}, {2, 4}, False),
    (10, {1, 2, 4}, {1, 2, 4}, False),
    (20, {1, 2, 4}, set(), True),
    (30, set(), set(), True),
]


def test_today_is_offered_to_one_peer_at_a_time_in_order() -> None:
    first = offer(route(), free({1, 2, 3})).routing
    assert (first.offered_to, first.state) == ([1], RequestState.OFFERED)
    second = escalate(first, free({1, 2, 3}), NOW + timedelta(hours=1)).routing
    assert (second.offered_to, second.recipient_for(1)) == ([2], None)


def test_today_goes_to_those_on_call_first_at_night_and_in_order_by_day() -> None:
    who = free({1, 2, 3}, on_call={2})
    assert offer(route(), who, NIGHT).routing.offered_to == [2]
    assert offer(route(), who, NOW).routing.offered_to == [1]


def test_the_wanted_peer_is_first_also_at_night_and_joins_those_on_call() -> None:
    named = replace(route(), wanted=3)
    who = free({1, 2, 3}, on_call={2}, available={1})
    assert offer(named, who, NIGHT).routing.offered_to == [3]
    assert offer(replace(named, urgency=Urgency.NOW), who).routing.offered_to == [2, 3]
    assert offer(replace(named, urgency=Urgency.NOW), free({1, 3}, available={1, 3})).routing.offered_to == [
        1,
        3,
    ]


def test_now_goes_through_its_waves_minute_by_minute() -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step = offer(route(Urgency.NOW, (1, 2, 3, 4)), who)
    steps = [(0, set(step.routing.offered_to), set(step.notified), step.notifies_oversight)]
    for minute in range(1, 40):
        now = NOW + timedelta(minutes=minute)
        if step.routing.is_due(half_hours.minute_of(now)):
            step = escalate(step.routing, who, now)
            steps.append((minute, set(step.routing.offered_to), set(step.notified), step.notifies_oversight))
    assert steps == NOW_WAVES
    assert step.routing.state == RequestState.NOBODY
    assert [recipient.member_id for recipient in step.routing.recipients] == [
        3
    ]  # never offered it: outside their hours


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
def test_waves_keep_their_minutes_when_the_clocks_change(began: datetime) -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step, minutes = offer(route(Urgency.NOW, (1, 2, 3, 4)), who, began.astimezone(HERE)), [0]
    for minute in range(1, 120):
        now = (began + timedelta(minutes=minute)).astimezone(HERE)
        if step.routing.is_due(half_hours.minute_of(now)):
            step = escalate(step.routing, who, now)
            minutes.append(minute)
    assert minutes == [minute for minute, *_ in NOW_WAVES]


def test_now_skips_the_first_waves_when_nobody_is_on_call() -> None:
    step = offer(route(Urgency.NOW), free({1, 2, 3}, available={3}))
    assert (step.routing.offered_to, step.notified) == ([3], {3})


def test_now_goes_to_everyone_rather_than_to_nobody() -> None:
    assert offer(route(Urgency.NOW), free({1, 3})).routing.offered_to == [1, 3]


def test_when_all_on_call_decline_it_is_offered_to_the_others_at_once() -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1, 3})
    first = offer(route(Urgency.NOW, (1, 2, 3, 4)), who).routing
    step = dispatch.offer_to_next(routing.without(first, {2, 4}), free=who, times=TIMES, now=NOW)
    assert step.routing.offered_to == [1, 3]
    assert not step.notifies_oversight
    last = dispatch.offer_to_next(routing.without(step.routing, {1, 3}), free=who, times=TIMES, now=NOW)
    assert (last.routing.state, last.notifies_oversight) == (RequestState.NOBODY, True)


def test_after_nobody_it_is_offered_to_waiting_peers_who_can_take_it_by_now() -> None:
    nobody = offer(route(Urgency.NOW), free(set())).routing

    def again(who: FreePeers) -> Dispatch | None:
        return dispatch.offer_to_newly_free(nobody, free=who, times=TIMES, now=NOW)

    assert again(free({1, 2})) is None, "free, but not in their hours"
    assert again(free(set(), available={1})) is None, "in their hours, but not free"
    step = again(free({1, 2, 3}, on_call={2}, available={3}))
    assert step is not None and (step.routing.offered_to, step.routing.wave) == ([2], 0)
    assert dispatch.offer_to_newly_free(step.routing, free=free({1}, available={1}), times=TIMES, now=NOW) is None


def test_what_can_wait_is_announced_at_the_next_half_hour() -> None:
    step = offer(route(Urgency.WHEN_YOU_CAN), free({1, 2}))
    half_hour = NOW.replace(minute=30, second=0)
    assert (step.routing.offered_to, step.notified, step.routing.due) == (
        [1],
        frozenset(),
        half_hours.minute_of(half_hour),
    )
    assert escalate(step.routing, free({1, 2}), half_hour).notified == {1}


def test_what_can_wait_is_held_at_night_and_announced_in_the_morning() -> None:
    step = offer(route(Urgency.WHEN_YOU_CAN), free({1, 2}), NIGHT)
    assert (step.routing.offered_to, step.notified, step.routing.is_held) == ([1], frozenset(), True)
    assert step.routing.due == half_hours.minute_of(MORNING)
    assert not outline.is_overdue(step.routing, half_hours.minute_of(MORNING))
    announced = escalate(step.routing, free({1, 2}), MORNING)
    assert (announced.notified, announced.routing.is_held) == ({1}, False)
    assert announced.routing.due == half_hours.minute_of(MORNING + timedelta(hours=8))


def test_what_can_wait_is_not_passed_on_at_night() -> None:
    afternoon = NOW.replace(hour=16, minute=0)
    announced = escalate(offer(route(Urgency.WHEN_YOU_CAN), free({1}), afternoon).routing, free({1}), afternoon)
    assert announced.routing.due == half_hours.minute_of(MORNING)


def test_a_peer_at_their_cap_is_passed_over_and_stays_a_recipient() -> None:
    after = offer(route(), free({2, 3})).routing
    assert after.offered_to == [2]
    assert after.recipient_for(1) is not None


def test_when_nobody_is_left_oversight_is_notified_and_no_deadline_runs() -> None:
    step = offer(route(), free(set()))
    assert (step.routing.state, step.routing.due, step.notifies_oversight) == (RequestState.NOBODY, None, True)


@pytest.mark.parametrize(
    ("urgency", "minutes", "whole_half_hour"),
    [(Urgency.NOW, 3, False), (Urgency.TODAY, 30, True), (Urgency.WHEN_YOU_CAN, 480, True)],
)
def test_deadlines_are_to_the_half_hour_unless_it_cannot_wait(
    urgency: Urgency, minutes: int, whole_half_hour: bool
) -> None:
    step = offer(route(urgency), free({1}, on_call={1}))
    if step.routing.is_held:
        step = escalate(step.routing, free({1}), NOW)
    due = step.routing.due
    assert due is not None
    passed = due - half_hours.minute_of(NOW)
    assert minutes <= passed < minutes + 30
    assert (due % 30 == 0) is whole_half_hour
