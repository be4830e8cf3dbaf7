"""After a critical incident: who is called and answers, what ends by itself, and what the public pages say."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from dashboard.queries import home
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.incidents import actions
from peersupport.incidents.domain.activation import MOVES, Stage, Step, check_move, step
from peersupport.incidents.models import Activation, CallOut, GroupSession
from peersupport.notices.models import Notice
from peersupport.program.data_inventory import tables_by_part
from peersupport.team.models import Member, User
from requests_app.queries import availability
from tests.cast import make_member, sign_in

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
    return actions.activate(by=coordinator)


@pytest.fixture
def desk(coordinator: User) -> Client:
    return sign_in(Client(), coordinator)


def press(browser: Client, address: str, **typed: object) -> str:
    answer = browser.post(address, typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def audited() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def told() -> set[int]:
    return set(Notice.objects.values_list("recipient_id", flat=True))


# The table, and the calendar


@pytest.mark.parametrize("now", Stage)
@pytest.mark.parametrize("to", Stage)
def test_every_pair_of_stages(now: Stage, to: Stage) -> None:
    if to in MOVES[now]:
        check_move(now, to)
    else:
        with pytest.raises(Refused):
            check_move(now, to)


@pytest.mark.parametrize(
    ("days", "reached"),
    [(0, None), (2, None), (3, Step.THREE_DAYS), (13, Step.THREE_DAYS), (14, Step.TWO_WEEKS), (364, Step.TWO_WEEKS),
     (365, Step.YEAR), (3000, Step.YEAR)],
)  # fmt: skip
def test_steps(days: int, reached: Step | None) -> None:
    assert step(TODAY, TODAY + days * DAY) == reached


def test_a_year_after_the_29th_of_february() -> None:
    assert step(date(2028, 2, 29), date(2029, 2, 27)) == Step.TWO_WEEKS
    assert step(date(2028, 2, 29), date(2029, 2, 28)) == Step.YEAR


# Calling out


def test_members_are_called_answer_and_change_their_mind(
    desk: Client, coordinator: User, ana: Member, ben: Member
) -> None:
    for _ in range(2):
        press(desk, PAGE)
    assert Activation.objects.count() == 1 and told() == set()
    press(desk, f"{PAGE}call-out/", members=[ana.pk], meeting="Noon, <b>annex</b>")
    assert told() == {ana.user_id} and set(Notice.objects.values_list("is_urgent", flat=True)) == {True}
    browser = sign_in(Client(), ana)
    page = browser.get("/desk/").content.decode()
    assert "The team is called out." in page and "Can you come?" in page and "Noon, &lt;b&gt;annex&lt;/b&gt;" in page
    assert "You said you can come" in press(browser, f"{PAGE}answer/", comes="1")
    assert "One of one can come." in desk.get(PAGE).content.decode()
    assert "You said you can't come" in press(browser, f"{PAGE}answer/")
    assert CallOut.objects.get().answer == "cannot"
    assert "The team is called out" not in sign_in(Client(), ben).get("/desk/").content.decode()
    assert audited()[-4:] == [
        "activation_begun", "members_called_out", "call_answered_comes", "call_answered_cannot",
    ]  # fmt: skip


def test_everybody_is_called_and_told_again_where_they_meet_but_not_who_cannot(
    desk: Client, running: Activation, ana: Member, ben: Member
) -> None:
    make_member("Lea Leave", leave_from=TODAY)
    press(desk, f"{PAGE}call-out/", everybody="on", meeting="Annex")
    assert told() == {ana.user_id, ben.user_id}
    actions.answer_call(member_id=ben.pk, comes=False, by=ben.user)
    Notice.objects.all().delete()
    press(desk, f"{PAGE}call-out/", meeting="Annex")
    assert told() == set(), "nothing new"
    press(desk, f"{PAGE}call-out/", meeting="Main station")
    assert told() == {ana.user_id}


def test_who_is_not_called_or_too_late_has_nothing_to_answer(
    coordinator: User, running: Activation, ana: Member
) -> None:
    browser = sign_in(Client(), ana)
    assert "There is nothing to answer." in press(browser, f"{PAGE}answer/", comes="1")
    actions.call_out(member_ids=[ana.pk], meeting="", by=coordinator)
    actions.end_activation(by=coordinator)
    assert "There is nothing to answer." in press(browser, f"{PAGE}answer/", comes="1")
    assert CallOut.objects.get().answer == "none"


# What ends by itself


def test_caps_are_raised_at_once_for_those_who_can_come_and_end_with_their_day(
    desk: Client, running: Activation, coordinator: User, ana: Member, ben: Member, monday: object
) -> None:
    def caps() -> dict[int, int]:
        return {peer.member_id: peer.cap for peer in availability.peers(timezone.now())}

    actions.call_out(member_ids=[ana.pk, ben.pk], meeting="", by=coordinator)
    actions.answer_call(member_id=ben.pk, comes=False, by=ben.user)
    press(desk, f"{PAGE}caps/", more="2", until="2026-06-03")
    assert caps() == {ana.pk: 5, ben.pk: 3}
    assert "carry two more than you said" in sign_in(Client(), ana).get("/desk/").content.decode()
    monday.shift(2 * DAY)
    assert caps() == {ana.pk: 5, ben.pk: 3}
    monday.shift(DAY)
    assert caps() == {ana.pk: 3, ben.pk: 3}, "no job ran"
    actions.raise_caps(more=1, until=TODAY + 9 * DAY, by=coordinator)
    assert caps()[ana.pk] == 4
    actions.end_activation(by=coordinator)
    assert caps()[ana.pk] == 3


def test_a_notice_stands_on_public_pages_as_text_until_its_day(
    desk: Client, running: Activation, client: Client, monday: object
) -> None:
    def says(address: str = "/") -> bool:
        return "We are here.<br>&lt;script&gt;" in client.get(address).content.decode()

    assert not says()
    press(desk, f"{PAGE}notice/", words="We are here.\r\n<script>", until="2026-06-02")
    assert says() and says("/about/") and says("/team/")
    assert not says("/request/"), "what an officer's screen shows says nothing"
    assert client.cookies == {}
    monday.shift(DAY)
    assert says()
    monday.shift(DAY)
    assert not says(), "no job ran"
    monday.shift(-2 * DAY)
    press(desk, f"{PAGE}notice/", words="", until="")
    assert not says() and Activation.objects.get().notice_until is None


def test_ending_it_leaves_no_words_and_is_done_once(desk: Client, running: Activation, coordinator: User) -> None:
    actions.put_notice(words="We are here.", until=TODAY, by=coordinator)
    actions.call_out(member_ids=[], meeting="Annex", by=coordinator)
    press(desk, f"{PAGE}end/")
    assert "has ended meanwhile" in press(desk, f"{PAGE}end/")
    ended = Activation.objects.get()
    assert (ended.stage, ended.ended_on, ended.meeting, ended.notice) == ("ended", TODAY, "", "")
    assert audited().count("activation_ended") == 1
    kept = press(desk, f"{PAGE}notice/", words="Typed in time", until="2026-06-09")
    assert "This activation has ended." in kept and "Typed in time" in kept
    assert "Earlier" in kept and "1 June 2026" in kept


def test_the_database_keeps_the_rules_too(running: Activation, coordinator: User) -> None:
    for broken in ({"caps_more": 2}, {"notice": "x"}, {"stage": "ended"}, {"caps_more": 9, "caps_until": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activation.objects.filter(pk=running.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activation.objects.create(begun_on=TODAY, begun_by=coordinator)


# Sessions, reminders


def test_sessions_are_planned_once_and_taken_back(
    desk: Client, running: Activation, coordinator: User, ana: Member
) -> None:
    for _ in range(2):
        press(desk, f"{PAGE}sessions/", **SESSION)
    session = GroupSession.objects.get()
    assert session.starts_at == datetime(2026, 6, 4, 19, 0, tzinfo=UTC), "the clock on the wall"
    actions.call_out(member_ids=[ana.pk], meeting="", by=coordinator)
    assert "Training room" in sign_in(Client(), ana).get("/desk/").content.decode()
    press(desk, f"{PAGE}sessions/{session.pk}/take-back/")
    press(desk, f"{PAGE}sessions/{session.pk}/take-back/")
    assert not GroupSession.objects.exists()
    assert audited().count("group_session_planned") == audited().count("group_session_taken_back") == 1


def test_nobody_who_comes_has_a_place_in_any_table() -> None:
    named = {table.name: {column.name for column in table.columns} for _, part in tables_by_part() for table in part}
    assert named["incidents_groupsession"] == {"id", "activation_id", "kind", "starts_at", "place"}
    assert named["incidents_callout"] == {"id", "activation_id", "member_id", "answer"}


def test_the_coordinator_is_reminded_of_each_step_once_and_sees_to_it(
    desk: Client, running: Activation, coordinator: User
) -> None:
    actions.end_activation(by=coordinator)
    found = []
    for days in (2, 3, 4, 15, 16, 365, 366):
        Notice.objects.all().delete()
        actions.remind_of_activations(today=TODAY + days * DAY)
        found.append((days, coordinator.pk in told()))
    assert found == [(2, False), (3, True), (4, False), (15, True), (16, False), (365, True), (366, False)]


def test_a_reminder_stands_on_the_home_until_it_is_seen_to(
    desk: Client, running: Activation, coordinator: User, monday: object
) -> None:
    def rows() -> list[str]:
        return [row.words for row in home.home_for(coordinator, TODAY + 3 * DAY).rows if "how people are" in row.words]

    assert rows() == ["Time to ask how people are: an incident on 1 June 2026"]
    monday.shift(3 * DAY)
    assert "Three days since 1 June 2026" in sign_in(desk, coordinator).get(PAGE).content.decode()
    for _ in range(2):
        press(desk, f"{PAGE}{running.pk}/seen/three_days/")
    assert rows() == [] and audited().count("seen_to_after_three_days") == 1
    press(desk, f"{PAGE}{running.pk}/seen/soon/")
    assert Activation.objects.get().seen_step == "three_days"
    assert actions.remind_of_activations(today=TODAY + 3 * DAY) == 0, "seen to before the round"


# Bad input


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        ("call-out", {}, "Choose whom to call, or say where and when they meet now."),
        ("call-out", {"members": ["987654"]}, "The list has changed meanwhile."),
        ("call-out", {"meeting": "x" * 301}, "Please stay under 300 characters."),
        ("caps", {"until": "2026-06-03"}, "Choose one of these."),
        ("caps", {"more": "99", "until": "2026-06-03"}, "Select a valid choice."),
        ("caps", {"more": "1"}, "Choose the last day, so that it ends by itself."),
        ("caps", {"more": "1", "until": "2026-05-31"}, "This day has passed."),
        ("caps", {"more": "1", "until": "2090-12-31"}, "Choose a day within 30 days."),
        ("caps", {"more": "1", "until": "soon"}, "Enter a valid date."),
        ("notice", {"words": "We are here."}, "Choose the last day, so that it does not stay up."),
        ("notice", {"words": "x" * 601, "until": "2026-06-03"}, "Please stay under 600 characters"),
        ("sessions", SESSION | {"day": "2026-05-31"}, "This hour has passed."),
        ("sessions", SESSION | {"day": "2090-12-31"}, "Choose a day within a year."),
        ("sessions", SESSION | {"day": "2027-03-14", "starts": "02:30"}, "the clocks change"),
        ("sessions", SESSION | {"kind": "party"}, "Choose one of these."),
        ("sessions", {"place": "Room 4"}, "Choose the day."),
    ],
)
def test_bad_input_is_said_in_words_and_changes_nothing(
    desk: Client, running: Activation, ana: Member, address: str, typed: dict[str, object], said: str
) -> None:
    before = Entry.objects.count()
    page = press(desk, f"{PAGE}{address}/", **typed)
    assert said in page and Entry.objects.count() == before and told() == set()
    words = str(typed.get("words") or typed.get("place") or "")
    assert words in page, "what was typed is kept"
