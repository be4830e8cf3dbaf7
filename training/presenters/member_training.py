"""What a member's page and transcript say of their training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils.translation import gettext as _

from ..domain.hours import InitialTraining, YearHours
from ..domain.standing import Standing
from ..domain.states import ExternalTrainingState
from ..models import ExternalTraining, Subject
from ..queries.member_training import MemberTraining
from ..queries.next_steps import NextStep
from ..queries.readiness import MissingTraining
from .formats import hours_text, in_a_sentence, long_day, when_text


def lead(training: MemberTraining) -> str:
    """The line below the title of a member's page."""
    if training.to_train:
        return _("What is current, until when, and what comes next.")
    left = hours_left_text(training.initial, training.years)
    return f"Every subject is current. {left}" if left else _("Everything is current.")


def initial_training_text(initial: InitialTraining, today: date) -> str:
    """ "32 of 40 hours; 8 to go until 3 March 2027." """
    required = hours_text(initial.required)
    if initial.done_on:
        return f"{required} hours, complete since {long_day(initial.done_on)}."
    due = ", due since" if initial.due_on < today else " until"
    return (
        f"{hours_text(initial.hours)} of {required} hours; "
        f"{hours_text(initial.hours_left)} to go{due} {long_day(initial.due_on)}."
    )


def hours_left_text(initial: InitialTraining | None, years: Sequence[YearHours]) -> str:
    """ "Four hours are left to do this year."; empty where all are done. years: newest first."""
    if initial is not None and initial.done_on is None:
        return f"{_hours_are_left(initial.hours_left)} of the initial training."
    return f"{_hours_are_left(years[0].hours_left)} this year." if years and years[0].hours_left else ""


def _hours_are_left(hours: Decimal) -> str:
    number = str(apnumber(int(hours)) if hours == int(hours) else hours_text(hours)).capitalize()
    return f"{number} hour is left to do" if hours == 1 else f"{number} hours are left to do"


def year_text(year: YearHours) -> str:
    if year.required is None:
        return _("Initial training")
    return f"{hours_text(year.hours_left)} to go" if year.hours_left else "Complete"


def missing_training_sentences(missing: MissingTraining) -> list[str]:
    return [
        *([_("The initial training is not complete.")] if missing.is_initial_missing else []),
        *(f"Not trained in {in_a_sentence(name)}, which some requests need." for name in missing.untrained),
        *(f"No longer current in {in_a_sentence(name)}, which some requests need." for name in missing.lapsed),
    ]


@dataclass(frozen=True)
class NextStepRow:
    """A subject to train. text, url: what is under way or offered, and where; both are empty if nothing is."""

    subject: Subject
    standing: Standing
    text: str = ""
    url: str = ""


def next_step_row(step: NextStep) -> NextStepRow:
    text, url = "", ""
    if step.external is not None:
        text, url = _external_text(step.external), reverse("training:external_training", args=[step.external.pk])
    elif step.session is not None:
        offer = "Enrolled" if step.is_enrolled else _("Next session")
        text = f"{offer}: {step.session.title}, {when_text(step.session)}"
        url = reverse("training:session", args=[step.session.pk])
    return NextStepRow(step.subject, step.standing, text, url)


def _external_text(external: ExternalTraining) -> str:
    if external.state == ExternalTrainingState.REPORTED:
        return "Reported. It counts once the coordinator has looked at the certificate."
    return f"The certificate came back: {external.reason}"
