"""Weekly hours: members set their own, coordinators anybody's; what stays on record, and what the report counts."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.team.actions import availability, membership
from peersupport.team.domain.states import HoursPurpose, MembershipState
from peersupport.team.models import Member, Pause, User, WeeklyHours
from peersupport.team.queries import availability as queries
from tests.cast import sign_in, take_off_call
from tests.team.on_call_week import DAY, HOUR, NIGHTS, NIGHTS_FORM, NOW, TODAY, audited, page

pytestmark = pytest.mark.usefixtures("monday")


def members_available_at(moment: datetime) -> frozenset[int]:
    return queries.reachable(moment, DAY).in_hours


def test_hours_from_before_the_program_count_from_their_start(ana: Member) -> None:
    take_off_call(ana)
    availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, since=NOW - 30 * DAY, by=ana.user)
    assert queries.on_call_share(TODAY - 29 * DAY, TODAY - DAY) == 1.0
    assert queries.on_call_share(TODAY - 31 * DAY, TODAY - 31 * DAY) == 0.0


def test_member_adds_and_ends_own_hours(ana: Member) -> None:
    take_off_call(ana)
    browser = sign_in(Client(), ana)
    assert "You&#x27;re not on call right now." in page(browser, "/my-page/hours/")
    for _ in range(2):
        said = page(browser, "/my-page/hours/", **NIGHTS_FORM)
    assert "Monday to Friday, 18:00 to 06:00" in said and audited() == ["on_call_hours_added"]
    hours = WeeklyHours.objects.get()
    assert queries.on_call_at(NOW) == frozenset() and queries.on_call_at(NOW + 9 * HOUR) == {ana.pk}
    for _ in range(2):
        page(browser, f"/my-page/hours/{hours.pk}/end/", now="")
    assert WeeklyHours.objects.count() == 0, "begun and ended at the same moment: nothing to keep"
    assert audited() == ["on_call_hours_added", "on_call_hours_ended"]


def test_ended_on_call_hours_stay_for_the_report_and_other_hours_do_not(ana: Member, monday: object) -> None:
    availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.AVAILABLE, by=ana.user, **NIGHTS)
    monday.shift(DAY)
    for hours in WeeklyHours.objects.all():
        availability.end_hours(hours_id=hours.pk, by=ana.user)
    [kept] = WeeklyHours.objects.all()
    assert (kept.purpose, kept.until) == (HoursPurpose.ON_CALL, NOW + DAY)
    assert queries.on_call_share(TODAY, TODAY) == 1.0
    assert queries.on_call_share(TODAY + DAY, TODAY + DAY) == pytest.approx(10 / 24)
    assert queries.on_call_share(TODAY + 2 * DAY, TODAY + 2 * DAY) == 0.0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"days": ["7"]}, "Select a valid choice."),
        ({"starts": "6 pm"}, "Enter a valid time."),
        ({"ends": ""}, "Please fill in this time too, or leave both blank for the whole day."),
        ({"purpose": "other"}, "Select a valid choice."),
    ],
)
def test_hours_with_bad_input_show_the_error_and_keep_the_fields(
    ana: Member, fields: dict[str, object], error: str
) -> None:
    take_off_call(ana)
    back = page(sign_in(Client(), ana), "/my-page/hours/", **(NIGHTS_FORM | fields))
    assert error in back and ('value="18:00"' in back or "starts" in fields) and not WeeklyHours.objects.exists()


def test_coordinator_edits_a_members_hours_and_members_only_their_own(
    ana: Member, ben: Member, coordinator: User, nights: WeeklyHours
) -> None:
    desk = sign_in(Client(), coordinator)
    assert "Monday to Friday, 18:00 to 06:00" in page(desk, f"/members/{ana.pk}/hours/")
    page(desk, f"/members/{ana.pk}/hours/", **(NIGHTS_FORM | {"days": ["5", "6"], "starts": "", "ends": ""}))
    assert "Saturday and Sunday, all day" in page(desk, f"/members/{ana.pk}/hours/")
    assert Entry.objects.latest("pk").by == coordinator and ana.weekly_hours.count() == 2
    page(sign_in(Client(), ben), f"/my-page/hours/{nights.pk}/end/", now="")
    page(desk, f"/members/{ben.pk}/hours/{nights.pk}/end/", now="")
    assert ana.weekly_hours.count() == 2
    page(desk, f"/members/{ana.pk}/hours/{nights.pk}/end/", now="")
    assert ana.weekly_hours.get().days == 0b1100000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": MembershipState.IN_TRAINING, "designated_on": None}, "Only a designated member can be on call."),
        ({"leave_from": TODAY}, "A member on leave can&#x27;t be on call. End the leave first."),
    ],
)
def test_member_who_cannot_serve_cannot_go_on_call(ana: Member, change: dict[str, object], error: str) -> None:
    take_off_call(ana)
    Member.objects.update(**change)
    assert error in page(sign_in(Client(), ana), "/my-page/hours/", **NIGHTS_FORM) and not WeeklyHours.objects.exists()


def test_planned_leave_ends_on_call_hours_with_its_first_day(ana: Member, coordinator: User) -> None:
    membership.take_leave(member_id=ana.pk, first=TODAY + 3 * DAY, last=None, by=coordinator)
    midnight = datetime(2026, 6, 4, 5, 0, tzinfo=UTC)
    assert queries.on_call_at(midnight - HOUR / 60) == {ana.pk} and queries.on_call_at(midnight) == frozenset()
    hours = availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, by=ana.user, **NIGHTS)
    assert hours.until == midnight


def test_member_without_hours_is_available_at_any_time(ana: Member, ben: Member) -> None:
    take_off_call(ana)
    take_off_call(ben)
    assert members_available_at(NOW) == {ana.pk, ben.pk}
    availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.AVAILABLE, by=ana.user, **NIGHTS)
    assert members_available_at(NOW) == {ben.pk} and members_available_at(NOW + 9 * HOUR) == {ana.pk, ben.pk}
    availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, by=ana.user)
    assert members_available_at(NOW) == {ana.pk, ben.pk}, "on call is available"


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
def test_extreme_dates_break_nothing(ana: Member, fields: dict[str, date], is_away: bool) -> None:
    Member.objects.filter(pk=ana.pk).update(**fields)
    assert queries.on_call_at(NOW) == (frozenset() if is_away else {ana.pk})
    assert (queries.on_call_share(TODAY, TODAY) == 0) == is_away


def test_pause_until_the_last_possible_day(ana: Member) -> None:
    Pause.objects.create(member=ana, since=NOW - HOUR, back_on=LAST)
    assert queries.on_call_at(NOW) == frozenset()
