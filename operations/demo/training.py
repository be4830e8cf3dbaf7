"""Training in the demo: of each class, of the years before, of this one, and a certificate to look at."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from peersupport.team.models import Member, User
from training.actions import records, reports, sessions
from training.domain.states import Delivery, Given
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
# What the team gave in each of the years before: kind, month, topic, headcount.
GIVEN = (
    (Given.EDUCATION, 5, "Roll call: what peer support is", 31),
    (Given.EDUCATION, 9, "Roll call: sleep and nights", 22),
    (Given.OUTREACH, 11, "Family evening", 46),
)


def class_of(year: int, members: Sequence[Member], coordinator: User) -> None:
    """Five days in March, before they are designated."""
    week = _plan(
        "Initial training", _monday(year, 3, 9), INITIAL, coordinator,
        provider="Sample State Training Center", days=DAYS_OF_A_CLASS,
    )  # fmt: skip
    _were_there(week, members, coordinator)


def past_year(year: int, serving: Mapping[str, Member], coordinator: User) -> None:
    """In autumn everybody comes for a day; two of them miss what they are still to make up for."""
    here = list(serving.values())
    _were_there(_plan("A day together", _monday(year, 10, 5), REFRESHER, coordinator), here, coordinator)
    for title, day, subject, hours, missing in (
        ("Asking about suicide", _monday(year, 10, 12), "suicide_intervention", 4, "Chris Doyle"),
        ("Between two who quarrel", _monday(year, 10, 19), "mediation", 2, "Frank Huber"),
    ):
        there = [member for name, member in serving.items() if name != missing]
        _were_there(_plan(title, day, {subject: hours}, coordinator), there, coordinator)
    for kind, month, topic, headcount in GIVEN:
        sessions.record_given(
            held_on=_monday(year, month, 8), kind=kind, topic=topic, headcount=headcount + year % 7, by=coordinator
        )


def about_to_lapse(member: Member, today: date, coordinator: User) -> None:
    """What Frank learned elsewhere holds for some weeks yet."""
    records.record(
        member_id=member.pk, subject="mediation", completed_on=today - timedelta(days=690), hours=4, by=coordinator
    )


def begin(member: Member, coordinator: User, today: date) -> None:
    """Hal has most of the initial training behind him."""
    for subject, hours in list(INITIAL.items())[:5]:
        records.record(
            member_id=member.pk, subject=subject, completed_on=today - timedelta(days=40), hours=hours, by=coordinator
        )


def make(*, members: Sequence[Member], coordinator: User, today: date) -> None:
    """This year. members: the eight, of whom the third has let something lapse and the last is still in training."""
    listening = _plan("Listening when it is hard", today - timedelta(days=20), {"listening_skills": 4}, coordinator)
    _were_there(listening, [members[0], members[1], members[4], members[6]], coordinator)
    to_come = _plan(
        "Talking about suicide", today + timedelta(days=12), {"suicide_intervention": 8}, coordinator,
        provider="Sample State Training Center", course_number="0000", capacity=12,
    )  # fmt: skip
    for member in (members[2], members[5]):
        sessions.enrol(session_id=to_come.pk, member_id=member.pk, by=member.user)
    given = ((8, Given.EDUCATION, "Roll call: what peer support is", 24), (31, Given.OUTREACH, "Family evening", 60))
    for days_ago, kind, topic, headcount in given:
        sessions.record_given(
            held_on=today - timedelta(days=days_ago), kind=kind, topic=topic, headcount=headcount, by=coordinator
        )
    _report(members[-1], today - timedelta(days=3))


def _monday(year: int, month: int, day: int) -> date:
    """The first one from this day on."""
    found = date(year, month, day)
    return found + timedelta(days=-found.weekday() % 7)


def _were_there(held: Session, members: Sequence[Member], coordinator: User) -> None:
    sessions.note_attendance(session_id=held.pk, present=[member.pk for member in members], by=coordinator)


def _plan(
    title: str, day: date, parts: Mapping[str, int], coordinator: User, *, days: int = 1,
    provider: str = "", instructor: str = "Dr. Dora Sample", course_number: str = "", capacity: int | None = None,
) -> Session:  # fmt: skip
    starts_at = datetime.combine(day, time(9), timezone.get_default_timezone())
    ends_at = starts_at + timedelta(days=days - 1, hours=sum(parts.values()) / days)
    return sessions.plan_session(
        title=title, starts_at=starts_at, ends_at=ends_at,
        time_zone=settings.TIME_ZONE, delivery=Delivery.IN_PERSON, place="Training center, room 2",
        provider=provider, instructor=instructor, course_number=course_number, capacity=capacity,
        parts={code: Decimal(each) for code, each in parts.items()}, by=coordinator,
    )  # fmt: skip


def _report(member: Member, day: date) -> None:
    """Training elsewhere, which waits for somebody to look at its certificate."""
    lines = (
        "Sample College",
        "certifies that",
        member.user.name,
        "completed",
        "Mediation techniques, 4 hours",
        f"{day}",
    )
    reports.report_training(
        member=member, subject="mediation", completed_on=day, hours=Decimal(4), provider=lines[0],
        certificate=_picture(lines), by=member.user,
    )  # fmt: skip


def _picture(lines: Sequence[str]) -> bytes:
    image, out, font = Image.new("L", (900, 620), 255), io.BytesIO(), ImageFont.load_default(36)
    ImageDraw.Draw(image).multiline_text((450, 310), "\n".join(lines), 0, font, "mm", spacing=24, align="center")
    image.save(out, "PNG")
    return out.getvalue()
