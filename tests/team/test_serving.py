"""Whether somebody can serve: the rule as a table, the query, and where those who never signed in don't count."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.team import queries
from peersupport.team.actions import invitations
from peersupport.team.domain.serving import NotServing, ServiceFacts, reasons_not_to_serve
from peersupport.team.domain.states import KeyState, MembershipState
from peersupport.team.models import Member, Pause, User, WeeklyHours
from peersupport.team.queries import availability, eligibility
from tests.cast import CAST_PASSWORD, LONG_AGO, make_invited, make_member, make_user, sign_in

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
ABLE = ServiceFacts(KeyState.WORKING)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (ABLE, []),
        (replace(ABLE, is_designated=False), ["in_training"]),
        (replace(ABLE, has_account=False), ["account"]),
        (replace(ABLE, key=KeyState.NONE, has_password=False), ["invited"]),
        (replace(ABLE, key=KeyState.NONE), ["no_key"]),
        (replace(ABLE, key=KeyState.UNCHECKED), ["key_unchecked"]),
        (replace(ABLE, key=KeyState.UNCONFIRMED), ["key_unconfirmed"]),
        (replace(ABLE, key=KeyState.UNVERIFIED), ["key_unverified"]),
        (replace(ABLE, is_on_leave=True), ["on_leave"]),
        (replace(ABLE, has_term_ended=True), ["term_ended"]),
        (replace(ABLE, is_pausing=True), ["pausing"]),
        (replace(ABLE, is_unreachable=True), ["unreachable"]),
        (
            ServiceFacts(
                KeyState.NONE,
                is_designated=False, has_account=False, has_password=False, has_term_ended=True,
                is_on_leave=True, is_unreachable=True, is_pausing=True,
            ),
            ["account", "invited", "unreachable", "in_training", "pausing", "on_leave", "term_ended"],
        ),
    ],
)  # fmt: skip
def test_reasons_not_to_serve(facts: ServiceFacts, reasons: list[str]) -> None:
    assert list(reasons_not_to_serve(facts)) == reasons


def test_serving_names_every_current_member_with_the_reasons(ana: Member, ben: Member, coordinator: User) -> None:
    fay = make_member("Fay", state=MembershipState.ENDED, ended_on=TODAY, end_reason="own_wish")
    cleo = make_member("Cleo", state=MembershipState.IN_TRAINING, designated_on=None, confirmed_by=coordinator)
    dan = make_member("Dan", leave_from=TODAY, leave_until=TODAY, confirmed_by=coordinator)
    ina = make_invited("Ina")
    for back_on in (None, TODAY + DAY):
        Pause.objects.create(member=ben, since=LONG_AGO, back_on=back_on)
    assert list(queries.serving(TODAY).items()) == [
        (ana.pk, ()),
        (ben.pk, (NotServing.UNREACHABLE, NotServing.PAUSING)),
        (cleo.pk, (NotServing.IN_TRAINING,)),
        (dan.pk, (NotServing.ON_LEAVE,)),
        (ina.pk, (NotServing.INVITED,)),
    ]
    assert queries.serving(TODAY + DAY)[dan.pk] == ()
    assert queries.reasons_of([ana.pk, dan.pk, fay.pk], TODAY) == {ana.pk: (), dan.pk: (NotServing.ON_LEAVE,)}


def test_serving_takes_three_queries_for_one_member_and_for_thirty(ana: Member, coordinator: User) -> None:
    def read() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as made:
            team = queries.serving(TODAY)
        return len(made), len(team)

    assert read() == (3, 1)
    for number in range(29):
        make_member(f"Member{number} Number", confirmed_by=coordinator)
    assert read() == (3, 30)


def test_who_accepts_the_invitation_is_invited_no_longer(coordinator: User) -> None:
    ina = make_invited("Ina Imported")
    assert queries.serving(TODAY) == {ina.pk: (NotServing.INVITED,)}
    token = invitations.invite(email=ina.user.email, name="Ina Imported", roles=[Role.MEMBER], by=coordinator)
    assert queries.serving(TODAY) == {ina.pk: (NotServing.INVITED,)}, "a mail is no sign-in"
    invitations.accept_invitation(token=token, password=CAST_PASSWORD)
    assert queries.serving(TODAY) == {ina.pk: (NotServing.KEY_UNCHECKED,)}


def test_a_coordinator_on_an_imported_roster_signs_in_and_has_no_key(db: None) -> None:
    """So "hasn't signed in yet" would be wrong of them."""
    carl = Member.objects.create(
        user=make_user("Carl", Role.COORDINATOR, Role.MEMBER), state="designated", designated_on=TODAY
    )
    assert queries.serving(TODAY) == {carl.pk: (NotServing.NO_KEY,)}


# Where somebody who was invited and never signed in doesn't count


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_the_public_page_does_not_name_who_never_signed_in(ana: Member, client: Client) -> None:
    make_invited("Ina Imported")
    page = client.get("/team/").content.decode()
    assert "Ana Alvarez" in page and "Ina Imported" not in page
    assert list(eligibility.public_roster(timezone.localdate())) == [ana]


def test_the_public_page_does_not_tell_who_is_on_a_pause(ana: Member, ben: Member, client: Client) -> None:
    Pause.objects.create(member=ana, since=LONG_AGO, back_on=timezone.localdate() + DAY)
    Pause.objects.create(member=ben, since=LONG_AGO)
    page = client.get("/team/").content.decode()
    assert "Ana Alvarez" in page and "Ben Brandt" in page


def test_nobody_can_be_asked_to_take_a_shift_before_they_signed_in(ana: Member) -> None:
    make_invited("Ina Imported")
    assert availability.members_who_can_take_shifts(timezone.localdate()) == [(ana.pk, "Ana Alvarez")]


def test_hours_of_who_never_signed_in_are_nobody_on_call(ana: Member, now: datetime) -> None:
    ina = make_invited("Ina Imported", on_call=True)
    reached = availability.reachable(now, DAY)
    assert availability.on_call_at(now) == reached.on_call == reached.on_call_soon == reached.in_hours == {ana.pk}
    WeeklyHours.objects.filter(member=ana).delete()
    assert availability.on_call_at(now) == availability.on_call_at(now, of=[ina.pk]) == frozenset()
    assert availability.reachable(now, DAY).in_hours == {ana.pk}, "without hours at any time, but not Ina"
    planned = availability.upcoming_schedule(now, 1)
    assert {shift.name for shift in planned.shifts} == {ina.user.name} and not planned.on_call and planned.gaps
    assert availability.gaps_on_call(now, 1, queries.serving(timezone.localdate(now))) == planned.gaps


def test_roster_and_member_page_say_that_somebody_never_signed_in(ana: Member, coordinator: User) -> None:
    ina = make_invited("Ina Imported", on_call=True)
    desk = sign_in(Client(), coordinator)
    assert "Designated · Invited, hasn&#x27;t signed in yet" in desk.get("/members/").content.decode()
    page = desk.get(f"/members/{ina.pk}/").content.decode()
    assert "Ina Imported was invited and hasn&#x27;t signed in yet." in page and "/invite/" in page
    assert "On call now" not in page and "hasn&#x27;t signed in" not in desk.get(f"/members/{ana.pk}/").content.decode()
    hours = desk.get(f"/members/{ina.pk}/hours/").content.decode()
    assert "Invited, hasn&#x27;t signed in yet. Until that changes, no hours count." in hours
