from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from tests.cast import sign_in
from tests.training.pages import page_text
from tests.training.sessions import plan_session
from training import counts
from training.actions import sessions, subjects
from training.domain.states import GivenSessionKind
from training.models import Enrollment, GivenSession, Record, Session
from training.queries import subjects as subjects_queries

pytestmark = pytest.mark.django_db
PLAN, GIVEN = "/training/sessions/plan/", "/training/given/"
TYPED = {
    "title": "Two days", "starts_at": "2027-03-31T08:00", "ends_at": "2027-04-01T16:00", "time_zone": "America/Denver",
    "delivery": "online", "place": "https://example.org/room", "capacity": "2", "hours_mediation": "4",
    "hours_listening_skills": "3.5",
}  # fmt: skip


def pressed(client, address, typed):
    """The form as a browser has it: with the number of the page."""
    return {"token": client.get(address).context["form"]["token"].value(), **typed}


def test_session_is_planned_in_its_own_time_zone(as_coordinator):
    typed = pressed(as_coordinator, PLAN, TYPED)
    for _ in range(2):
        assert as_coordinator.post(PLAN, typed).status_code == 302
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2027-03-31T14:00:00+00:00"
    assert {part.subject.code: part.hours for part in session.parts.all()} == {
        "mediation": Decimal(4), "listening_skills": Decimal("3.5"),
    }  # fmt: skip
    assert "Wednesday, March 31, 2027, 08:00 to April 1, 2027, 16:00 MDT" in page_text(
        as_coordinator.get(f"/training/sessions/{session.pk}/")
    )
    again = as_coordinator.get(f"/training/sessions/{session.pk}/change/").context["form"]
    assert again["starts_at"].value() == TYPED["starts_at"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_at": "2027-03-31T07:00"}, "ends before it starts"),
        ({"ends_at": "2027-03-31T08:00"}, "ends before it starts"),
        ({"ends_at": "2028-04-01T16:00"}, "60 days at most"),
        ({"starts_at": "20227-03-31T08:00"}, "date and time like"),
        ({"starts_at": "0227-03-31T08:00"}, "the year"),
        ({"starts_at": "2027-13-31T08:00"}, "date and time like"),
        ({"starts_at": "2027-03-31T08:00+02:00"}, "date and time like"),
        ({"starts_at": "soon"}, "date and time like"),
        ({"hours_mediation": "-1"}, "Hours must be more than 0"),
        ({"hours_mediation": "1.01"}, "quarter hours"),
        ({"hours_mediation": "99"}, "more than the session lasts"),
        ({"hours_mediation": "", "hours_listening_skills": "0"}, "at least one subject"),
        ({"capacity": "0"}, "Please enter 1 or more."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"title": ""}, "Please fill this in."),
    ],
)
def test_implausible_session_is_refused_with_a_sentence(as_coordinator, wrong, sentence):
    answer = as_coordinator.post(PLAN, pressed(as_coordinator, PLAN, {**TYPED, **wrong}))
    assert answer.status_code == 200
    assert sentence in page_text(answer)
    assert "ends_at" not in wrong or answer.context["form"].errors["ends_at"]
    assert not Session.objects.exists()


def test_attendance_becomes_a_record_that_matching_reads(as_coordinator, as_ana, ana, ben, coordinator):
    session = plan_session(coordinator, in_days=0.001)
    assert as_ana.post(f"/training/sessions/{session.pk}/enroll/").status_code == 302
    assert "You&#x27;re enrolled" in page_text(as_ana.get("/training/sessions/"))
    Session.objects.update(starts_at=timezone.now() - timedelta(hours=8), ends_at=timezone.now())
    page = as_coordinator.get(f"/training/sessions/{session.pk}/attendance/")
    assert page.context["form"]["present"].value() == [ana.pk]
    as_coordinator.post(f"/training/sessions/{session.pk}/attendance/", {"present": [ana.pk, ben.pk]})
    today = timezone.localdate()
    assert (
        subjects_queries.current_subjects(today)[ana.pk]
        == subjects_queries.current_subjects(today)[ben.pk]
        == {"suicide_intervention"}
    )
    as_coordinator.post(f"/training/sessions/{session.pk}/attendance/", {"present": [ben.pk]})
    assert set(subjects_queries.current_subjects(today)) == {ben.pk}
    assert list(Enrollment.objects.order_by("pk").values_list("member", "attended")) == [
        (ana.pk, False),
        (ben.pk, True),
    ]
    done = Entry.objects.filter(about__startswith=f"session:{session.pk}").order_by("pk")
    assert list(done.values_list("action", "by")) == [
        ("session_planned", coordinator.pk), ("member_enrolled", ana.user_id),
        ("attendance_noted", coordinator.pk), ("attendance_noted", coordinator.pk),
    ]  # fmt: skip


def test_record_has_the_local_day_on_which_the_session_ended(coordinator, ana):
    session = plan_session(
        coordinator, time_zone="Pacific/Honolulu", in_days=-30,
        ends_at=datetime.fromisoformat("2026-03-02T06:00:00+00:00"),
        starts_at=datetime.fromisoformat("2026-03-01T18:00:00+00:00"),
    )  # fmt: skip
    sessions.note_attendance(session_id=session.pk, present=[ana.pk], by=coordinator)
    assert Record.objects.get().completed_on == date(2026, 3, 1)
    assert counts.held(date(2026, 3, 1), date(2026, 3, 1)) == counts.HeldCount(sessions=1, headcount=1)
    assert counts.held(date(2026, 3, 2), date(2026, 3, 9)) == counts.HeldCount(sessions=0, headcount=0)


def test_attendance_of_thousands_is_read(as_coordinator, ana, coordinator):
    session = plan_session(coordinator, in_days=0.001)
    Session.objects.update(starts_at=timezone.now() - timedelta(hours=8), ends_at=timezone.now())
    address = f"/training/sessions/{session.pk}/attendance/"
    assert as_coordinator.post(address, {"present": [str(ana.pk)] * 3_000}).status_code == 302
    assert list(Enrollment.objects.filter(attended=True).values_list("member", flat=True)) == [ana.pk]


def test_attendance_keeps_an_existing_record_of_that_day(coordinator, ana, trained):
    session = plan_session(coordinator, in_days=-1)
    trained(ana, "suicide_intervention", timezone.localdate(session.ends_at), 2)
    sessions.note_attendance(session_id=session.pk, present=[ana.pk], by=coordinator)
    assert Record.objects.get().hours == 2


def test_attendance_needs_a_session_that_has_begun_and_is_not_cancelled(coordinator, ana):
    session = plan_session(coordinator)
    with pytest.raises(Refused, match="hasn't started"):
        sessions.note_attendance(session_id=session.pk, present=[ana.pk], by=coordinator)
    sessions.cancel_session(session_id=session.pk, by=coordinator)
    for act in (sessions.note_attendance, sessions.cancel_session):
        with pytest.raises(Refused, match=r"canceled|can't be taken"):
            act(session_id=session.pk, by=coordinator, **({"present": []} if act is sessions.note_attendance else {}))
    with pytest.raises(Refused, match="over or canceled"):
        sessions.enroll(session_id=session.pk, member_id=ana.pk, by=ana.user)
    assert not Record.objects.exists()


def test_last_seat_is_taken_once(coordinator, ana, ben):
    session = plan_session(coordinator, capacity=1)
    for _ in range(2):
        sessions.enroll(session_id=session.pk, member_id=ana.pk, by=ana.user)
    with pytest.raises(Refused, match="Every spot is taken"):
        sessions.enroll(session_id=session.pk, member_id=ben.pk, by=ben.user)
    sessions.withdraw(session_id=session.pk, member_id=ana.pk, by=ana.user)
    sessions.enroll(session_id=session.pk, member_id=ben.pk, by=ben.user)
    assert [each.member for each in Enrollment.objects.all()] == [ben]


@pytest.mark.parametrize("what", ["change", "cancel"])
def test_only_enrolled_members_are_notified_of_a_change(as_coordinator, coordinator, ana, ben, what):
    session = plan_session(coordinator)
    sessions.enroll(session_id=session.pk, member_id=ana.pk, by=ana.user)
    assert not Notice.objects.exists()
    assert as_coordinator.post(f"/training/sessions/{session.pk}/{what}/", TYPED).status_code == 302
    assert list(Notice.objects.values_list("recipient", "is_urgent")) == [(ana.user_id, False)]


def test_capacity_below_enrollment_is_refused(as_coordinator, coordinator, ana, ben):
    session = plan_session(coordinator)
    for member in (ana, ben):
        sessions.enroll(session_id=session.pk, member_id=member.pk, by=member.user)
    answer = as_coordinator.post(f"/training/sessions/{session.pk}/change/", {**TYPED, "capacity": "1"})
    assert "2 members are already enrolled" in page_text(answer)
    assert Session.objects.get().title == session.title


def test_calendar_file_updates_the_same_event(as_ana, coordinator):
    session = plan_session(coordinator, title="A; tricky, title\nwith a line")
    sessions.cancel_session(session_id=session.pk, by=coordinator)
    answer = as_ana.get(f"/training/sessions/{session.pk}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == (session.title, "CANCELLED", 1)
    assert event["UID"] == f"training-session-{session.pk}@testserver"
    assert event.start == session.starts_at.replace(microsecond=0)


def test_planned_session_keeps_a_subject_that_was_retired(as_coordinator, coordinator):
    session = plan_session(coordinator, subjects=("mediation", "listening_skills"), hours=4)
    page = f"/training/sessions/{session.pk}/change/"
    subjects.retire_subject(code="mediation", by=coordinator)
    form = as_coordinator.get(page).context["form"]
    assert form["hours_mediation"].label == "Mediation techniques (retired)"
    typed = {**TYPED, "hours_mediation": form["hours_mediation"].value()}
    assert as_coordinator.post(page, typed).status_code == 302
    assert {part.subject.code: part.hours for part in session.parts.all()} == {
        "mediation": Decimal(4), "listening_skills": Decimal("3.5"),
    }  # fmt: skip
    assert as_coordinator.post(page, {**typed, "hours_mediation": ""}).status_code == 302
    assert [part.subject.code for part in session.parts.all()] == ["listening_skills"]


def test_hours_of_a_subject_retired_since_the_page_loaded_are_an_error(as_coordinator, coordinator):
    typed = pressed(as_coordinator, PLAN, TYPED)
    subjects.retire_subject(code="mediation", by=coordinator)
    assert "retired since you opened the page" in page_text(as_coordinator.post(PLAN, typed))
    assert not Session.objects.exists()
    with pytest.raises(Refused, match="isn't on the list"):
        plan_session(coordinator, subjects=("mediation",))


def test_long_lists_are_paginated(as_coordinator, coordinator):
    day = timezone.now() - timedelta(days=9)
    Session.objects.bulk_create(
        Session(title=f"Past {n}", starts_at=day, ends_at=day + timedelta(hours=n), time_zone="UTC", state="held")
        for n in range(1, 62)
    )
    GivenSession.objects.bulk_create(
        GivenSession(held_on=day.date(), kind=GivenSessionKind.OUTREACH, topic=f"Fair {n}", headcount=n)
        for n in range(1, 62)
    )
    for address, name in (("/training/sessions/", "past"), (GIVEN, "given_sessions")):
        pages = [as_coordinator.get(f"{address}?page={number}") for number in (1, 2, "x")]
        assert [len(page.context[name].object_list) for page in pages] == [50, 11, 50]
        assert "Page 2 of 2, 61 in all" in page_text(pages[1])


def test_member_does_not_see_who_else_is_enrolled(as_ana, coordinator, ben):
    session = plan_session(coordinator)
    sessions.enroll(session_id=session.pk, member_id=ben.pk, by=ben.user)
    assert ben.user.name not in as_ana.get(f"/training/sessions/{session.pk}/").content.decode()


def test_given_sessions_are_counted_once(as_coordinator, client, director):
    day = timezone.localdate()
    typed = {"kind": "education", "topic": "Roll call", "held_on": day.isoformat(), "headcount": "23"}
    for headcount in ("23", "12"):
        once = pressed(as_coordinator, GIVEN, {**typed, "headcount": headcount})
        for _ in range(2):
            assert as_coordinator.post(GIVEN, once).status_code == 302
    assert "in the future" in page_text(as_coordinator.post(GIVEN, {**typed, "held_on": "2099-01-01"}))
    assert "once more" in page_text(as_coordinator.post(GIVEN, typed)), "no number, no entry"
    assert [(one.kind, one.sessions, one.headcount) for one in counts.given(day, day)] == [
        (GivenSessionKind.EDUCATION, 2, 35), (GivenSessionKind.OUTREACH, 0, 0),
    ]  # fmt: skip
    assert counts.given(day - timedelta(days=9), day - timedelta(days=1))[0].sessions == 0
    assert GivenSession.objects.count() == 2
    sign_in(client, director)
    assert client.post(GIVEN, typed).status_code == 404


def test_deleting_a_given_session_is_audited(as_coordinator, coordinator):
    day = timezone.localdate()
    one = sessions.record_given_session(
        held_on=day, kind=GivenSessionKind.OUTREACH, topic="Twice", headcount=9, by=coordinator
    )
    page = as_coordinator.get(GIVEN).content.decode()
    assert f"/training/given/{one.pk}/take-back/" in page
    assert "Yes, delete it" in page
    for _ in range(2):
        assert as_coordinator.post(f"/training/given/{one.pk}/take-back/").status_code == 302
    assert not GivenSession.objects.exists()
    taken_back = Entry.objects.filter(action="session_given_deleted").values_list("about", "by")
    assert list(taken_back) == [(f"given:{one.pk}", coordinator.pk)]


def test_sessions_page_takes_the_same_queries_for_one_and_for_thirty(
    coordinator, director, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(Client(), director)
    for days in (-3, -2, 7):
        planned = plan_session(coordinator, in_days=days)
        if days == -3:
            sessions.cancel_session(session_id=planned.pk, by=coordinator)
    with django_assert_max_num_queries(20) as first:
        client.get("/training/sessions/")
    for day in range(30):
        plan_session(coordinator, in_days=day - 15)
    with django_assert_num_queries(len(first)):
        client.get("/training/sessions/")
