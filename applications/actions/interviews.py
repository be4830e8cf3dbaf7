"""Interviews: the coordinator proposes times, the candidate chooses one, either side may change it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from ..documents.interview_calendar import interview_ics
from ..domain.states import IN_REVIEW, INTERVIEW, ApplicationState, InterviewState, Mover
from ..models import Application, Interview, InterviewTime, LinkPurpose
from ..queries import applications, panel
from . import links, mails, transitions
from .links import InvalidLink


@transaction.atomic
def propose_times(
    *, application_id: int, after_move: int, times: Sequence[datetime], place: str, minutes: int, by: User
) -> None:
    """Mail the candidate a link to choose a time; earlier times, proposed or agreed, are void. Raises Refused.

    The same proposal twice counts once.
    """
    if _is_already_proposed(applications.current_interview(transitions.lock(application_id)), times, place, minutes):
        return
    application = transitions.lock_if_unchanged(application_id, after_move, by)
    if application.state not in IN_REVIEW:
        raise Refused(_("You can only propose an interview while the application is under review."))
    interview = applications.current_interview(application) or Interview(application=application)
    ics = _reopen(interview) if interview.pk else ""
    interview.place, interview.minutes, interview.state = place, minutes, InterviewState.PROPOSED
    interview.starts_at = None
    interview.save()
    interview.times.all().delete()
    InterviewTime.objects.bulk_create([InterviewTime(interview=interview, starts_at=at) for at in sorted(set(times))])
    if application.state == ApplicationState.UNDER_REVIEW:
        transitions.move(application, ApplicationState.INTERVIEW, Mover.COORDINATOR, by=by)
    links.revoke(application, LinkPurpose.INTERVIEW)
    mails.queue(
        mails.ApplicationMailKind.TIMES,
        application.email,
        ics=ics,
        interview=interview,
        times=list(interview.times.all()),
        link=links.new_url(application, LinkPurpose.INTERVIEW),
    )
    audit.record(action="interview_proposed", by=by.pk, about=f"interview:{interview.pk}")


@transaction.atomic
def choose_time(*, link: str, time_id: int) -> None:
    """Agree on a time and send the candidate the calendar file. Until it is over they may choose another.

    Choosing the agreed time again notifies nobody. Raises InvalidLink, Refused.
    """
    interview = _resolve(link)
    chosen = interview.times.filter(pk=time_id, starts_at__gt=timezone.now()).first()
    if chosen is None:
        raise Refused(_("This time has passed. Please choose another."))
    if interview.state == InterviewState.AGREED and interview.starts_at == chosen.starts_at:
        return
    interview.starts_at = chosen.starts_at
    _change_state(interview, InterviewState.AGREED)
    mails.queue(
        mails.ApplicationMailKind.AGREED,
        interview.application.email,
        ics=interview_ics(interview, timezone.now()).decode(),
        interview=interview,
    )
    _notify_panel(interview.application)


@transaction.atomic
def decline_times(*, link: str) -> None:
    """Record that no time suits, and notify the coordinator. Pressing twice is harmless. Raises InvalidLink."""
    interview = _resolve(link)
    if interview.state == InterviewState.NONE_SUITS:
        return
    ics = _reopen(interview)
    if ics:
        mails.queue(mails.ApplicationMailKind.CANCELLED, interview.application.email, ics=ics, interview=interview)
    interview.starts_at = None
    _change_state(interview, InterviewState.NONE_SUITS)
    transitions.notify_coordinators(interview.application)


@transaction.atomic
def cancel_interview(*, application_id: int, after_move: int, by: User) -> None:
    """Cancel the interview; the application is under review again. Raises Refused."""
    application = transitions.lock_if_unchanged(application_id, after_move, by)
    transitions.move(application, ApplicationState.UNDER_REVIEW, Mover.COORDINATOR, by=by)
    cancel_current_interview(application, by=by, always_mail=True)


def cancel_current_interview(application: Application, *, by: User | None = None, always_mail: bool = False) -> None:
    """Cancel an interview that is not over, as whatever ends the application must.

    The candidate gets a mail if a time had been agreed, or always with `always_mail`.
    """
    interview = applications.current_interview(application)
    links.revoke(application, LinkPurpose.INTERVIEW)
    if interview is None or interview.is_over(timezone.now()):
        return
    was_agreed = interview.state == InterviewState.AGREED
    _change_state(interview, InterviewState.CANCELLED, by=by)
    if was_agreed or always_mail:
        ics = interview_ics(interview, timezone.now()).decode() if was_agreed else ""
        mails.queue(mails.ApplicationMailKind.CANCELLED, application.email, ics=ics, interview=interview)
    if was_agreed:
        _notify_panel(application)


def _is_already_proposed(interview: Interview | None, times: Sequence[datetime], place: str, minutes: int) -> bool:
    """Whether exactly this proposal is already waiting for the candidate."""
    if interview is None or interview.state != InterviewState.PROPOSED:
        return False
    proposed = {time.starts_at for time in interview.times.all()}
    return proposed == set(times) and (interview.place, interview.minutes) == (place, minutes)


def _resolve(token: str) -> Interview:
    """The interview behind a link, with its application locked. Raises InvalidLink, also once it is over."""
    interview = applications.current_interview(links.resolve(token, LinkPurpose.INTERVIEW).application)
    if interview is None or interview.is_over(timezone.now()):
        raise InvalidLink
    return interview


def _change_state(interview: Interview, state: InterviewState, *, by: User | None = None) -> None:
    INTERVIEW.check(InterviewState(interview.state), state)
    interview.state, interview.changes = state, interview.changes + 1
    interview.save()
    audit.record(action=f"interview_{state}", by=by.pk if by else None, about=f"interview:{interview.pk}")


def _reopen(interview: Interview) -> str:
    """Set it back to proposed; the calendar file that cancels an agreed time, or "" where there was none."""
    was_agreed = interview.state == InterviewState.AGREED and not interview.is_over(timezone.now())
    INTERVIEW.check(InterviewState(interview.state), InterviewState.PROPOSED)
    interview.state, interview.changes = InterviewState.PROPOSED, interview.changes + 1
    return interview_ics(interview, timezone.now()).decode() if was_agreed else ""


def _notify_panel(application: Application) -> None:
    """Notify the coordinators responsible and the reviewers."""
    reviewers = [review.reviewer_id for review in panel.reviews_of(application) if review.reviewer.is_active]
    outbox.notify_all(user_ids=[*applications.responsible_coordinators(application), *reviewers])
