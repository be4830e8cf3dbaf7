"""The launch: once, by the coordinator's press, when everything on the checklist is in place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard import actions
from dashboard.domain.launch_checklist import Facts, Item, missing
from dashboard.queries import launch
from peersupport.audit.models import Entry
from peersupport.notices.models import Notice, PhoneAlert
from peersupport.program import actions as program
from peersupport.program import queries
from peersupport.program.models import CrisisLine, CrisisLinesConfirmation, Launch, ProgramText
from peersupport.team.actions import keys
from peersupport.team.models import Member, MemberKey, User, WeeklyHours
from requests_app.models import Request
from tests.cast import make_invited, sign_in, take_back_confirmations

pytestmark = pytest.mark.django_db

READY = Facts(members_ready=2, is_covered=True, unapproved_texts=0, are_lines_confirmed=True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (READY, ()),
        (Facts(1, True, 0, True), (Item.MEMBERS,)),
        (Facts(2, False, 0, True), (Item.SCHEDULE,)),
        (Facts(3, True, 1, True), (Item.TEXTS,)),
        (Facts(0, False, 2, False), tuple(Item)),
    ],
)
def test_each_item_can_be_missing_by_itself(facts: Facts, expected: tuple[Item, ...]) -> None:
    assert missing(facts) == expected


@pytest.fixture
def not_launched(db: None) -> None:
    Launch.objects.all().delete()


@pytest.fixture
def ready(ana: Member, ben: Member, coordinator: User, director: User) -> None:
    for member in (ana, ben):
        PhoneAlert.objects.create(user=member.user, sealed_address=b"only whether there is one")
    program.confirm_crisis_lines(by=coordinator.pk)
    for name in ProgramText.Name.values:
        program.write_text(name=name, body="Read by counsel.", after_version=0, by=coordinator.pk)
        program.approve_text(name=name, version=1, by=director.pk)


def missing_items() -> tuple[Item, ...]:
    return launch.missing_items(timezone.now())


def test_request_page_before_the_launch_has_crisis_lines_and_a_contact_but_no_form(
    not_launched: None, coordinator: User
) -> None:
    program.change_settings(
        values={"coordinator_contact": "555-0142"},
        lines=[{"name": "988", "description": "", "call": "988", "text_to": "", "text_body": ""}],
        by=None,
    )
    for answer in (Client().get("/request/"), Client().post("/request/", {"urgency": "now", "understood": "on"})):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "555-0142" in page and 'href="tel:988"' in page and 'name="message"' not in page
    assert Request.objects.count() == 0


def test_coordinator_launches_once_and_only_when_nothing_is_missing(
    not_launched: None, ready: None, coordinator: User
) -> None:
    take_back_confirmations(member__user__name="Ben Brandt")
    client = sign_in(Client(), coordinator)
    assert "Open the program" not in client.get("/home/", follow=True).content.decode()
    client.post("/opening/")
    assert queries.launched_on() is None and missing_items() == (Item.MEMBERS,)
    key = MemberKey.objects.get(confirmed_on=None)
    keys.confirm_key(key_id=key.pk, fingerprint=key.fingerprint, by=coordinator)
    assert missing_items() == ()
    PhoneAlert.objects.filter(user__name="Ben Brandt").delete()
    client.post("/opening/")
    assert queries.launched_on() is None and missing_items() == (Item.MEMBERS,), "nor without a bell"
    PhoneAlert.objects.create(user=User.objects.get(name="Ben Brandt"), sealed_address=b"one")
    for _ in range(2):
        client.post("/opening/")
    assert queries.launched_on() == timezone.localdate()
    assert list(Entry.objects.filter(action="program_launched").values_list("by_id", flat=True)) == [coordinator.pk]
    assert 'name="message"' in Client().get("/request/").content.decode()


def test_who_never_signed_in_is_not_ready_though_a_phone_alert_is_on_record(ready: None, ben: Member) -> None:
    ina = make_invited("Ina Imported")
    PhoneAlert.objects.create(user=ina.user, sealed_address=b"left from another role")
    assert launch.facts(timezone.now()).members_ready == 2
    take_back_confirmations(member=ben)
    assert missing_items() == (Item.MEMBERS,)


def test_later_gap_leaves_the_page_open_and_notifies_the_coordinator_once(ready: None, coordinator: User) -> None:
    assert not actions.notify_of_gaps(now=timezone.now())
    Member.objects.filter(user__name="Ben Brandt").update(leave_from=timezone.localdate())
    assert actions.notify_of_gaps(now=timezone.now())
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [coordinator.pk]
    assert not actions.notify_of_gaps(now=timezone.now())
    assert 'name="message"' in Client().get("/request/").content.decode()
    Member.objects.update(leave_from=None)
    assert not actions.notify_of_gaps(now=timezone.now()), "mended"
    Member.objects.update(leave_from=timezone.localdate())
    assert actions.notify_of_gaps(now=timezone.now()), "and broken again"


def test_confirmation_of_crisis_lines_lasts_a_year_and_ends_with_a_changed_number(
    ready: None, coordinator: User
) -> None:
    today = timezone.localdate()
    assert missing_items() == ()
    CrisisLinesConfirmation.objects.update(confirmed_on=today - timedelta(days=364))
    assert missing_items() == ()
    CrisisLinesConfirmation.objects.update(confirmed_on=today - timedelta(days=365))
    assert missing_items() == (Item.CRISIS_LINES,)
    sign_in(client := Client(), coordinator).post("/crisis-lines/")
    assert missing_items() == ()
    CrisisLine.objects.create(order=1, name="988", call="989")
    assert missing_items() == (Item.CRISIS_LINES,)
    assert "989" in client.get("/crisis-lines/").content.decode()


def test_uncovered_hour_in_the_next_two_weeks_is_a_gap(ready: None) -> None:
    in_a_week = timezone.now() + timedelta(days=7)
    WeeklyHours.objects.update(until=in_a_week)
    assert missing_items() == (Item.SCHEDULE,)
    WeeklyHours.objects.update(until=in_a_week + timedelta(days=8))
    assert missing_items() == ()


def test_nobody_is_notified_of_gaps_before_the_launch(not_launched: None, coordinator: User) -> None:
    assert not actions.notify_of_gaps(now=timezone.now())
    assert Notice.objects.count() == 0
