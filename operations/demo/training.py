"""Training in the demo: initial trainings, past years, this year, and a certificate to verify."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from peersupport.team.models import Member, User
from training.actions import external_training, records, sessions
from training.domain.states import GivenSessionKind, SessionDelivery
from training.models import Session

INITIAL = {
    "critical_incident_stress": 8,
    "suicide_intervention": 8,
    "listening_skills": 8,
    "sympathetic_stress": 4,
    "conflict_management": 4,
    "mediation": 4,
    "referral_criteria": 4,
}
DAYS_OF_A_CLASS = 5
REFRESHER = {
    "critical_incident_stress": 2, "listening_skills": 2, "sympathetic_stress": 1, "conflict_management": 1,
    "referral_criteria": 1,
}  # fmt: skip
# What the team taught in each past year: kind, month, topic, headcount.
GIVEN = (
    (GivenSessionKind.EDUCATION, 5, "Roll call: what peer support is", 31),
    (GivenSessionKind.EDUCATION, 9, "Roll call: sleep and nights", 22),
    (GivenSessionKind.OUTREACH, 11, "Family evening", 46),
)


def initial_training(year: int, members: Sequence[Member], coordinator: User) -> None:
    """Five days in March, before the members are designated."""
    week = _plan(
        "Initial training", _monday(year, 3, 9), INITIAL, coordinator,
        provider="Sample State Training Center", days=DAYS_OF_A_CLASS,
    )  # fmt: skip
    _record_attendance(week, members, coordinator)


def past_year(year: int, serving: Mapping[str, Member], coordinator: User) -> None:
    """A day for everybody in the fall, and two sessions that one member each missed and has yet to make up for."""
    everybody = list(serving.values())
    _record_attendance(_plan("Team training day", _monday(year, 10, 5), REFRESHER, coordinator), everybody, coordinator)
    for title, day, subject, hours, missing in (
        ("Asking about suicide", _monday(year, 10, 12), "suicide_intervention", 4, "Chris Doyle"),
        ("When two people clash", _monday(year, 10, 19), "mediation", 2, "Frank Huber"),
    ):
        present = [member for name, member in serving.items() if name != missing]
        _record_attendance(_plan(title, day, {subject: hours}, coordinator), present, coordinator)
    for kind, month, topic, headcount in GIVEN:
        sessions.record_given_session(
            held_on=_monday(year, month, 8), kind=kind, topic=topic, headcount=headcount + year % 7, by=coordinator
        )


def record_expiring(member: Member, today: date, coordinator: User) -> None:
    """A training elsewhere that lapses in some weeks."""
    records.record(
        member_id=member.pk, subject="mediation", completed_on=today - timedelta(days=690), hours=4, by=coordinator
    )


def record_initial(member: Member, coordinator: User, today: date) -> None:
    """Most of the initial training, for the member who is still in training."""
    for subject, hours in list(INITIAL.items())[:5]:
        records.record(
            member_id=member.pk, subject=subject, completed_on=today - timedelta(days=40), hours=hours, by=coordinator
        )


def make(*, members: Sequence[Member], coordinator: User, today: date) -> None:
    """This year. members: the eight; the third has let something lapse, the last is still in training."""
    listening = _plan("Listening when it is hard", today - timedelta(days=20), {"listening_skills": 4}, coordinator)
    _record_attendance(listening, [members[0], members[1], members[4], members[6]], coordinator)
    to_come = _plan(
        "Talking about suicide", today + timedelta(days=12), {"suicide_intervention": 8}, coordinator,
        provider="Sample State Training Center", course_number="0000", capacity=12,
    )  # fmt: skip
    for member in (members[2], members[5]):
        sessions.enroll(session_id=to_come.pk, member_id=member.pk, by=member.user)
    given = (
        (8, GivenSessionKind.EDUCATION, "Roll call: what peer support is", 24),
        (31, GivenSessionKind.OUTREACH, "Family evening", 60),
    )
    for days_ago, kind, topic, headcount in given:
        sessions.record_given_session(
            held_on=today - timedelta(days=days_ago), kind=kind, topic=topic, headcount=headcount, by=coordinator
        )
    _report(members[-1], today - timedelta(days=3))


def _monday(year: int, month: int, day: int) -> date:
    """The first Monday on or after this day."""
    start = date(year, month, day)
    return start + timedelta(days=-start.weekday() % 7)


def _record_attendance(held: Session, members: Sequence[Member], coordinator: User) -> None:
    sessions.note_attendance(session_id=held.pk, present=[member.pk for member in members], by=coordinator)


def _plan(
    title: str, day: date, parts: Mapping[str, int], coordinator: User, *, days: int = 1,
    provider: str = "", instructor: str = "Dr. Dora Sample", course_number: str = "", capacity: int | None = None,
) -> Session:  # fmt: skip
    starts_at = datetime.combine(day, time(9), timezone.get_default_timezone())
    ends_at = starts_at + timedelta(days=days - 1, hours=sum(parts.values()) / days)
    return sessions.plan_session(
        title=title, starts_at=starts_at, ends_at=ends_at,
        time_zone=settings.TIME_ZONE, delivery=SessionDelivery.IN_PERSON, place="Training center, room 2",
        provider=provider, instructor=instructor, course_number=course_number, capacity=capacity,
        parts={code: Decimal(each) for code, each in parts.items()}, by=coordinator,
    )  # fmt: skip


def _report(member: Member, day: date) -> None:
    """External training whose certificate waits to be verified."""
    lines = (
        "Sample College",
        "certifies that",
        member.user.name,
        "completed",
        "Mediation techniques, 4 hours",
        f"{day}",
    )
    external_training.report(
        member=member, subject="mediation", completed_on=day, hours=Decimal(4), provider=lines[0],
        certificate=_picture(lines), by=member.user,
    )  # fmt: skip


def _picture(lines: Sequence[str]) -> bytes:
    from PIL import Image, ImageDraw, ImageFont  # slow to load

    image, out, font = Image.new("L", (900, 620), 255), io.BytesIO(), ImageFont.load_default(36)
    ImageDraw.Draw(image).multiline_text((450, 310), "\n".join(lines), 0, font, "mm", spacing=24, align="center")
    image.save(out, "PNG")
    return out.getvalue()
