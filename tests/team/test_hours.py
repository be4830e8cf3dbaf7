"""Hours, pauses and single shifts: what members see to themselves, what is written down, and what a report says."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.actions import phone_alerts
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.team.actions import availability, membership, shift_handover
from peersupport.team.domain.states import EndReason, Purpose, State
from peersupport.team.models import Member, Pause, ShiftHandover, User, WeeklyHours
from peersupport.team.queries import availability as availability_queries
from peersupport.team.queries import eligibility
from tests.cast import make_member, sign_in, take_off_call

NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # a Monday, ten in the morning in Chicago
TODAY = date(2026, 6, 1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NIGHTS = {"purpose": "on_call", "days": ["0", "1", "2", "3", "4"], "starts": "18:00", "ends": "06:00"}


@pytest.fixture(autouse=True)
def monday(db: None) -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def nights(ana: Member) -> WeeklyHours:
    """Ana alone, and from Monday to Friday at night alone."""
    take_off_call(ana)
    return availability.add_hours(member_id=ana.pk, purpose=Purpose.ON_CALL, by=ana.user, **NIGHT)


NIGHT = {"days": range(5), "starts": datetime(2026, 1, 1, 18).time(), "ends": datetime(2026, 1, 1, 6).time()}


def audited() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def available(moment: datetime) -> frozenset[int]:
    return availability_queries.reachable(moment, DAY).available


def page(client: Client, address: str, **typed: object) -> str:
    answer = client.post(address, typed, follow=True) if typed else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# Hours


def test_hours_that_held_before_the_program_knew_of_them_count_from_then(ana: Member) -> None:
    take_off_call(ana)
    availability.add_hours(member_id=ana.pk, purpose=Purpose.ON_CALL, since=NOW - 30 * DAY, by=ana.user)
    assert availability_queries.on_call_share(TODAY - 29 * DAY, TODAY - DAY) == 1.0
    assert availability_queries.on_call_share(TODAY - 31 * DAY, TODAY - 31 * DAY) == 0.0


def test_a_member_puts_themself_on_the_pattern_and_ends_it(ana: Member) -> None:
    take_off_call(ana)
    browser = sign_in(Client(), ana)
    assert "Not on call now." in page(browser, "/my-page/hours/")
    for _ in range(2):
        said = page(browser, "/my-page/hours/", **NIGHTS)
    assert "Monday to Friday, 18:00 to 06:00" in said and audited() == ["on_call_hours_added"]
    hours = WeeklyHours.objects.get()
    assert availability_queries.on_call_at(NOW) == frozenset() and availability_queries.on_call_at(NOW + 9 * HOUR) == {
        ana.pk
    }
    for _ in range(2):
        page(browser, f"/my-page/hours/{hours.pk}/end/", now="")
    assert WeeklyHours.objects.count() == 0, "begun and ended in one moment: nothing to remember"
    assert audited() == ["on_call_hours_added", "on_call_hours_ended"]


def test_hours_that_held_are_kept_for_the_report_and_free_hours_are_not(ana: Member, monday: object) -> None:
    availability.add_hours(member_id=ana.pk, purpose=Purpose.AVAILABLE, by=ana.user, **NIGHT)
    monday.shift(DAY)
    for hours in WeeklyHours.objects.all():
        availability.end_hours(hours_id=hours.pk, by=ana.user)
    [kept] = WeeklyHours.objects.all()
    assert (kept.purpose, kept.until) == (Purpose.ON_CALL, NOW + DAY)
    assert availability_queries.on_call_share(TODAY, TODAY) == 1.0
    assert availability_queries.on_call_share(TODAY + DAY, TODAY + DAY) == pytest.approx(10 / 24)
    assert availability_queries.on_call_share(TODAY + 2 * DAY, TODAY + 2 * DAY) == 0.0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"days": ["7"]}, "Select a valid choice."),
        ({"starts": "6 pm"}, "Enter a valid time."),
        ({"ends": ""}, "Please say this hour too, or leave both empty for the whole day."),
        ({"purpose": "other"}, "Select a valid choice."),
    ],
)
def test_hours_with_bad_input_keep_what_was_typed(ana: Member, typed: dict[str, object], said: str) -> None:
    take_off_call(ana)
    back = page(sign_in(Client(), ana), "/my-page/hours/", **(NIGHTS | typed))
    assert said in back and ('value="18:00"' in back or "starts" in typed) and not WeeklyHours.objects.exists()


def test_a_coordinator_sees_to_the_hours_of_a_member_and_nobody_to_anothers(
    ana: Member, ben: Member, coordinator: User, nights: WeeklyHours
) -> None:
    desk = sign_in(Client(), coordinator)
    assert "Monday to Friday, 18:00 to 06:00" in page(desk, f"/members/{ana.pk}/hours/")
    page(desk, f"/members/{ana.pk}/hours/", **(NIGHTS | {"days": ["5", "6"], "starts": "", "ends": ""}))
    assert "Saturday and Sunday, all day" in page(desk, f"/members/{ana.pk}/hours/")
    assert Entry.objects.latest("pk").by == coordinator and ana.weekly_hours.count() == 2
    page(sign_in(Client(), ben), f"/my-page/hours/{nights.pk}/end/", now="")
    page(desk, f"/members/{ben.pk}/hours/{nights.pk}/end/", now="")
    assert ana.weekly_hours.count() == 2
    page(desk, f"/members/{ana.pk}/hours/{nights.pk}/end/", now="")
    assert ana.weekly_hours.get().days == 0b1100000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": State.IN_TRAINING, "designated_on": None}, "Only a designated member can be on call."),
        ({"leave_from": TODAY}, "A member on leave cannot be on call. End the leave first."),
    ],
)
def test_who_cannot_be_asked_cannot_go_on_call(ana: Member, change: dict[str, object], said: str) -> None:
    take_off_call(ana)
    Member.objects.update(**change)
    assert said in page(sign_in(Client(), ana), "/my-page/hours/", **NIGHTS) and not WeeklyHours.objects.exists()


def test_a_leave_to_come_ends_being_on_call_with_its_first_day(ana: Member, coordinator: User) -> None:
    membership.take_leave(member_id=ana.pk, first=TODAY + 3 * DAY, last=None, by=coordinator)
    midnight = datetime(2026, 6, 4, 5, 0, tzinfo=UTC)
    assert (
        availability_queries.on_call_at(midnight - HOUR / 60) == {ana.pk}
        and availability_queries.on_call_at(midnight) == frozenset()
    )
    hours = availability.add_hours(member_id=ana.pk, purpose=Purpose.ON_CALL, by=ana.user, **NIGHT)
    assert hours.until == midnight


# Available


def test_who_set_no_hours_can_be_asked_at_any(ana: Member, ben: Member) -> None:
    take_off_call(ana)
    take_off_call(ben)
    assert available(NOW) == {ana.pk, ben.pk}
    availability.add_hours(member_id=ana.pk, purpose=Purpose.AVAILABLE, by=ana.user, **NIGHT)
    assert available(NOW) == {ben.pk} and available(NOW + 9 * HOUR) == {ana.pk, ben.pk}
    availability.add_hours(member_id=ana.pk, purpose=Purpose.ON_CALL, by=ana.user)
    assert available(NOW) == {ana.pk, ben.pk}, "on call is available"


# Pauses


def test_one_press_pauses_and_one_brings_back(ana: Member, monday: object) -> None:
    browser = sign_in(Client(), ana)
    assert "You are back on Thursday, 4 June." in page(browser, "/my-page/pause/", days="3")
    assert availability_queries.on_call_at(NOW) == available(NOW) == frozenset() and not eligibility.can_serve(ana)
    assert eligibility.confirmed_keys(TODAY), "what is open stays with them"
    assert availability_queries.on_call_at(datetime(2026, 6, 4, 5, 0, tzinfo=UTC)) == {ana.pk}
    assert "You are back on Saturday, 20 June." in page(browser, "/my-page/pause/", until="2026-06-20")
    assert Pause.objects.count() == 1
    monday.shift(2 * HOUR)
    for _ in range(2):
        said = page(browser, "/my-page/pause/end/", now="")
    assert (
        "Welcome back." in said
        and availability_queries.on_call_at(timezone.now()) == {ana.pk}
        and eligibility.can_serve(ana)
    )
    assert audited() == ["pause_begun", "pause_begun", "pause_ended"]
    assert availability_queries.on_call_share(TODAY, TODAY) == pytest.approx(22 / 24), "two hours were one's own"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": "2026-06-01"}, "Choose a day that is still to come."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"until": ""}, "Choose the day on which you are back."),
        ({"days": "5"}, "Select a valid choice."),
    ],
)
def test_a_pause_without_a_day_to_come_is_refused(ana: Member, typed: dict[str, str], said: str) -> None:
    assert said in page(sign_in(Client(), ana), "/my-page/pause/", **typed) and not Pause.objects.exists()


# Shifts


FRIDAY = date(2026, 6, 5)
FRIDAY_NIGHT = datetime(2026, 6, 6, 3, 0, tzinfo=UTC)


def shift(hours: WeeklyHours, day: date = FRIDAY) -> str:
    return f"{hours.pk}:{day.isoformat()}"


def told() -> list[str]:
    names = sorted(Notice.objects.values_list("recipient__name", flat=True))
    Notice.objects.all().delete()
    return names


def test_a_shift_goes_to_whoever_says_yes(nights: WeeklyHours, ana: Member, ben: Member) -> None:
    take_off_call(ben)
    hers, his = sign_in(Client(), ana), sign_in(Client(), ben)
    assert "They are asked." in page(hers, "/on-call/hand-over/", shift=shift(nights), to=ben.pk)
    assert told() == ["Ben Brandt"] and availability_queries.on_call_at(FRIDAY_NIGHT) == {ana.pk}
    assert "Ana Alvarez asks you to take a shift" in page(his, "/on-call/")
    assert "It is yours now." in page(his, "/on-call/take/", shift=shift(nights))
    assert told() == ["Ana Alvarez"] and availability_queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}
    assert availability_queries.on_call_at(FRIDAY_NIGHT + 3 * DAY) == {ana.pk}, "the next week's is hers again"
    # And back again: nothing is left of it.
    page(his, "/on-call/hand-over/", shift=shift(nights), to=ana.pk)
    page(hers, "/on-call/take/", shift=shift(nights))
    assert availability_queries.on_call_at(FRIDAY_NIGHT) == {ana.pk} and not ShiftHandover.objects.exists()
    assert audited()[-4:] == ["shift_offered", "shift_taken"] * 2


def test_a_shift_stays_until_somebody_says_yes(nights: WeeklyHours, ana: Member, ben: Member) -> None:
    hers, his = sign_in(Client(), ana), sign_in(Client(), ben)
    page(hers, "/on-call/hand-over/", shift=shift(nights), to=ben.pk)
    told()
    assert "It stays where it was." in page(his, "/on-call/decline/", shift=shift(nights))
    assert told() == ["Ana Alvarez"] and not ShiftHandover.objects.exists()
    assert "You are no longer asked to take this shift." in page(his, "/on-call/take/", shift=shift(nights))
    page(hers, "/on-call/hand-over/", shift=shift(nights), to=ben.pk)
    told()
    page(hers, "/on-call/decline/", shift=shift(nights))
    assert told() == [] and not ShiftHandover.objects.exists(), "taken back: nobody need be told"


@pytest.mark.parametrize("typed", [{}, {"shift": "1:2026-06-05"}, {"shift": "x"}, {"shift": "99999:2026-06-05"}])
def test_a_shift_that_is_not_ones_own_is_refused(
    nights: WeeklyHours, ana: Member, ben: Member, typed: dict[str, str]
) -> None:
    take_off_call(ben)
    his = sign_in(Client(), ben)
    for what in ("hand-over", "take", "decline"):
        answer = his.post(f"/on-call/{what}/", {**typed, "to": ana.pk})
        assert answer.status_code == 200 and "Please look at this again" in answer.content.decode(), what
    assert not ShiftHandover.objects.exists() and told() == []


def test_nobody_can_be_handed_what_they_cannot_hold_nor_what_is_anothers(
    nights: WeeklyHours, ana: Member, coordinator: User
) -> None:
    cleo = make_member("Cleo Cole", state=State.IN_TRAINING, designated_on=None, on_call=False)
    away = make_member("Dan Dee", leave_from=FRIDAY, on_call=False)
    for who in (cleo, away, ana):
        with pytest.raises(Refused):
            shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=who.pk, by=ana.user)
    with pytest.raises(Refused):
        shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ana.pk, by=coordinator)
    for day in (FRIDAY + DAY, TODAY - 3 * DAY):
        with pytest.raises(Refused):
            shift_handover.offer_shift(hours_id=nights.pk, day=day, to_id=ana.pk, by=ana.user)


def test_whoever_leaves_takes_their_offers_and_their_bell_along(
    nights: WeeklyHours, ana: Member, ben: Member, coordinator: User
) -> None:
    phone_alerts.set_address(user_id=ben.user_id, address="ntfy://a-long-word-that-nobody-guesses")
    shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ben.pk, by=ana.user)
    membership.de_select(member_id=ben.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    assert not ShiftHandover.objects.exists() and not PhoneAlert.objects.exists()
    assert availability_queries.on_call_at(FRIDAY_NIGHT) == {ana.pk}


@pytest.fixture
def taken(nights: WeeklyHours, ana: Member, ben: Member) -> WeeklyHours:
    """Ana's hours, of which Ben has taken Friday's over."""
    take_off_call(ben)
    shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ben.pk, by=ana.user)
    shift_handover.take_shift(hours_id=nights.pk, day=FRIDAY, by=ben.user)
    told()
    return nights


def goes_away(ben: Member, how: str, coordinator: User) -> None:
    if how == "leaves the team":
        membership.de_select(member_id=ben.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    elif how == "goes on leave":
        membership.take_leave(member_id=ben.pk, first=FRIDAY, last=FRIDAY, by=coordinator)
    else:
        availability.pause(member_id=ben.pk, until=FRIDAY + DAY, by=ben.user)


@pytest.mark.parametrize("how", ["leaves the team", "goes on leave", "pauses"])
def test_a_shift_taken_by_somebody_who_goes_is_a_gap_until_its_owner_takes_it_back(
    taken: WeeklyHours, ana: Member, ben: Member, coordinator: User, how: str
) -> None:
    goes_away(ben, how, coordinator)
    assert told() == ["Ana Alvarez", "Ben Brandt"]
    assert (
        availability_queries.on_call_at(FRIDAY_NIGHT) == frozenset()
        and availability_queries.on_call_share(FRIDAY, FRIDAY) == 0.25
    )
    hers = sign_in(Client(), ana)
    assert "You are asked to take a shift" in page(hers, "/desk/")
    assert "Will you take your own shift back from Ben Brandt?" in page(hers, "/on-call/")
    assert "It is yours now." in page(hers, "/on-call/take/", shift=shift(taken))
    assert availability_queries.on_call_at(FRIDAY_NIGHT) == {ana.pk} and not ShiftHandover.objects.exists()


def test_a_shift_whose_owner_says_no_or_cannot_is_the_coordinators_to_see(
    taken: WeeklyHours, ana: Member, ben: Member, coordinator: User
) -> None:
    goes_away(ben, "pauses", coordinator)
    told()
    shift_handover.decline_shift(hours_id=taken.pk, day=FRIDAY, by=ana.user)
    assert (
        told() == ["Ben Brandt", "Carla Coordinator"] and availability_queries.on_call_at(FRIDAY_NIGHT) == frozenset()
    )
    availability.end_pause(member_id=ben.pk, by=ben.user)
    assert availability_queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}, "back before it came to that"
    Member.objects.filter(pk=ana.pk).update(term_ends_on=FRIDAY)
    goes_away(ben, "goes on leave", coordinator)
    assert told() == ["Ben Brandt", "Carla Coordinator"]


def test_only_the_shifts_in_which_somebody_is_away_go_back(taken: WeeklyHours, ben: Member, coordinator: User) -> None:
    availability.pause(member_id=ben.pk, until=FRIDAY, by=ben.user)
    membership.take_leave(member_id=ben.pk, first=FRIDAY + 2 * DAY, last=None, by=coordinator)
    assert told() == [] and availability_queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}


def test_who_took_a_shift_of_hours_that_end_is_told(taken: WeeklyHours, ana: Member) -> None:
    availability.end_hours(hours_id=taken.pk, by=ana.user)
    assert told() == ["Ben Brandt"] and not ShiftHandover.objects.exists()


# What lies ahead


def test_the_schedule_names_who_and_where_nobody_is(nights: WeeklyHours, ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    said = " ".join(strip_tags(page(desk, "/on-call/")).split())
    assert "Nobody is on call now." in said and "Ana Alvarez, 18:00 to 24:00" in said
    assert "Nobody, now to 18:00" in said and "Nobody, all day" in said  # the second Sunday
    hours = 14 * 24 - 10 - 10 * 12
    assert f"Nobody is on call for {hours} hours of the next two weeks" in said
    home = " ".join(page(desk, "/home/").split())
    assert f"Nobody is on call for {hours} hours of the next two weeks" in home
    assert "First on Monday, 1 June from 10:00" in home


def test_no_gap_is_no_word_on_the_home(ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    assert "Somebody is on call at every hour of the next two weeks." in page(desk, "/on-call/")
    assert "of the next two weeks" not in page(desk, "/home/")
    availability.pause(member_id=ana.pk, until=TODAY + DAY, by=ana.user)
    assert "14 hours of the next two weeks" in page(desk, "/home/"), "who pauses leaves a gap"


def test_who_could_not_be_asked_fills_no_gap(ana: Member, coordinator: User) -> None:
    ana.keys.update(confirmed_by=None, confirmed_on=None)
    assert "Nobody is on call now." in page(sign_in(Client(), coordinator), "/on-call/")


def test_a_coordinator_reads_whose_telephone_stays_silent(ana: Member, ben: Member, coordinator: User) -> None:
    phone_alerts.set_address(user_id=ben.user_id, address="ntfy://a-long-word-that-nobody-guesses")
    said = "No telephone rings for Ana Alvarez yet."
    assert said in " ".join(page(sign_in(Client(), coordinator), "/on-call/").split())
    assert "No telephone rings" not in page(sign_in(Client(), ben), "/on-call/")
    assert "but no telephone rings yet" in page(sign_in(Client(), ana), "/my-page/")


def test_the_schedule_takes_the_same_queries_for_one_and_for_thirty(ana: Member, coordinator: User) -> None:
    desk = sign_in(Client(), coordinator)
    with CaptureQueriesContext(connection) as with_one:
        page(desk, "/on-call/")
    for number in range(29):
        make_member(f"Nr{number}", confirmed_by=coordinator if number < 3 else None)
    with CaptureQueriesContext(connection) as with_thirty:
        page(desk, "/on-call/")
    assert len(with_one) == len(with_thirty)


LAST = date.max


@pytest.mark.parametrize(
    ("fields", "is_away"),
    [
        ({"leave_from": TODAY, "leave_until": LAST}, True),
        ({"leave_from": date.min, "leave_until": LAST}, True),
        ({"leave_from": date.min, "leave_until": None}, True),
        ({"leave_from": LAST, "leave_until": LAST}, False),
        ({"leave_from": TODAY - DAY, "leave_until": TODAY - DAY, "term_ends_on": LAST}, False),
        ({"term_ends_on": TODAY}, True),
    ],
)
def test_no_day_a_database_can_hold_keeps_requests_away(ana: Member, fields: dict[str, date], is_away: bool) -> None:
    Member.objects.filter(pk=ana.pk).update(**fields)
    assert availability_queries.on_call_at(NOW) == (frozenset() if is_away else {ana.pk})
    assert (availability_queries.on_call_share(TODAY, TODAY) == 0) == is_away


def test_a_pause_to_the_last_of_days_is_a_pause(ana: Member) -> None:
    Pause.objects.create(member=ana, since=NOW - HOUR, until=LAST)
    assert availability_queries.on_call_at(NOW) == frozenset()
