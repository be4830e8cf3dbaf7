from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from requests_app import vault
from requests_app.domain import dispatch, routing
from requests_app.domain.dispatch import Dispatch, FreePeers
from requests_app.domain.escalation import Times, time_to_first_answer
from requests_app.domain.routing import NotPossible, Recipient, Routing, slot_of
from requests_app.domain.states import MAX_RECIPIENTS, MOVES, RecipientStatus, State, Urgency

HERE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 4, 10, 7, 42, tzinfo=HERE)
NIGHT, MORNING = NOW.replace(hour=23), datetime(2026, 5, 5, 7, 0, tzinfo=HERE)
# Fall: the first 01:20, just before the hour repeats, and the second 01:20. Spring: just before an hour is skipped.
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
        submitted=SLOT,
        touched=SLOT,
        officer_read=SLOT,
        locator="00",
        officer_key="00",
        officer_envelope="00",
        recipients=tuple(Recipient(member_id=member, key_id=member, envelope="ab") for member in members),
    )


def free(everyone: set[int], on_call: set[int] = frozenset(), available: set[int] = frozenset()) -> FreePeers:  # type: ignore[assignment]
    return FreePeers(everyone=everyone, on_call=on_call, available=available)


def offer(before: Routing, who: FreePeers, now: datetime = NOW) -> Dispatch:
    return dispatch.offer(before, free=who, times=TIMES, now=now)


def escalate(before: Routing, who: FreePeers, now: datetime) -> Dispatch:
    return dispatch.escalate(before, free=who, times=TIMES, now=now)


def accept(before: Routing, member: int, now: datetime = NOW) -> Routing:
    return routing.accept(before, member, officer_envelope="aa", peer_envelope="bb", times=TIMES, now=now)


def test_today_is_offered_to_one_peer_at_a_time_in_order() -> None:
    first = offer(route(), free({1, 2, 3})).routing
    assert (routing.offered_to(first), first.state) == ([1], State.OFFERED)
    second = escalate(first, free({1, 2, 3}), NOW + timedelta(hours=1)).routing
    assert (routing.offered_to(second), second.recipient_for(1)) == ([2], None)


def test_today_goes_to_those_on_call_first_at_night_and_in_order_by_day() -> None:
    who = free({1, 2, 3}, on_call={2})
    assert routing.offered_to(offer(route(), who, NIGHT).routing) == [2]
    assert routing.offered_to(offer(route(), who, NOW).routing) == [1]


def test_the_wanted_peer_is_first_also_at_night_and_joins_those_on_call() -> None:
    named = replace(route(), wanted=3)
    who = free({1, 2, 3}, on_call={2}, available={1})
    assert routing.offered_to(offer(named, who, NIGHT).routing) == [3]
    assert routing.offered_to(offer(replace(named, urgency=Urgency.NOW), who).routing) == [2, 3]
    assert routing.offered_to(offer(replace(named, urgency=Urgency.NOW), free({1, 3}, available={1, 3})).routing) == [
        1,
        3,
    ]


NOW_WAVES = [  # minute, offered to, notified, whether oversight is notified
    (0, {2, 4}, {2, 4}, False),
    (3, {2, 4}, {2, 4}, False),
    (10, {1, 2, 4}, {1, 2, 4}, False),
    (20, {1, 2, 4}, set(), True),
    (30, set(), set(), True),
]


def test_now_goes_through_its_waves_minute_by_minute() -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step = offer(route(Urgency.NOW, (1, 2, 3, 4)), who)
    steps = [(0, set(routing.offered_to(step.routing)), set(step.notified), step.notifies_oversight)]
    for minute in range(1, 40):
        now = NOW + timedelta(minutes=minute)
        if routing.is_due(step.routing, now):
            step = escalate(step.routing, who, now)
            steps.append((minute, set(routing.offered_to(step.routing)), set(step.notified), step.notifies_oversight))
    assert steps == NOW_WAVES
    assert step.routing.state == State.NOBODY
    assert [recipient.member_id for recipient in step.routing.recipients] == [
        3
    ]  # never offered it: outside their hours


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
def test_waves_keep_their_minutes_when_the_clocks_change(began: datetime) -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1})
    step, minutes = offer(route(Urgency.NOW, (1, 2, 3, 4)), who, began.astimezone(HERE)), [0]
    for minute in range(1, 120):
        now = (began + timedelta(minutes=minute)).astimezone(HERE)
        if routing.is_due(step.routing, now):
            step = escalate(step.routing, who, now)
            minutes.append(minute)
    assert minutes == [minute for minute, *_ in NOW_WAVES]


@pytest.mark.parametrize("began", CLOCKS_CHANGE)
@pytest.mark.parametrize("urgency", [Urgency.NOW, Urgency.TODAY])
def test_a_peer_has_their_time_when_the_clocks_change(urgency: Urgency, began: datetime) -> None:
    now = began.astimezone(HERE)
    minutes_allowed = time_to_first_answer(urgency, TIMES) // timedelta(minutes=1)
    accepted = accept(offer(route(urgency), free({1}, on_call={1}), now).routing, 1, now)
    for due in (accepted.due, routing.remind(accepted, times=TIMES, now=now).due):
        assert due is not None and minutes_allowed <= due - routing.minute_of(began) < minutes_allowed + 30


def test_now_skips_the_first_waves_when_nobody_is_on_call() -> None:
    step = offer(route(Urgency.NOW), free({1, 2, 3}, available={3}))
    assert (routing.offered_to(step.routing), step.notified) == ([3], {3})


def test_now_goes_to_everyone_rather_than_to_nobody() -> None:
    assert routing.offered_to(offer(route(Urgency.NOW), free({1, 3})).routing) == [1, 3]


def test_when_all_on_call_decline_it_is_offered_to_the_others_at_once() -> None:
    who = free({1, 2, 3, 4}, on_call={2, 4}, available={1, 3})
    first = offer(route(Urgency.NOW, (1, 2, 3, 4)), who).routing
    step = dispatch.offer_after_declines(routing.without(first, {2, 4}), free=who, times=TIMES, now=NOW)
    assert routing.offered_to(step.routing) == [1, 3]
    assert not step.notifies_oversight
    last = dispatch.offer_after_declines(routing.without(step.routing, {1, 3}), free=who, times=TIMES, now=NOW)
    assert (last.routing.state, last.notifies_oversight) == (State.NOBODY, True)


def test_after_nobody_it_is_offered_to_waiting_peers_who_can_take_it_by_now() -> None:
    nobody = offer(route(Urgency.NOW), free(set())).routing

    def again(who: FreePeers) -> Dispatch | None:
        return dispatch.offer_again(nobody, free=who, times=TIMES, now=NOW)

    assert again(free({1, 2})) is None, "free, but not in their hours"
    assert again(free(set(), available={1})) is None, "in their hours, but not free"
    step = again(free({1, 2, 3}, on_call={2}, available={3}))
    assert step is not None and (routing.offered_to(step.routing), step.routing.wave) == ([2], 0)
    assert dispatch.offer_again(step.routing, free=free({1}, available={1}), times=TIMES, now=NOW) is None


def test_what_can_wait_is_announced_at_the_next_half_hour() -> None:
    step = offer(route(Urgency.WHEN_YOU_CAN), free({1, 2}))
    half_hour = NOW.replace(minute=30, second=0)
    assert (routing.offered_to(step.routing), step.notified, step.routing.due) == (
        [1],
        frozenset(),
        routing.minute_of(half_hour),
    )
    assert escalate(step.routing, free({1, 2}), half_hour).notified == {1}


def test_what_can_wait_is_held_at_night_and_announced_in_the_morning() -> None:
    step = offer(route(Urgency.WHEN_YOU_CAN), free({1, 2}), NIGHT)
    assert (routing.offered_to(step.routing), step.notified, step.routing.is_held) == ([1], frozenset(), True)
    assert step.routing.due == routing.minute_of(MORNING)
    assert not routing.is_overdue(step.routing, MORNING)
    announced = escalate(step.routing, free({1, 2}), MORNING)
    assert (announced.notified, announced.routing.is_held) == ({1}, False)
    assert announced.routing.due == routing.minute_of(MORNING + timedelta(hours=8))


def test_what_can_wait_is_not_passed_on_at_night() -> None:
    afternoon = NOW.replace(hour=16, minute=0)
    announced = escalate(offer(route(Urgency.WHEN_YOU_CAN), free({1}), afternoon).routing, free({1}), afternoon)
    assert announced.routing.due == routing.minute_of(MORNING)


def test_a_peer_at_their_cap_is_passed_over_and_stays_a_recipient() -> None:
    after = offer(route(), free({2, 3})).routing
    assert routing.offered_to(after) == [2]
    assert after.recipient_for(1) is not None


def test_when_nobody_is_left_oversight_is_notified_and_no_deadline_runs() -> None:
    step = offer(route(), free(set()))
    assert (step.routing.state, step.routing.due, step.notifies_oversight) == (State.NOBODY, None, True)


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
    passed = due - routing.minute_of(NOW)
    assert minutes <= passed < minutes + 30
    assert (due % 30 == 0) is whole_half_hour


def test_overdue_after_the_deadline_and_its_grace_and_not_before() -> None:
    after = offer(route(Urgency.NOW), free({1}, on_call={1})).routing
    assert not routing.is_overdue(after, NOW + timedelta(minutes=4)), "the sweep that escalates it is under way"
    assert routing.is_overdue(after, NOW + timedelta(minutes=5))


def test_accept_gives_it_to_one_peer_and_the_others_wait() -> None:
    offered = offer(route(Urgency.NOW), free({1, 2, 3}, on_call={1, 2})).routing
    after = accept(offered, 2)
    assert after.state == State.ACCEPTED
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
        State.PEER_LOST,
        None,
        None,
        "",
    )


def test_every_move_outside_the_table_is_refused() -> None:
    for start in State:
        for end in State:
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
    assert accepted.counts_toward_cap(NOW + timedelta(days=6, hours=23))
    assert not accepted.counts_toward_cap(NOW + timedelta(days=7, hours=1))


def test_routing_round_trip() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    assert Routing.from_bytes(accepted.to_bytes()) == accepted


@pytest.mark.parametrize(
    ("urgency", "minutes"), [(Urgency.NOW, 15), (Urgency.TODAY, 240), (Urgency.WHEN_YOU_CAN, 1440)]
)
def test_the_first_answer_is_due_then_reminded_of_then_due_again(urgency: Urgency, minutes: int) -> None:
    accepted = accept(offer(route(urgency), free({1})).routing, 1)
    assert accepted.due is not None
    assert minutes <= accepted.due - routing.minute_of(NOW) < minutes + 30
    later = NOW + timedelta(minutes=minutes + 30)
    reminded = routing.remind(accepted, times=TIMES, now=later)
    assert reminded.is_reminded and not routing.is_due(reminded, later)
    assert routing.is_due(reminded, later + timedelta(minutes=minutes + 30))


def test_the_fullest_routing_is_as_large_as_an_empty_one() -> None:
    sealed, big = "ab" * 80, 10**9
    full = replace(
        route(Urgency.WHEN_YOU_CAN),
        recipients=tuple(
            Recipient(big + number, big, sealed, RecipientStatus.ACCEPTED) for number in range(MAX_RECIPIENTS)
        ),
        **dict.fromkeys(
            ("officer_envelope", "thread_officer_envelope", "thread_peer_envelope", "thread_key_for_next"), sealed
        ),
        **dict.fromkeys(("locator", "officer_key"), "ab" * 32),
        **dict.fromkeys(("due", "wanted", "accepted", "messages", "closing_suggested", "seen_by_peer"), big),
        recused=tuple(range(big, big + 150)),
    )
    id_, key = uuid4(), bytes(32)
    assert len(vault.seal_routing(key, id_, full)) == len(vault.seal_routing(key, id_, route(members=())))


def test_release_peer_drops_their_envelopes_and_it_can_be_offered_to_others() -> None:
    accepted = accept(offer(route(), free({1})).routing, 1)
    after = offer(routing.release_peer(accepted), free({1, 2, 3})).routing
    assert (routing.offered_to(after), after.recipient_for(1), after.thread_peer_envelope) == ([2], None, "")


def test_no_time_is_finer_than_half_an_hour_once_the_peer_has_written() -> None:
    accepted = routing.mark_answered(accept(offer(route(Urgency.NOW), free({1})).routing, 1))
    assert accepted.due is None
    assert {accepted.submitted, accepted.accepted, accepted.touched} == {SLOT}
