"""Sessions: from the plan to the attendance records; and sessions that the team gives."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Member, User

from ..domain.plausibility import check_past, check_span, checked_hours
from ..domain.states import SESSION_WORKFLOW, GivenSessionKind, SessionDelivery, SessionState
from ..models import Enrollment, GivenSession, Record, Session, SessionSubject, Subject
from .idempotency import create_once


class SessionFields(TypedDict):
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    delivery: SessionDelivery
    place: str
    provider: str
    instructor: str
    course_number: str
    capacity: int | None


@transaction.atomic
def plan_session(
    *, parts: Mapping[str, Decimal], by: User, form_token_hash: str | None = None, **fields: Unpack[SessionFields]
) -> Session:
    """parts: hours by the code of each subject that it trains. Sending the same form twice plans one session."""
    _check(fields, parts)
    session, is_new = create_once(Session, form_token_hash, fields)
    if is_new:
        _write_parts(session, parts)
        audit.record(action="session_planned", by=by.pk, about=f"session:{session.pk}")
    return session


@transaction.atomic
def change_session(*, session_id: int, parts: Mapping[str, Decimal], by: User, **fields: Unpack[SessionFields]) -> None:
    """Notify those who are enrolled; they read on its page what has changed."""
    session = _locked(session_id)
    SESSION_WORKFLOW.check(SessionState(session.state), SessionState.PLANNED)
    _check(fields, parts)
    enrolled = session.enrollments.count()
    if fields["capacity"] is not None and fields["capacity"] < enrolled:
        sentence = ngettext(
            "%(number)s member is already enrolled, so there can't be fewer spots than that.",
            "%(number)s members are already enrolled, so there can't be fewer spots than that.",
            enrolled,
        )
        raise Refused(sentence % {"number": enrolled})
    for name, value in fields.items():
        setattr(session, name, value)
    session.changes += 1
    session.save()
    _write_parts(session, parts)
    _notify_enrolled(session)
    audit.record(action="session_changed", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def cancel_session(*, session_id: int, by: User) -> None:
    """Notify those who are enrolled."""
    session = _locked(session_id)
    SESSION_WORKFLOW.check(SessionState(session.state), SessionState.CANCELLED)
    session.state, session.changes = SessionState.CANCELLED, session.changes + 1
    session.save(update_fields=["state", "changes"])
    _notify_enrolled(session)
    audit.record(action="session_cancelled", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def enroll(*, session_id: int, member_id: int, by: User) -> None:
    """Enroll a member if a spot is open. Doing it twice is harmless."""
    session = _locked(session_id)
    _check_open(session)
    if not Member.objects.filter(pk=member_id).exclude(state=MembershipState.ENDED).exists():
        raise Refused(_("Only members of the team can be enrolled."))
    if session.enrollments.filter(member_id=member_id).exists():
        return
    if session.capacity is not None and session.enrollments.count() >= session.capacity:
        raise Refused(_("Every spot is taken."))
    Enrollment.objects.create(session=session, member_id=member_id)
    audit.record(action="member_enrolled", by=by.pk, about=f"session:{session_id}:member:{member_id}")


@transaction.atomic
def withdraw(*, session_id: int, member_id: int, by: User) -> None:
    """Cancel a member's enrollment. Doing it twice is harmless."""
    session = _locked(session_id)
    _check_open(session)
    if session.enrollments.filter(member_id=member_id).delete()[0]:
        audit.record(action="member_withdrew", by=by.pk, about=f"session:{session_id}:member:{member_id}")


@transaction.atomic
def note_attendance(*, session_id: int, present: Iterable[int], by: User) -> None:
    """Write records for those who were there, and delete those of members who were noted by mistake.

    present: numbers of members; those who came unannounced are enrolled. A training that is on record for that day
    already stays as it is.
    """
    session = _locked(session_id)
    SESSION_WORKFLOW.check(SessionState(session.state), SessionState.HELD)
    if session.starts_at > timezone.now():
        raise Refused(_("This session hasn't started yet."))
    attendees = set(present)
    if Member.objects.filter(pk__in=attendees).exclude(state=MembershipState.ENDED).count() != len(attendees):
        raise Refused(_("Only members of the team can be marked present."))
    enrolled = set(session.enrollments.values_list("member_id", flat=True))
    Enrollment.objects.bulk_create([Enrollment(session=session, member_id=pk) for pk in sorted(attendees - enrolled)])
    session.enrollments.update(attended=False)
    session.enrollments.filter(member_id__in=attendees).update(attended=True)
    session.state = SessionState.HELD
    session.save(update_fields=["state"])
    _write_records(session, attendees)
    audit.record(action="attendance_noted", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def record_given_session(
    *, held_on: date, kind: GivenSessionKind, topic: str, headcount: int, by: User, form_token_hash: str | None = None
) -> GivenSession:
    """Record a session that the team gave, such as education at roll call or outreach. Nobody who came is named.

    Sending the same form twice records one session.
    """
    check_past(held_on, timezone.localdate())
    if not 1 <= headcount <= 10_000:
        raise Refused(_("The headcount must be from 1 to 10,000."))
    fields = {"held_on": held_on, "kind": kind, "topic": topic, "headcount": headcount}
    given, is_new = create_once(GivenSession, form_token_hash, fields)
    if is_new:
        audit.record(action="session_given", by=by.pk, about=f"given:{given.pk}")
    return given


@transaction.atomic
def delete_given_session(*, given_id: int, by: User) -> None:
    """Delete a session that was entered by mistake. Doing it twice is harmless."""
    if GivenSession.objects.filter(pk=given_id).delete()[0]:
        audit.record(action="session_given_deleted", by=by.pk, about=f"given:{given_id}")


def _write_records(session: Session, attendees: set[int]) -> None:
    session.records.exclude(member_id__in=attendees).delete()
    Record.objects.bulk_create(
        [
            Record(
                member_id=pk, subject_id=part.subject_id, completed_on=session.day, hours=part.hours, session=session
            )
            for pk in sorted(attendees)
            for part in session.parts.all()
        ],
        ignore_conflicts=True,
    )


def _check(fields: SessionFields, parts: Mapping[str, Decimal]) -> None:
    check_span(fields["starts_at"], fields["ends_at"])
    if not parts:
        raise Refused(_("Please enter the hours for at least one subject."))
    hours = sum(checked_hours(each) for each in parts.values())
    if hours * 3600 > Decimal((fields["ends_at"] - fields["starts_at"]).total_seconds()):
        raise Refused(_("The hours add up to more than the session lasts."))


def _write_parts(session: Session, parts: Mapping[str, Decimal]) -> None:
    """Replace the subjects it trains. Retired subjects are allowed only if it trained them before."""
    allowed = Q(is_retired=False) | Q(pk__in=session.parts.values("subject"))
    subjects = {each.code: each for each in Subject.objects.filter(allowed, code__in=parts)}
    if set(parts) - set(subjects):
        raise Refused(_("That subject isn't on the list."))
    session.parts.all().delete()
    SessionSubject.objects.bulk_create(
        [SessionSubject(session=session, subject=subjects[code], hours=hours) for code, hours in parts.items()]
    )


def _check_open(session: Session) -> None:
    if session.state != SessionState.PLANNED or session.ends_at <= timezone.now():
        raise Refused(_("This session is over or canceled."))


def _notify_enrolled(session: Session) -> None:
    enrolled = session.enrollments.filter(member__user__is_active=True)
    outbox.notify_all(user_ids=enrolled.values_list("member__user_id", flat=True))


def _locked(session_id: int) -> Session:
    return Session.objects.select_for_update().get(pk=session_id)
