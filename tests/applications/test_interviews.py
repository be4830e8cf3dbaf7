"""Times are proposed, chosen by link, changed and canceled; calendars follow."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from applications.actions import candidate as candidate_actions
from applications.actions import interviews, reviews
from applications.domain.states import ApplicationState, InterviewState
from applications.queries import applications
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from tests.applications.conftest import as_seen, decide, link_in, read_mail, status_link, text_of
from tests.cast import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(under_review, coordinator):
    propose(under_review, coordinator)
    under_review.refresh_from_db()
    return under_review


def propose(application, by, *days: int) -> None:
    times = [timezone.now() + timedelta(days=day) for day in days or (3, 4)]
    interviews.propose_times(**as_seen(application), times=times, place="Room 2", minutes=45, by=by)


def link() -> str:
    (letter,) = [mail for mail in read_mail() if "/interview/" in mail.body]
    return link_in(letter)


def event_in(content: bytes) -> dict[str, object]:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return {
        "uid": str(event["uid"]),
        "sequence": event["sequence"],
        "status": str(event["status"]),
        "start": event.start,
    }


def attached(letter) -> dict[str, object]:
    ((_, content, kind),) = letter.attachments
    assert kind == "text/calendar"
    return event_in(content.encode() if isinstance(content, str) else content)


def test_chosen_time_reaches_every_calendar(candidate, client, proposed, coordinator, ana):
    reviews.name_reviewer(application_id=proposed.pk, reviewer=ana.user, by=coordinator)
    Notice.objects.all().delete()
    assert proposed.state == ApplicationState.INTERVIEW
    address = f"/apply/interview/{link()}/"
    time = applications.current_interview(proposed).times.last()
    answer = candidate.post(address, {"time": time.pk}, follow=True)
    assert "Your interview" in text_of(answer)
    (letter,) = read_mail()
    event = attached(letter)
    assert event["start"] == time.starts_at.replace(microsecond=0) and event["status"] == "CONFIRMED"
    assert event_in(candidate.get(f"{address}calendar.ics").content)["uid"] == event["uid"]
    assert event_in(sign_in(client, coordinator).get(f"/applications/{proposed.pk}/interview.ics").content) == event
    assert set(Notice.objects.values_list("recipient", flat=True)) == {coordinator.pk, ana.user_id}


def test_repeated_proposal_or_choice_notifies_nobody(candidate, proposed, coordinator):
    read_mail()
    first, second = applications.current_interview(proposed).times.all()
    for again in (True, True, False):
        times = [first.starts_at, second.starts_at] if again else [second.starts_at]
        interviews.propose_times(**as_seen(proposed), times=times, place="Room 2", minutes=45, by=coordinator)
    assert len(read_mail()) == 1, "the other times alone"
    interviews.propose_times(**as_seen(proposed), times=[first.starts_at], place="Room 2", minutes=45, by=coordinator)
    address = f"/apply/interview/{link()}/"
    time = applications.current_interview(proposed).times.get()
    Notice.objects.all().delete()
    for _ in range(3):
        assert candidate.post(address, {"time": time.pk}).status_code == 302
    assert (len(read_mail()), Notice.objects.count()) == (1, 1)
    assert applications.current_interview(proposed).changes == 3


def test_declined_times_are_replaced_by_others(candidate, proposed, coordinator):
    Notice.objects.all().delete()
    first = f"/apply/interview/{link()}/"
    assert "none of these work for you" in text_of(candidate.post(first, {"press": "none"}, follow=True))
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]
    propose(proposed, coordinator, 7)
    second = f"/apply/interview/{link()}/"
    assert (candidate.get(first).status_code, candidate.get(second).status_code) == (404, 200)
    assert applications.current_interview(proposed).times.count() == 1


def test_new_proposal_cancels_agreed_calendar_entry(candidate, proposed, coordinator):
    address = f"/apply/interview/{link()}/"
    candidate.post(address, {"time": applications.current_interview(proposed).times.first().pk})
    agreed = attached(read_mail()[0])
    propose(proposed, coordinator, 9)
    (letter,) = read_mail()
    void = attached(letter)
    assert (void["uid"], void["status"]) == (agreed["uid"], "CANCELLED")
    assert void["sequence"] > agreed["sequence"]


def test_cancelled_interview_returns_to_review(candidate, proposed, coordinator):
    address = f"/apply/interview/{link()}/"
    candidate.post(address, {"time": applications.current_interview(proposed).times.first().pk})
    read_mail()
    interviews.cancel_interview(**as_seen(proposed), by=coordinator)
    proposed.refresh_from_db()
    assert (proposed.state, applications.current_interview(proposed)) == (ApplicationState.UNDER_REVIEW, None)
    assert attached(read_mail()[0])["status"] == "CANCELLED"
    assert candidate.get(address).status_code == 404


@pytest.mark.parametrize("is_agreed", [True, False])
def test_withdrawing_cancels_interview_and_mails_if_agreed(candidate, proposed, coordinator, is_agreed):
    address = f"/apply/interview/{link()}/"
    if is_agreed:
        candidate.post(address, {"time": applications.current_interview(proposed).times.first().pk})
    read_mail()
    candidate_actions.withdraw(link=status_link(proposed))
    assert [attached(mail)["status"] for mail in read_mail()] == (["CANCELLED"] if is_agreed else [])
    assert set(proposed.interviews.values_list("state", flat=True)) == {InterviewState.CANCELLED}


def test_decision_keeps_interview_that_was_held(candidate, proposed, coordinator):
    candidate.post(f"/apply/interview/{link()}/", {"time": applications.current_interview(proposed).times.first().pk})
    read_mail()
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        decide(proposed, ApplicationState.DECLINED, coordinator)
        assert [mail.attachments for mail in read_mail()] == [[]]
    assert proposed.interviews.get().state == InterviewState.AGREED


def test_candidate_may_choose_again_until_interview(candidate, proposed):
    address, interview = f"/apply/interview/{link()}/", applications.current_interview(proposed)
    first, second = interview.times.all()
    history = []
    for typed in ({"time": first.pk}, {"time": second.pk}, {"press": "none"}, {"press": "none"}, {"time": first.pk}):
        assert candidate.post(address, typed).status_code == 302
        interview.refresh_from_db()
        events = [attached(letter) for letter in read_mail()]
        history.append((interview.state, interview.starts_at, [event["status"] for event in events]))
    assert history == [
        ("agreed", first.starts_at, ["CONFIRMED"]),
        ("agreed", second.starts_at, ["CONFIRMED"]),
        ("none_suits", None, ["CANCELLED"]),
        ("none_suits", None, []),
        ("agreed", first.starts_at, ["CONFIRMED"]),
    ]
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        assert candidate.post(address, {"press": "none"}).status_code == 404


def test_invalid_times_are_refused_with_reason(candidate, client, proposed, coordinator):
    address = f"/apply/interview/{link()}/"
    assert "Please choose a time" in text_of(candidate.post(address, {}))
    assert candidate.post(address, {"time": "987654"}).status_code == 200
    as_coordinator, page = sign_in(client, coordinator), f"/applications/{proposed.pk}/interview/"
    assert "Propose interview times" in text_of(as_coordinator.get(page))
    yesterday = (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {"after_move": applications.last_move_id(proposed), "place": "Room 2", "minutes": 45}
    assert "This time is in the past." in text_of(as_coordinator.post(page, {**typed, "time_1": yesterday}))
    assert "Please enter a date and time" in text_of(as_coordinator.post(page, {**typed, "time_1": "soon"}))
    decide(proposed, ApplicationState.WAITING_LIST, coordinator)
    with pytest.raises(Refused):
        propose(proposed, coordinator)
    assert as_coordinator.get(page).status_code == 404


def test_implausible_year_is_refused(under_review, client, coordinator):
    typed = {"after_move": applications.last_move_id(under_review), "place": "Room 2", "minutes": "45"}
    page = sign_in(client, coordinator).post(
        f"/applications/{under_review.pk}/interview/", {**typed, "time_1": "9999-12-31T23:30"}
    )
    assert "Please check the year." in text_of(page)
    assert applications.current_interview(under_review) is None
