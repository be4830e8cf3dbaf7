"""Training in the demo: a session that was, one to come, what the team gave, and a certificate to look at."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from peersupport.team.models import Member, User
from training import actions as training
from training.models import Session
from training.states import Delivery, Given


def make(*, members: Sequence[Member], coordinator: User, today: date) -> None:
    """members: the eight, of whom the third has let something lapse and the last is still in training."""
    _was(members, coordinator, today - timedelta(days=20))
    to_come = _plan(
        "Talking about suicide", today + timedelta(days=12), {"suicide_intervention": 8}, coordinator,
        provider="Sample State Training Center", instructor="Dr. Dora Sample", course_number="0000", capacity=12,
    )  # fmt: skip
    for member in (members[2], members[5]):
        training.enrol(session_id=to_come.pk, member_id=member.pk, by=member.user)
    given = ((8, Given.EDUCATION, "Roll call: what peer support is", 24), (31, Given.OUTREACH, "Family evening", 60))
    for days_ago, kind, topic, headcount in given:
        training.record_given(
            held_on=today - timedelta(days=days_ago), kind=kind, topic=topic, headcount=headcount, by=coordinator
        )
    _report(members[-1], today - timedelta(days=3))


def _was(members: Sequence[Member], coordinator: User, day: date) -> None:
    held = _plan("Listening when it is hard", day, {"listening_skills": 4}, coordinator, instructor="Dr. Dora Sample")
    there = [member.pk for member in (members[0], members[1], members[4], members[6])]
    training.note_attendance(session_id=held.pk, present=there, by=coordinator)


def _plan(
    title: str, day: date, hours: dict[str, int], coordinator: User, *,
    provider: str = "", instructor: str = "", course_number: str = "", capacity: int | None = None,
) -> Session:  # fmt: skip
    starts_at = datetime.combine(day, time(9), timezone.get_default_timezone())
    return training.plan_session(
        title=title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=sum(hours.values())),
        time_zone=settings.TIME_ZONE, delivery=Delivery.IN_PERSON, place="Training center, room 2",
        provider=provider, instructor=instructor, course_number=course_number, capacity=capacity,
        parts={code: Decimal(each) for code, each in hours.items()}, by=coordinator,
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
    training.report_training(
        member=member, subject="mediation", completed_on=day, hours=Decimal(4), provider=lines[0],
        certificate=_picture(lines), by=member.user,
    )  # fmt: skip


def _picture(lines: Sequence[str]) -> bytes:
    image, out, font = Image.new("L", (900, 620), 255), io.BytesIO(), ImageFont.load_default(36)
    ImageDraw.Draw(image).multiline_text((450, 310), "\n".join(lines), 0, font, "mm", spacing=24, align="center")
    image.save(out, "PNG")
    return out.getvalue()
