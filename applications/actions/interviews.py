"""Interviews: times are proposed, the candidate takes one, and it may be changed or called off."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from .. import letters
from ..documents.interview_calendar import calendar_of
from ..domain.states import REVIEWED, InterviewState, Mover, State, check_interview
from ..models import Application, Interview, InterviewTime
from ..queries import applications
from .links import LinkGone, Purpose, drop_links, follow, new_address
from .transitions import locked, move, read_again, tell_coordinators


@transaction.atomic
def propose_times(
    *, application_id: int, after_move: int, times: Sequence[datetime], place: str, minutes: int, by: User
) -> None:
    """The candidate is mailed a link to choose by. Times proposed or agreed upon before are void. Raises Refused.

    The same proposal twice is one.
    """
    if _stands(applications.open_interview(locked(application_id)), times, place, minutes):
        return
    application = read_again(application_id, after_move, by)
    if application.state not in REVIEWED:
        raise Refused("An interview belongs to an application that is under review.")
    interview = applications.open_interview(application) or Interview(application=application)
    calendar = _void(interview) if interview.pk else ""
    interview.place, interview.minutes, interview.state = place, minutes, InterviewState.PROPOSED
    interview.starts_at = None
    interview.save()
    interview.times.all().delete()
    InterviewTime.objects.bulk_create([InterviewTime(interview=interview, starts_at=at) for at in sorted(set(times))])
    if application.state == State.UNDER_REVIEW:
        move(application, State.INTERVIEW, Mover.COORDINATOR, by=by)
    drop_links(application, Purpose.INTERVIEW)
    letters.post(
        letters.Kind.TIMES,
        application.email,
        calendar=calendar,
        interview=interview,
        times=list(interview.times.all()),
        link=new_address(application, Purpose.INTERVIEW),
    )
    audit.record(action="interview_proposed", by=by.pk, about=f"interview:{interview.pk}")


@transaction.atomic
def choose_time(*, link: str, time_id: int) -> None:
    """Everybody gets it for their calendar. Another time may be chosen until then; the same once more tells nobody.

    Raises LinkGone, Refused.
    """
    interview = _behind(link)
    chosen = interview.times.filter(pk=time_id, starts_at__gt=timezone.now()).first()
    if chosen is None:
        raise Refused("This time has passed meanwhile. Please choose another.")
    if interview.state == InterviewState.AGREED and interview.starts_at == chosen.starts_at:
        return
    interview.starts_at = chosen.starts_at
    _to(interview, InterviewState.AGREED)
    letters.post(
        letters.Kind.AGREED,
        interview.application.email,
        calendar=calendar_of(interview, timezone.now()).decode(),
        interview=interview,
    )
    _tell(interview.application)


@transaction.atomic
def none_suits(*, link: str) -> None:
    """The coordinator is told, and proposes others. Twice is harmless. Raises LinkGone."""
    interview = _behind(link)
    if interview.state == InterviewState.NONE_SUITS:
        return
    calendar = _void(interview)
    if calendar:
        letters.post(letters.Kind.CANCELLED, interview.application.email, calendar=calendar, interview=interview)
    interview.starts_at = None
    _to(interview, InterviewState.NONE_SUITS)
    tell_coordinators(interview.application)


@transaction.atomic
def cancel_interview(*, application_id: int, after_move: int, by: User) -> None:
    """The application goes back to being read. Raises Refused."""
    application = read_again(application_id, after_move, by)
    move(application, State.UNDER_REVIEW, Mover.COORDINATOR, by=by)
    call_off(application, by=by, is_said=True)


def call_off(application: Application, *, by: User | None = None, is_said: bool = False) -> None:
    """What ends an application ends its appointment too. It is said where a time had been agreed upon, or if asked."""
    interview = applications.open_interview(application)
    drop_links(application, Purpose.INTERVIEW)
    if interview is None or interview.is_over(timezone.now()):
        return
    had_a_time = interview.state == InterviewState.AGREED
    _to(interview, InterviewState.CANCELLED, by=by)
    if had_a_time or is_said:
        calendar = calendar_of(interview, timezone.now()).decode() if had_a_time else ""
        letters.post(letters.Kind.CANCELLED, application.email, calendar=calendar, interview=interview)
    if had_a_time:
        _tell(application)


def _stands(interview: Interview | None, times: Sequence[datetime], place: str, minutes: int) -> bool:
    """Whether just this is proposed already."""
    if interview is None or interview.state != InterviewState.PROPOSED:
        return False
    proposed = {each.starts_at for each in interview.times.all()}
    return proposed == set(times) and (interview.place, interview.minutes) == (place, minutes)


def _behind(link: str) -> Interview:
    interview = applications.open_interview(follow(link, Purpose.INTERVIEW).application)
    if interview is None or interview.is_over(timezone.now()):
        raise LinkGone
    return interview


def _to(interview: Interview, state: InterviewState, *, by: User | None = None) -> None:
    check_interview(InterviewState(interview.state), state)
    interview.state, interview.changes = state, interview.changes + 1
    interview.save()
    audit.record(action=f"interview_{state}", by=by.pk if by else None, about=f"interview:{interview.pk}")


def _void(interview: Interview) -> str:
    """What takes an agreed time out of the candidate's calendar; nothing where there was none."""
    had_a_time = interview.state == InterviewState.AGREED and not interview.is_over(timezone.now())
    check_interview(InterviewState(interview.state), InterviewState.PROPOSED)
    interview.state, interview.changes = InterviewState.PROPOSED, interview.changes + 1
    return calendar_of(interview, timezone.now()).decode() if had_a_time else ""


def _tell(application: Application) -> None:
    reviewers = [review.reviewer_id for review in applications.reviews_of(application) if review.reviewer.is_active]
    outbox.notify_all(user_ids=[*applications.who_looks_after(application), *reviewers])
