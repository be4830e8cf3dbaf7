"""Sessions: from the plan to the records of those who were there, and sessions that the team gives."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.domain.states import State
from peersupport.team.models import Member, User

from ..domain.plausibility import check_past, check_span, checked_hours
from ..domain.states import Delivery, Given, SessionState, check_session
from ..models import Enrolment, GivenSession, Record, Session, SessionSubject, Subject
from .idempotency import made_once


class SessionFields(TypedDict):
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    delivery: Delivery
    place: str
    provider: str
    instructor: str
    course_number: str
    capacity: int | None


@transaction.atomic
def plan_session(
    *, parts: Mapping[str, Decimal], by: User, press: str | None = None, **fields: Unpack[SessionFields]
) -> Session:
    """parts: the codes of the subjects it trains, each with its hours. The same press twice plans one."""
    _check(fields, parts)
    session, is_new = made_once(Session, press, fields)
    if is_new:
        _write_parts(session, parts)
        audit.record(action="session_planned", by=by.pk, about=f"session:{session.pk}")
    return session


@transaction.atomic
def change_session(*, session_id: int, parts: Mapping[str, Decimal], by: User, **fields: Unpack[SessionFields]) -> None:
    """Those enrolled are told that something waits, and read here what has changed."""
    session = _locked(session_id)
    check_session(SessionState(session.state), SessionState.PLANNED)
    _check(fields, parts)
    enrolled = session.enrolments.count()
    if fields["capacity"] is not None and fields["capacity"] < enrolled:
        raise Refused(f"{enrolled} are enrolled already, so there cannot be fewer places.")
    for name, value in fields.items():
        setattr(session, name, value)
    session.changes += 1
    session.save()
    _write_parts(session, parts)
    _tell(session)
    audit.record(action="session_changed", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def cancel_session(*, session_id: int, by: User) -> None:
    session = _locked(session_id)
    check_session(SessionState(session.state), SessionState.CANCELLED)
    session.state, session.changes = SessionState.CANCELLED, session.changes + 1
    session.save(update_fields=["state", "changes"])
    _tell(session)
    audit.record(action="session_cancelled", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def enrol(*, session_id: int, member_id: int, by: User) -> None:
    """Twice is harmless."""
    session = _locked(session_id)
    _check_open(session)
    if not Member.objects.filter(pk=member_id).exclude(state=State.ENDED).exists():
        raise Refused("Only members of the team can be enrolled.")
    if session.enrolments.filter(member_id=member_id).exists():
        return
    if session.capacity is not None and session.enrolments.count() >= session.capacity:
        raise Refused("Every place is taken.")
    Enrolment.objects.create(session=session, member_id=member_id)
    audit.record(action="member_enrolled", by=by.pk, about=f"session:{session_id}:member:{member_id}")


@transaction.atomic
def withdraw(*, session_id: int, member_id: int, by: User) -> None:
    """Twice is harmless."""
    session = _locked(session_id)
    _check_open(session)
    if session.enrolments.filter(member_id=member_id).delete()[0]:
        audit.record(action="member_withdrew", by=by.pk, about=f"session:{session_id}:member:{member_id}")


@transaction.atomic
def note_attendance(*, session_id: int, present: Iterable[int], by: User) -> None:
    """Who was there gets the records, and who is taken off again loses them; whoever came unannounced is enrolled.

    present: numbers of members. A training that is on record for that day already stays as it is.
    """
    session = _locked(session_id)
    check_session(SessionState(session.state), SessionState.HELD)
    if session.starts_at > timezone.now():
        raise Refused("This session has not begun yet.")
    there = set(present)
    if Member.objects.filter(pk__in=there).exclude(state=State.ENDED).count() != len(there):
        raise Refused("Only members of the team can be noted.")
    known = set(session.enrolments.values_list("member_id", flat=True))
    Enrolment.objects.bulk_create([Enrolment(session=session, member_id=pk) for pk in sorted(there - known)])
    session.enrolments.update(was_there=False)
    session.enrolments.filter(member_id__in=there).update(was_there=True)
    session.state = SessionState.HELD
    session.save(update_fields=["state"])
    _write_records(session, there)
    audit.record(action="attendance_noted", by=by.pk, about=f"session:{session_id}")


@transaction.atomic
def record_given(
    *, held_on: date, kind: Given, topic: str, headcount: int, by: User, press: str | None = None
) -> GivenSession:
    """A session that the team gave: education at roll call, outreach. Counted exactly; nobody is named.

    The same press twice is one.
    """
    check_past(held_on, timezone.localdate())
    if not 1 <= headcount <= 10_000:
        raise Refused("A headcount is 1 to 10,000.")
    fields = {"held_on": held_on, "kind": kind, "topic": topic, "headcount": headcount}
    given, is_new = made_once(GivenSession, press, fields)
    if is_new:
        audit.record(action="session_given", by=by.pk, about=f"given:{given.pk}")
    return given


@transaction.atomic
def take_back_given(*, given_id: int, by: User) -> None:
    """One that was entered by mistake. Twice is harmless."""
    if GivenSession.objects.filter(pk=given_id).delete()[0]:
        audit.record(action="session_given_taken_back", by=by.pk, about=f"given:{given_id}")


def _write_records(session: Session, there: set[int]) -> None:
    session.records.exclude(member_id__in=there).delete()
    Record.objects.bulk_create(
        [
            Record(
                member_id=pk, subject_id=part.subject_id, completed_on=session.day, hours=part.hours, session=session
            )
            for pk in sorted(there)
            for part in session.parts.all()
        ],
        ignore_conflicts=True,
    )


def _check(fields: SessionFields, parts: Mapping[str, Decimal]) -> None:
    check_span(fields["starts_at"], fields["ends_at"])
    if not parts:
        raise Refused("Please say which subjects it trains, and for how many hours each.")
    hours = sum(checked_hours(each) for each in parts.values())
    if hours * 3600 > Decimal((fields["ends_at"] - fields["starts_at"]).total_seconds()):
        raise Refused("The hours of its subjects are more than the session lasts.")


def _write_parts(session: Session, parts: Mapping[str, Decimal]) -> None:
    """In place of those that were; of retired subjects only what it trained already."""
    of_it = Q(is_retired=False) | Q(pk__in=session.parts.values("subject"))
    subjects = {each.code: each for each in Subject.objects.filter(of_it, code__in=parts)}
    if set(parts) - set(subjects):
        raise Refused("That subject is not on the list.")
    session.parts.all().delete()
    SessionSubject.objects.bulk_create(
        [SessionSubject(session=session, subject=subjects[code], hours=hours) for code, hours in parts.items()]
    )


def _check_open(session: Session) -> None:
    if session.state != SessionState.PLANNED or session.ends_at <= timezone.now():
        raise Refused("This session is over or cancelled.")


def _tell(session: Session) -> None:
    enrolled = session.enrolments.filter(member__user__is_active=True)
    outbox.notify_all(user_ids=enrolled.values_list("member__user_id", flat=True))


def _locked(session_id: int) -> Session:
    return Session.objects.select_for_update().get(pk=session_id)
