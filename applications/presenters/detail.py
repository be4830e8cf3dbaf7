"""What the page of one application shows, depending on who looks at it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.program.domain.prose import Block, blocks

from ..domain.onboarding import STAGE_LABELS
from ..domain.states import (
    DECISIONS,
    IN_REVIEW,
    LABELS,
    MOVE_LABELS,
    MOVES,
    REFERENCE_KIND_LABELS,
    ApplicationState,
    InterviewState,
    Mover,
    ReferenceKind,
    ReferenceState,
)
from .answers import answers_of, facts_about
from .panel import Panel, panel
from .progress import age_text, reference_label

if TYPE_CHECKING:
    from ..models import Application, Interview, Move, Reference
    from ..queries.detail import VisibleApplication


class NextStep(StrEnum):
    """What this person can do next. The value names the page in applications/detail/."""

    GIVE_REVIEW = "give_review"
    BEGIN_REVIEW = "begin_review"
    DECIDE = "decide"
    ON_THE_TEAM = "on_the_team"
    INVITE_AGAIN = "invite_again"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Fact:
    """href: where the value leads to, if anywhere."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class ReferenceEntry:
    """label: whether they answered. details: what they are and when they were asked. blocks: their statement."""

    name: str
    label: str
    badge_class: str
    details: list[str]
    blocks: list[Block]


@dataclass(frozen=True)
class InterviewNote:
    heading: str
    note_class: str
    times: list[str]
    place: str
    is_agreed: bool
    may_cancel: bool


@dataclass(frozen=True)
class HistoryEntry:
    label: str
    who_and_when: str
    letter: str


@dataclass(frozen=True)
class Detail:
    """lead: sentences. after_move: the id of the last move, for the forms. member_id: of an accepted candidate.

    history: empty for somebody who may not see it. may_*: what this person can do besides the next step.
    """

    application: "Application"
    lead: list[str]
    next_step: NextStep
    after_move: int
    member_id: int | None
    interview: InterviewNote | None
    answers: list[tuple[str, list[Block]]]
    facts: list[Fact]
    references: list[ReferenceEntry]
    panel: Panel | None
    history: list[HistoryEntry]
    may_decide: bool
    may_name_reviewers: bool
    may_interview: bool
    may_resume: bool
    may_abandon: bool

    @property
    def template(self) -> str:
        if self.next_step == NextStep.NOTHING:
            return "applications/detail.html"
        return f"applications/detail/{self.next_step}.html"


def detail(visible: "VisibleApplication", now: datetime) -> Detail:
    application, settings = visible.application, visible.settings
    state = ApplicationState(application.state)
    may_name_reviewers = visible.may_decide and settings.has_panel and state in IN_REVIEW
    has_panel = may_name_reviewers or bool(visible.reviews)
    return Detail(
        application=application,
        lead=_lead(visible, now),
        next_step=_next_step(visible),
        after_move=visible.moves[-1].pk,
        member_id=visible.onboarding.member.pk if visible.onboarding and visible.onboarding.member else None,
        interview=_interview(visible.interview, visible),
        answers=[(question, blocks(text)) for question, text in answers_of(application)],
        facts=_facts(application),
        references=[_reference(reference, now) for reference in visible.references],
        panel=panel(visible.reviews, is_to_review=visible.is_to_review) if has_panel else None,
        history=[_move(move) for move in visible.moves] if visible.may_see_history else [],
        may_decide=visible.may_decide,
        may_name_reviewers=may_name_reviewers,
        may_interview=visible.may_decide and settings.has_interview and state in IN_REVIEW,
        may_resume=visible.may_decide and state == ApplicationState.WAITING_LIST,
        may_abandon=visible.may_decide and ApplicationState.ABANDONED in MOVES[state],
    )


def _next_step(visible: "VisibleApplication") -> NextStep:
    state = ApplicationState(visible.application.state)
    if visible.is_to_review:
        return NextStep.GIVE_REVIEW
    if visible.may_decide and state == ApplicationState.SUBMITTED:
        return NextStep.BEGIN_REVIEW
    if visible.may_decide and any(decision in MOVES[state] for decision in DECISIONS):
        return NextStep.DECIDE
    if visible.onboarding and visible.onboarding.member:
        return NextStep.ON_THE_TEAM if visible.may_see_team else NextStep.NOTHING
    return NextStep.INVITE_AGAIN if visible.onboarding and visible.may_decide else NextStep.NOTHING


def _lead(visible: "VisibleApplication", now: datetime) -> list[str]:
    """The state and since when; how far the onboarding is; who is responsible; whether the answers are erased."""
    application = visible.application
    days = (timezone.localdate(now) - timezone.localdate(application.since)).days
    state = _(LABELS[ApplicationState(application.state)])
    sentences = [_("%(state)s, %(how_long)s.") % {"state": state, "how_long": age_text(days)}]
    if visible.onboarding:
        sentences.append(_("Onboarding: %(stage)s.") % {"stage": _(STAGE_LABELS[visible.onboarding.stage])})
    if application.assignee:
        sentences.append(_("Assigned to %(name)s.") % {"name": application.assignee.name})
    if application.erased_on:
        day = date_format(application.erased_on, "DATE_FORMAT")
        sentences.append(_("What they wrote was erased on %(day)s.") % {"day": day})
    return sentences


def _facts(application: "Application") -> list[Fact]:
    facts = [Fact(_("E-mail"), application.email)]
    if application.phone:
        facts.append(Fact(_("Phone"), application.phone))
    facts += [Fact(label, value) for label, value in facts_about(application)]
    if application.resume:
        facts.append(Fact(_("Résumé"), _("Download (PDF)"), reverse("applications:resume", args=[application.pk])))
    return facts


def _reference(reference: "Reference", now: datetime) -> ReferenceEntry:
    state = ReferenceState(reference.state)
    details = [_(REFERENCE_KIND_LABELS[ReferenceKind(reference.kind)])]
    if reference.asked_on:
        details.append(_("Asked on %(day)s") % {"day": date_format(reference.asked_on, "DATE_FORMAT")})
    if reference.answered_on:
        details.append(_("Answered on %(day)s") % {"day": date_format(reference.answered_on, "DATE_FORMAT")})
    elif reference.reminders:  # two at most
        details.append(ngettext("Reminded once", "Reminded twice", reference.reminders))
    return ReferenceEntry(
        name=reference.name,
        label=reference_label(state, reference.asked_on, timezone.localdate(now)),
        badge_class="badge" if state == ReferenceState.GIVEN else "badge badge--warm",
        details=details,
        blocks=blocks(reference.statement),
    )


def _interview(interview: "Interview | None", visible: "VisibleApplication") -> InterviewNote | None:
    if interview is None:
        return None
    state = InterviewState(interview.state)
    starts = [interview.starts_at] if interview.starts_at else [time.starts_at for time in interview.times.all()]
    return InterviewNote(
        heading=_interview_heading(state),
        note_class="note note--warm" if state == InterviewState.NONE_SUITS else "note",
        times=[_time_and_length(at, interview.minutes) for at in starts],
        place=interview.place,
        is_agreed=interview.starts_at is not None,
        may_cancel=visible.may_decide and visible.application.state == ApplicationState.INTERVIEW,
    )


def _interview_heading(state: InterviewState) -> str:
    return {
        InterviewState.PROPOSED: _("Interview: the candidate is choosing a time"),
        InterviewState.NONE_SUITS: _("Interview: none of these times work for the candidate"),
        InterviewState.AGREED: _("Interview scheduled"),
        InterviewState.CANCELLED: _("Interview canceled"),
    }[state]


def _time_and_length(starts_at: datetime, minutes: int) -> str:
    time = date_format(timezone.localtime(starts_at), "LONG_TIME_FORMAT")
    text = ngettext("%(time)s, %(minutes)s minute", "%(time)s, %(minutes)s minutes", minutes)
    return text % {"time": time, "minutes": minutes}


def _move(move: "Move") -> HistoryEntry:
    values = {"time": date_format(timezone.localtime(move.at), "DATETIME_FORMAT")}
    if move.by:
        who_and_when = _("By %(name)s, %(time)s") % {**values, "name": move.by.name}
    elif move.mover == Mover.CANDIDATE:
        who_and_when = _("By the candidate, %(time)s") % values
    else:
        who_and_when = _("Automatically, %(time)s") % values
    return HistoryEntry(_(MOVE_LABELS[ApplicationState(move.to_state)]), who_and_when, move.letter)
