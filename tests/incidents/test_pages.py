"""The pages of an activation: who is called out and answers, what ends by itself, what the public pages show."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.incidents import actions, queries
from peersupport.incidents.models import Activation, CallOut, GroupSession
from peersupport.notices.models import Notice
from peersupport.program.data_inventory import tables_by_section
from peersupport.team.models import Member, Pause, User
from requests_app.queries import matching
from tests.cast import make_invited, make_member, sign_in
from tests.dashboard.homes import home_for

NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # a Monday, ten in the morning in Chicago
TODAY, DAY = date(2026, 6, 1), timedelta(days=1)
PAGE = "/after-an-incident/"
SESSION = {"kind": "debriefing", "day": "2026-06-04", "starts": "14:00", "place": "Training room"}


@pytest.fixture(autouse=True)
def monday(db: None) -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def running(coordinator: User) -> Activation:
    return actions.begin_activation(by=coordinator)


@pytest.fixture
def desk(coordinator: User) -> Client:
    return sign_in(Client(), coordinator)


def post(browser: Client, address: str, **fields: object) -> str:
    response = browser.post(address, fields, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def audited() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def notified() -> set[int]:
    return set(Notice.objects.values_list("recipient_id", flat=True))


# Calling out


def test_called_members_answer_and_change_their_answer(
    desk: Client, coordinator: User, ana: Member, ben: Member
) -> None:
    for _ in range(2):
        post(desk, PAGE)
    assert Activation.objects.count() == 1 and notified() == set()
    post(desk, f"{PAGE}call-out/", members=[ana.pk], meeting="Noon, <b>annex</b>")
    assert notified() == {ana.user_id} and set(Notice.objects.values_list("is_urgent", flat=True)) == {True}
    browser = sign_in(Client(), ana)
    page = browser.get("/desk/").content.decode()
    assert (
        "The team has been called out." in page and "Can you come?" in page and "Noon, &lt;b&gt;annex&lt;/b&gt;" in page
    )
    assert "You said you can come" in post(browser, f"{PAGE}answer/", comes="1")
    assert "The one member you called out can come." in desk.get(PAGE).content.decode()
    assert "You said you can&#x27;t come" in post(browser, f"{PAGE}answer/")
    assert CallOut.objects.get().answer == "cannot"
    assert "The team has been called out" not in sign_in(Client(), ben).get("/desk/").content.decode()
    assert audited()[-4:] == [
        "activation_begun", "members_called_out", "call_answered_comes", "call_answered_cannot",
    ]  # fmt: skip


def test_who_never_signed_in_or_rests_is_not_called_out(
    desk: Client, running: Activation, coordinator: User, ana: Member, ben: Member
) -> None:
    ina = make_invited("Ina Imported")
    Pause.objects.create(member=ben, since=NOW, back_on=TODAY + DAY)
    assert queries.members_to_call_out(running, TODAY) == [(ana.pk, "Ana Alvarez")]
    actions.call_out(member_ids=[ana.pk, ben.pk, ina.pk], meeting="", by=coordinator)
    assert notified() == {ana.user_id}, "whatever the page has shown"


def test_the_page_takes_the_same_queries_for_1_and_30_members(
    desk: Client, running: Activation, coordinator: User, ana: Member
) -> None:
    with CaptureQueriesContext(connection) as with_one:
        desk.get(PAGE)
    for number in range(29):
        make_member(f"Nr{number}", confirmed_by=coordinator)
    with CaptureQueriesContext(connection) as with_thirty:
        assert "Nr28" in desk.get(PAGE).content.decode()
    assert len(with_one) == len(with_thirty)


def test_changed_meeting_notifies_again_unless_they_cannot_come(
    desk: Client, running: Activation, ana: Member, ben: Member
) -> None:
    make_member("Lea Leave", leave_from=TODAY)
    post(desk, f"{PAGE}call-out/", everybody="on", meeting="Annex")
    assert notified() == {ana.user_id, ben.user_id}
    actions.answer_call(member_id=ben.pk, comes=False, by=ben.user)
    Notice.objects.all().delete()
    post(desk, f"{PAGE}call-out/", meeting="Annex")
    assert notified() == set(), "nothing new"
    post(desk, f"{PAGE}call-out/", meeting="Main station")
    assert notified() == {ana.user_id}


def test_answer_is_refused_if_not_called_or_too_late(coordinator: User, running: Activation, ana: Member) -> None:
    browser = sign_in(Client(), ana)
    assert "there&#x27;s nothing to answer." in post(browser, f"{PAGE}answer/", comes="1")
    actions.call_out(member_ids=[ana.pk], meeting="", by=coordinator)
    actions.end_activation(by=coordinator)
    assert "This activation has ended." in post(browser, f"{PAGE}answer/", comes="1")
    assert CallOut.objects.get().answer == "none"


# What ends by itself


def test_caps_are_raised_for_those_who_can_come_until_the_last_day(
    desk: Client, running: Activation, coordinator: User, ana: Member, ben: Member, monday: object
) -> None:
    def caps() -> dict[int, int]:
        return {peer.member_id: peer.cap for peer in matching.serving_peers(timezone.now())}

    actions.call_out(member_ids=[ana.pk, ben.pk], meeting="", by=coordinator)
    actions.answer_call(member_id=ben.pk, comes=False, by=ben.user)
    post(desk, f"{PAGE}caps/", more="2", until="2026-06-03")
    assert caps() == {ana.pk: 5, ben.pk: 3}
    assert "take two more contacts than you chose" in sign_in(Client(), ana).get("/desk/").content.decode()
    monday.shift(2 * DAY)
    assert caps() == {ana.pk: 5, ben.pk: 3}
    monday.shift(DAY)
    assert caps() == {ana.pk: 3, ben.pk: 3}, "no job ran"
    actions.raise_caps(extra_contacts=1, until=TODAY + 9 * DAY, by=coordinator)
    assert caps()[ana.pk] == 4
    actions.end_activation(by=coordinator)
    assert caps()[ana.pk] == 3


def test_notice_is_on_public_pages_until_its_last_day(
    desk: Client, running: Activation, client: Client, monday: object
) -> None:
    def is_shown(address: str = "/") -> bool:
        return "We are here.<br>&lt;script&gt;" in client.get(address).content.decode()

    assert not is_shown()
    post(desk, f"{PAGE}notice/", words="We are here.\r\n<script>", until="2026-06-02")
    assert is_shown() and is_shown("/about/") and is_shown("/team/")
    assert not is_shown("/request/"), "an officer's screen must not show it"
    assert client.cookies == {}
    monday.shift(DAY)
    assert is_shown()
    monday.shift(DAY)
    assert not is_shown(), "no job ran"
    monday.shift(-2 * DAY)
    post(desk, f"{PAGE}notice/", words="", until="")
    assert not is_shown() and Activation.objects.get().notice_until is None


def test_ending_removes_meeting_and_notice_and_happens_once(
    desk: Client, running: Activation, coordinator: User
) -> None:
    actions.publish_notice(text="We are here.", until=TODAY, by=coordinator)
    actions.call_out(member_ids=[], meeting="Annex", by=coordinator)
    post(desk, f"{PAGE}end/")
    assert "has already ended" in post(desk, f"{PAGE}end/")
    ended = Activation.objects.get()
    assert (ended.stage, ended.ended_on, ended.meeting, ended.notice) == ("ended", TODAY, "", "")
    assert audited().count("activation_ended") == 1
    page = post(desk, f"{PAGE}notice/", words="Typed in time", until="2026-06-09")
    assert "This activation has ended." in page and "Typed in time" in page
    assert "Earlier" in page and "June 1, 2026" in page


def test_database_constraints(running: Activation, coordinator: User) -> None:
    for broken in (
        {"extra_contacts": 2},
        {"notice": "x"},
        {"stage": "ended"},
        {"extra_contacts": 9, "caps_until": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activation.objects.filter(pk=running.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activation.objects.create(begun_on=TODAY, begun_by=coordinator)


# Sessions, reminders


def test_group_session_is_planned_once_and_canceled(
    desk: Client, running: Activation, coordinator: User, ana: Member
) -> None:
    for _ in range(2):
        post(desk, f"{PAGE}sessions/", **SESSION)
    session = GroupSession.objects.get()
    assert session.starts_at == datetime(2026, 6, 4, 19, 0, tzinfo=UTC), "the clock on the wall"
    actions.call_out(member_ids=[ana.pk], meeting="", by=coordinator)
    assert "Training room" in sign_in(Client(), ana).get("/desk/").content.decode()
    post(desk, f"{PAGE}sessions/{session.pk}/take-back/")
    post(desk, f"{PAGE}sessions/{session.pk}/take-back/")
    assert not GroupSession.objects.exists()
    assert audited().count("group_session_planned") == audited().count("group_session_canceled") == 1


def test_no_table_can_record_who_comes() -> None:
    named = {table.name: {column.name for column in table.columns} for _, part in tables_by_section() for table in part}
    assert named["incidents_groupsession"] == {"id", "activation_id", "kind", "starts_at", "place"}
    assert named["incidents_callout"] == {"id", "activation_id", "member_id", "answer"}


def test_coordinator_is_reminded_of_each_follow_up_once(desk: Client, running: Activation, coordinator: User) -> None:
    actions.end_activation(by=coordinator)
    found = []
    for days in (2, 3, 4, 15, 16, 365, 366):
        Notice.objects.all().delete()
        actions.send_follow_up_reminders(today=TODAY + days * DAY)
        found.append((days, coordinator.pk in notified()))
    assert found == [(2, False), (3, True), (4, False), (15, True), (16, False), (365, True), (366, False)]


def test_follow_up_is_on_the_home_until_acknowledged(
    desk: Client, running: Activation, coordinator: User, monday: object
) -> None:
    def todos() -> list[str]:
        return [todo.text for todo in home_for(coordinator, TODAY + 3 * DAY).todos if "check on people" in todo.text]

    assert todos() == ["Time to check on people after the incident of June 1, 2026"]
    monday.shift(3 * DAY)
    assert "Three days since the incident of June 1, 2026" in sign_in(desk, coordinator).get(PAGE).content.decode()
    for _ in range(2):
        post(desk, f"{PAGE}{running.pk}/seen/three_days/")
    assert todos() == [] and audited().count("follow_up_acknowledged_three_days") == 1
    post(desk, f"{PAGE}{running.pk}/seen/soon/")
    assert Activation.objects.get().acknowledged_follow_up == "three_days"
    assert actions.send_follow_up_reminders(today=TODAY + 3 * DAY) == 0, "acknowledged before the round"


# Bad input


@pytest.mark.parametrize(
    ("address", "fields", "error"),
    [
        ("call-out", {}, "Choose who to call out, or change where and when they meet."),
        ("call-out", {"members": ["987654"]}, "The list has changed since you opened this page."),
        ("call-out", {"meeting": "x" * 301}, "Use 300 characters or fewer."),
        ("caps", {"until": "2026-06-03"}, "Choose one of these."),
        ("caps", {"more": "99", "until": "2026-06-03"}, "Select a valid choice."),
        ("caps", {"more": "1"}, "Choose a last day, so this ends automatically."),
        ("caps", {"more": "1", "until": "2026-05-31"}, "That day has passed."),
        ("caps", {"more": "1", "until": "2090-12-31"}, "Choose a day within 30 days."),
        ("caps", {"more": "1", "until": "soon"}, "Enter a valid date."),
        ("notice", {"words": "We are here."}, "Choose a last day, so the notice doesn&#x27;t stay up."),
        ("notice", {"words": "x" * 601, "until": "2026-06-03"}, "Use 600 characters or fewer."),
        ("sessions", SESSION | {"day": "2026-05-31"}, "That time has passed."),
        ("sessions", SESSION | {"day": "2090-12-31"}, "Choose a day within a year."),
        ("sessions", SESSION | {"day": "2027-03-14", "starts": "02:30"}, "The clocks change that day"),
        ("sessions", SESSION | {"kind": "party"}, "Choose one of these."),
        ("sessions", {"place": "Room 4"}, "Choose a day."),
    ],
)
def test_bad_input_shows_an_error_and_changes_nothing(
    desk: Client, running: Activation, ana: Member, address: str, fields: dict[str, object], error: str
) -> None:
    before = Entry.objects.count()
    page = post(desk, f"{PAGE}{address}/", **fields)
    assert error in page and Entry.objects.count() == before and notified() == set()
    typed = str(fields.get("words") or fields.get("place") or "")
    assert typed in page, "what was typed is lost"
