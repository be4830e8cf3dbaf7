"""A flood of requests: all are stored, the brake comes on, and only the offers are slowed down."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from peersupport.incidents.actions import begin_activation
from peersupport.notices.actions import outbox
from peersupport.notices.models import Notice
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from requests_app.actions import plane_key, sweep
from requests_app.actions.flood import count_arrival
from requests_app.domain import flood, half_hours
from requests_app.domain.flood import Arrivals, Load
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import ArrivalCount, Request
from requests_app.queries import flood as queries
from requests_app.queries import unsealing
from requests_app.queries.waiting import waiting_summary
from tests.cast import sign_in
from tests.requests_app.conftest import submit_request
from tests.requests_app.routings import route
from tests.requests_app.test_submission import FORM, post, receipt_on, token_on

NOW = datetime(2026, 5, 4, 15, 7, 12, tzinfo=UTC)
in_database = pytest.mark.django_db


def states() -> Counter[RequestState]:
    return Counter(request.routing.state for request in unsealing.open_requests())


# The rules


@given(st.lists(st.integers(0, 40)))
def test_the_count_is_of_the_last_five_to_ten_minutes(slots: list[int]) -> None:
    arrivals, at, counted = Arrivals(), 0, list[int]()
    for slot in slots:
        if slot < at - 1:  # a clock was far ahead: what was counted then is forgotten
            at, counted = slot, []
        at = max(at, slot)  # set back by a slot it changes nothing
        counted.append(at)
        arrivals = arrivals.with_one_more(slot)
        assert arrivals.recent == sum(slot >= at - 1 for slot in counted)
        assert Arrivals.from_bytes(arrivals.to_bytes()) == arrivals
    assert arrivals.at(at + 2).recent == 0


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_a_proof_is_harder_the_more_come_and_never_beyond_its_limit(recent: int, limit: int) -> None:
    cost = Load(recent, limit).cost
    assert flood.LEAST_COST <= cost <= flood.LEAST_COST * flood.MOST_COST_FACTOR
    assert Load(recent + 1, limit).cost >= cost
    assert Load(recent, limit).is_braked == (recent > limit)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(Urgency), st.binary(min_size=8, max_size=8)),
        unique_by=itemgetter(2),
    ),
    st.integers(1, 20),
)
def test_the_lane_moves_by_urgency_then_half_hour_then_lot_and_passes_over_nobody(
    came: list[tuple[int, Urgency, bytes]], places: int
) -> None:
    waiting = [(lot, replace(route(urgency), submitted=half_hour), lot) for half_hour, urgency, lot in came]
    turns: list[bytes] = []
    while waiting:
        turn = flood.next_in_line(waiting, places)
        assert 1 <= len(turn) <= places
        turns += turn
        waiting = [each for each in waiting if each[0] not in turn]
    order = list(Urgency)
    assert turns == [lot for *_, lot in sorted(came, key=lambda each: (order.index(each[1]), each[0], each[2]))]


@pytest.mark.parametrize(("seconds", "places"), [(1, 60), (5, 12), (7, 8), (60, 1), (600, 1)])
def test_the_pace_of_the_lane(seconds: int, places: int) -> None:
    assert flood.places_a_minute(seconds) == places


# What comes of them


@in_database
def test_every_request_of_a_flood_is_stored_with_a_receipt_and_only_the_first_are_offered(
    officer: Client, ana: Member, settings
) -> None:
    settings.BRAKE_AT = 5
    for _ in range(8):
        assert len(receipt_on(post(officer, urgency="now"))) == 7
    assert states() == {RequestState.OFFERED: 5, RequestState.IN_LINE: 3}


@in_database
def test_who_waits_in_line_reads_so_with_the_numbers_first(officer: Client, ana: Member, settings) -> None:
    settings.BRAKE_AT = 1
    post(officer)
    page = post(officer).decode()
    assert "Many requests are coming in right now" in page
    assert page.index("tel:988") < page.index('id="receipt"')
    assert "call or text 988" in page
    officer.post("/request/return/", {"receipt": " ".join(receipt_on(page.encode()))})
    thread = officer.get("/request/thread/").content.decode()
    assert "Many requests are coming in right now" in thread
    assert thread.index("tel:988") < thread.index('id="thread"')
    assert thread.count('id="crisis-card"') == 1


@in_database
def test_the_lane_moves_a_few_each_minute_and_no_faster_when_the_round_runs_twice(ana: Member, settings) -> None:
    settings.BRAKE_AT, settings.LANE_SECONDS = 1, 20
    with time_machine.travel(NOW, tick=False):
        for _ in range(8):
            submit_request(Urgency.NOW)
        for minute, offered in ((1, 4), (1, 4), (2, 7), (3, 8)):
            sweep.run(now=NOW + timedelta(minutes=minute))
            assert states()[RequestState.OFFERED] == offered


@in_database
def test_a_clock_that_was_ahead_once_neither_keeps_the_brake_on_nor_stops_the_lane(ana: Member, settings) -> None:
    settings.BRAKE_AT = 1
    with time_machine.travel(NOW + timedelta(days=1), tick=False) as clock:
        for _ in range(3):
            submit_request()
        sweep.run(now=timezone.now())
        clock.move_to(NOW)
        assert queries.load(NOW).recent == 0
        submit_request()
        for _ in range(2):
            submit_request()
        assert states()[RequestState.IN_LINE] == 2
        sweep.run(now=NOW)
        assert states()[RequestState.IN_LINE] == 0


@in_database
def test_the_brake_ends_by_itself_within_ten_minutes(ana: Member, settings) -> None:
    settings.BRAKE_AT = 2
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(4):
            submit_request()
        assert states()[RequestState.IN_LINE] == 2
        clock.shift(timedelta(minutes=10))
        submit_request()
        assert states()[RequestState.IN_LINE] == 2, "the new one is offered at once, as ever"


@in_database
def test_while_an_activation_runs_the_rate_is_raised(ana: Member, coordinator: User, settings) -> None:
    settings.BRAKE_AT = 2
    begin_activation(by=coordinator)
    for _ in range(10):
        submit_request()
    assert states() == {RequestState.OFFERED: 10}
    submit_request()
    assert states()[RequestState.IN_LINE] == 1


@in_database
def test_a_flood_rings_nobody_more_often_than_the_setting_says(ana: Member, ben: Member, settings) -> None:
    """Before, 200 in 45 seconds were 250 rings and 108 mails."""
    settings.BRAKE_AT = 10
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(30):
            submit_request(Urgency.NOW)
            outbox.send(urgent=True, now=timezone.now())
            clock.shift(timedelta(seconds=1.5))
        mails = Counter(to for message in mail.outbox for to in message.to)
        assert mails == {ana.user.email: 1, ben.user.email: 1}
        for minute in range(1, 10):
            sweep.run(now=NOW + timedelta(minutes=minute))
            outbox.send(urgent=True, now=NOW + timedelta(minutes=minute))
    mails = Counter(to for message in mail.outbox for to in message.to)
    assert mails[ana.user.email] == mails[ben.user.email] == 3, "in ten minutes, at 0, 4 and 8"


@in_database
def test_oversight_is_told_once_that_requests_wait_in_line(ana: Member, coordinator: User, settings) -> None:
    settings.BRAKE_AT, settings.LANE_SECONDS = 1, 60
    with time_machine.travel(NOW, tick=False):
        for _ in range(5):
            submit_request()
        told = []
        for minute in range(1, 4):
            sweep.run(now=NOW + timedelta(minutes=minute))
            told.append(Notice.objects.filter(recipient=coordinator).delete()[0])
    assert told == [1, 0, 0]


@in_database
def test_the_page_of_open_requests_counts_who_waits_for_their_turn(
    client: Client, ana: Member, coordinator: User, settings
) -> None:
    settings.BRAKE_AT = 1
    for _ in range(4):
        submit_request()
    assert waiting_summary(timezone.now()).in_line == 3
    sign_in(client, coordinator)
    page = client.get("/waiting/").content.decode()
    assert "Many requests are coming in: three are waiting for their turn." in page


# What the count tells


@in_database
def test_the_count_is_sealed_in_one_size_and_written_anew_each_minute(ana: Member) -> None:
    def body() -> bytes:
        return bytes(ArrivalCount.objects.get().body)

    submit_request()
    before = body()
    sweep.run(now=timezone.now())
    assert body() != before and len(body()) == len(before), "nobody came, and it was written all the same"
    submit_request()
    assert len(body()) == len(before)


@in_database
def test_the_count_goes_with_the_weeks_plane_key(ana: Member) -> None:
    now = timezone.now()
    with transaction.atomic():
        key = plane_key.lock_current_key(now)
        for _ in range(5):
            count_arrival(key, now=now)
    assert queries.load(now).recent == 5
    old = bytes(ArrivalCount.objects.get().body)
    plane_key.renew(now=now)
    assert queries.load(now).recent == 0
    sweep.run(now=now)
    assert bytes(ArrivalCount.objects.get().body) != old


@in_database
def test_a_count_that_was_tampered_with_begins_anew_and_stops_nobody(ana: Member) -> None:
    submit_request()
    ArrivalCount.objects.update(body=b"\0" * 97)
    submit_request()
    assert queries.load(timezone.now()).recent == 1


@in_database
def test_without_the_keyring_the_count_is_zero_and_the_form_is_shown(officer: Client, settings, tmp_path) -> None:
    settings.KEYRING = tmp_path / "away"
    assert queries.load(timezone.now()).recent == 0


# The most that is stored


@in_database
def test_at_the_ceiling_the_form_says_whom_to_call_and_gives_back_the_text(officer: Client, ana: Member, settings):
    page = officer.get("/request/").content
    settings.MAX_OPEN_REQUESTS = 1
    submit_request()
    keys = set(keyring.shred_ids())

    answer = officer.post("/request/", {**FORM, "token": token_on(page), "message": "three nights now"})
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "No more requests can be stored right now." in text and "three nights now" in text
    assert text.index("tel:988") < text.index("three nights now")
    assert Request.objects.count() == 1 and set(keyring.shred_ids()) == keys
    assert officer.get("/request/").status_code == 503
    settings.MAX_OPEN_REQUESTS = 2
    answer = officer.post("/request/", {**FORM, "token": token_on(page), "message": "three nights now"})
    assert len(receipt_on(answer.content)) == 7, "the same form, later"


@in_database
def test_a_replay_at_the_ceiling_shows_its_receipt(officer: Client, ana: Member, settings) -> None:

    form = {**FORM, "token": token_on(officer.get("/request/").content)}
    words = receipt_on(officer.post("/request/", form).content)
    settings.MAX_OPEN_REQUESTS = 1
    assert receipt_on(officer.post("/request/", form).content) == words


def test_a_request_in_line_is_offered_to_nobody() -> None:
    waiting = replace(route(), state=RequestState.IN_LINE)
    assert waiting.offered_to == [] and waiting.offered_recipient(1) is None
    assert not waiting.is_due(half_hours.minute_of(NOW + timedelta(days=1)))
