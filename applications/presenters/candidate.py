"""What a candidate and their references read. Times are on both clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.states import (
    CORRECTABLE,
    REFERENCE,
    REFERENCE_KIND_LABELS,
    UNDER_WAY,
    ApplicationState,
    InterviewState,
    ReferenceKind,
    ReferenceState,
)
from .progress import status_text

if TYPE_CHECKING:
    from ..models import Application, Interview, Reference
    from ..queries.onboarding import Onboarding


@dataclass(frozen=True)
class ReferenceRow:
    name: str
    kind: str
    answer: str


@dataclass(frozen=True)
class StatusPage:
    """interview: the agreed time and place, or ""."""

    heading: str
    next_step: str
    interview: str
    references: list[ReferenceRow]
    may_correct: bool
    may_withdraw: bool


@dataclass(frozen=True)
class InterviewPage:
    """variant: names the template in applications/interview/. may_decline: whether they can say that no time works."""

    title: str
    lead: str
    variant: str
    may_decline: bool
    button_class: str = "button"

    @property
    def template(self) -> str:
        return f"applications/interview/{self.variant}.html"


def status_page(
    application: "Application",
    onboarding: "Onboarding | None",
    references: "Iterable[Reference]",
    interview: "Interview | None",
    *,
    erased_on: date,
) -> StatusPage:
    """erased_on: the day on which what they wrote is erased, if the application has ended."""
    state = ApplicationState(application.state)
    heading, next_step = status_text(state, onboarding.stage if onboarding else None, erased_on)
    is_agreed = interview is not None and interview.state == InterviewState.AGREED
    if is_agreed and state == ApplicationState.INTERVIEW:
        next_step = _("Your interview is set.")
    return StatusPage(
        heading=heading,
        next_step=next_step,
        interview=time_and_place(interview) if interview and is_agreed else "",
        references=[_reference_row(reference) for reference in references],
        may_correct=state in CORRECTABLE,
        may_withdraw=state in UNDER_WAY and (onboarding is None or onboarding.member is None),
    )


def interview_page(interview: "Interview", *, has_times: bool) -> InterviewPage:
    """has_times: whether any of the proposed times is still to come."""
    state = InterviewState(interview.state)
    may_decline = state != InterviewState.NONE_SUITS
    if state == InterviewState.AGREED:
        variant = "agreed_with_others" if has_times else "agreed"
        lead = time_and_place(interview)
        return InterviewPage(_("Your interview"), lead, variant, may_decline, "button button--quiet")
    if not has_times:
        lead = _("These times have passed. We'll send you others. If you'd rather not wait, ask the coordinator.")
        return InterviewPage(_("When can we meet?"), lead, "passed", may_decline)
    if state == InterviewState.NONE_SUITS:
        lead = _("We know that none of these work for you, and we'll send you others. If one works after all, take it.")
    else:
        lead = ngettext(
            "It will take about %(minutes)s minute. Place: %(place)s",
            "It will take about %(minutes)s minutes. Place: %(place)s",
            interview.minutes,
        ) % {"minutes": interview.minutes, "place": interview.place}
    return InterviewPage(_("When can we meet?"), lead, "choose", may_decline)


def long_time(moment: datetime) -> str:
    """Saturday, November 28, 2026, 9:00 p.m. (2100) CST."""
    return date_format(timezone.localtime(moment), "PUBLIC_LONG_TIME_FORMAT")


def time_and_place(interview: "Interview") -> str:
    """Of an agreed interview."""
    if interview.starts_at is None:
        raise ValueError("this interview has no time")
    values = {"time": long_time(interview.starts_at), "place": interview.place}
    return _("%(time)s. Place: %(place)s") % values


def reference_request(kind: ReferenceKind, candidate: str) -> str:
    """Why somebody is asked for a few words."""
    if kind == ReferenceKind.ENDORSEMENT:
        text = _(
            "%(name)s would like to join the peer support team and named you as their supervisor. Could you spare them?"
        )
    else:
        text = _("%(name)s would like to join the peer support team and named you as someone who knows them.")
    return text % {"name": candidate}


def _reference_row(reference: "Reference") -> ReferenceRow:
    state = ReferenceState(reference.state)
    kind = _(REFERENCE_KIND_LABELS[ReferenceKind(reference.kind)])
    return ReferenceRow(reference.name, kind, _(REFERENCE.labels[state]))
