"""The page that asks for support opens once, by a press, when all that it stands on is there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard import actions
from dashboard.domain.launch_checklist import Facts, Line, missing
from dashboard.queries import launch_facts
from peersupport.audit.models import Entry
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.program import actions as program
from peersupport.program import queries
from peersupport.program.models import CrisisLine, CrisisLinesConfirmation, Launch, ProgramText
from peersupport.team.models import Member, MemberKey, User, WeeklyHours
from requests_app.models import Request
from tests.cast import sign_in

pytestmark = pytest.mark.django_db

READY = Facts(members_ready=2, is_covered=True, unapproved_texts=0, are_lines_confirmed=True)


@pytest.mark.parametrize(
    ("facts", "lacking"),
    [
        (READY, ()),
        (Facts(1, True, 0, True), (Line.MEMBERS,)),
        (Facts(2, False, 0, True), (Line.SCHEDULE,)),
        (Facts(3, True, 1, True), (Line.TEXTS,)),
        (Facts(0, False, 2, False), tuple(Line)),
    ],
)
def test_each_line_of_the_checklist_is_missing_by_itself(facts: Facts, lacking: tuple[Line, ...]) -> None:
    assert missing(facts) == lacking


@pytest.fixture
def closed(db: None) -> None:
    Launch.objects.all().delete()


@pytest.fixture
def ready(ana: Member, ben: Member, coordinator: User, director: User) -> None:
    for member in (ana, ben):
        PhoneAlert.objects.create(user=member.user, sealed_address=b"only whether there is one")
    program.confirm_lines(by=coordinator.pk)
    for name in ProgramText.Name.values:
        program.write_text(name=name, body="Read by counsel.", after_version=0, by=coordinator.pk)
        program.approve_text(name=name, version=1, by=director.pk)


def lacking() -> tuple[Line, ...]:
    return launch_facts.lines_missing(timezone.now())


def test_until_it_is_open_the_page_has_no_form_but_lines_and_a_way_to_reach_the_program(
    closed: None, coordinator: User
) -> None:
    program.change_settings(
        values={"coordinator_contact": "555-0142"},
        lines=[{"name": "988", "words": "", "call": "988", "text_to": "", "text_body": ""}],
        by=None,
    )
    for answer in (Client().get("/request/"), Client().post("/request/", {"urgency": "now", "understood": "on"})):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "555-0142" in page and 'href="tel:988"' in page and 'name="message"' not in page
    assert Request.objects.count() == 0


def test_the_coordinator_opens_it_once_and_only_when_nothing_is_missing(
    closed: None, ready: None, coordinator: User
) -> None:
    MemberKey.objects.filter(member__user__name="Ben Brandt").update(confirmed_by=None, confirmed_on=None)
    client = sign_in(Client(), coordinator)
    assert "Open the program" not in client.get("/home/", follow=True).content.decode()
    client.post("/opening/")
    assert queries.opened_on() is None and lacking() == (Line.MEMBERS,)
    MemberKey.objects.update(confirmed_by=coordinator, confirmed_on=timezone.localdate())
    assert lacking() == ()
    PhoneAlert.objects.filter(user__name="Ben Brandt").delete()
    client.post("/opening/")
    assert queries.opened_on() is None and lacking() == (Line.MEMBERS,), "nor without a bell"
    PhoneAlert.objects.create(user=User.objects.get(name="Ben Brandt"), sealed_address=b"one")
    for _ in range(2):
        client.post("/opening/")
    assert queries.opened_on() == timezone.localdate()
    assert list(Entry.objects.filter(action="program_opened").values_list("by_id", flat=True)) == [coordinator.pk]
    assert 'name="message"' in Client().get("/request/").content.decode()


def test_a_later_gap_leaves_the_page_open_and_tells_the_coordinator_once(ready: None, coordinator: User) -> None:
    assert not actions.tell_of_gaps(now=timezone.now())
    Member.objects.filter(user__name="Ben Brandt").update(leave_from=timezone.localdate())
    assert actions.tell_of_gaps(now=timezone.now())
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [coordinator.pk]
    assert not actions.tell_of_gaps(now=timezone.now())
    assert 'name="message"' in Client().get("/request/").content.decode()
    Member.objects.update(leave_from=None)
    assert not actions.tell_of_gaps(now=timezone.now()), "mended"
    Member.objects.update(leave_from=timezone.localdate())
    assert actions.tell_of_gaps(now=timezone.now()), "and broken again"


def test_crisis_lines_are_confirmed_for_a_year_and_for_these_very_numbers(ready: None, coordinator: User) -> None:
    today = timezone.localdate()
    assert lacking() == ()
    CrisisLinesConfirmation.objects.update(confirmed_on=today - timedelta(days=364))
    assert lacking() == ()
    CrisisLinesConfirmation.objects.update(confirmed_on=today - timedelta(days=365))
    assert lacking() == (Line.CRISIS_LINES,)
    sign_in(client := Client(), coordinator).post("/crisis-lines/")
    assert lacking() == ()
    CrisisLine.objects.create(order=1, name="988", call="989")
    assert lacking() == (Line.CRISIS_LINES,)
    assert "989" in client.get("/crisis-lines/").content.decode()


def test_an_hour_of_the_next_two_weeks_without_anybody_on_call_is_a_gap(ready: None) -> None:
    in_a_week = timezone.now() + timedelta(days=7)
    WeeklyHours.objects.update(until=in_a_week)
    assert lacking() == (Line.SCHEDULE,)
    WeeklyHours.objects.update(until=in_a_week + timedelta(days=8))
    assert lacking() == ()


def test_before_it_is_open_nobody_is_told_of_what_is_missing(closed: None, coordinator: User) -> None:
    assert not actions.tell_of_gaps(now=timezone.now())
    assert Notice.objects.count() == 0
