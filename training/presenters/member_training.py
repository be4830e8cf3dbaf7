"""What a member's page and transcript say of their training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words, plural_of

from ..domain.hours import InitialTraining, YearHours
from ..domain.states import ExternalTrainingState
from .formats import hours_text, in_a_sentence, standing_text, status_symbol, when_text

if TYPE_CHECKING:
    from ..domain.standing import Standing
    from ..models import ExternalTraining, Session, Subject
    from ..queries.next_steps import NextStep
    from ..queries.readiness import MissingTraining


def lead(is_all_current: bool, initial: InitialTraining | None, years: Sequence[YearHours]) -> str:
    """The line below the title of a member's page. years: newest first."""
    if not is_all_current:
        return _("What is current, until when, and what comes next.")
    left = hours_left_text(initial, years)
    return " ".join([_("Every subject is current."), left]) if left else _("Everything is current.")


def initial_training_text(initial: InitialTraining | None, today: date) -> str:
    """ "32 of 40 hours; 8 to go by March 3, 2027." """
    if initial is None:
        return _("Nothing is on record yet.")
    required = hours_text(initial.required)
    if initial.done_on:
        done_on = date_format(initial.done_on, "DATE_FORMAT")
        return _("%(required)s hours, completed on %(day)s.") % {"required": required, "day": done_on}
    if initial.is_overdue(today):
        sentence = _("%(hours)s of %(required)s hours; the other %(left)s were due on %(day)s.")
    else:
        sentence = _("%(hours)s of %(required)s hours; %(left)s to go by %(day)s.")
    return sentence % {
        "hours": hours_text(initial.hours),
        "required": required,
        "left": hours_text(initial.hours_left),
        "day": date_format(initial.due_on, "DATE_FORMAT"),
    }


def hours_left_text(initial: InitialTraining | None, years: Sequence[YearHours]) -> str:
    """ "Four hours to go this year."; empty where all are done. years: newest first."""
    if initial is not None and initial.done_on is None:
        hours = initial.hours_left
        sentence = ngettext(
            "%(hours)s hour of initial training to go.", "%(hours)s hours of initial training to go.", plural_of(hours)
        )
    elif years and years[0].hours_left:
        hours = years[0].hours_left
        sentence = ngettext("%(hours)s hour to go this year.", "%(hours)s hours to go this year.", plural_of(hours))
    else:
        return ""
    number = in_words(int(hours)) if hours == int(hours) else hours_text(hours)
    return capfirst(sentence % {"hours": number})


def year_text(year: YearHours) -> str:
    if year.required is None:
        return _("Initial training")
    return _("%(hours)s to go") % {"hours": hours_text(year.hours_left)} if year.hours_left else _("Complete")


@dataclass(frozen=True)
class YearRow:
    """A year as the page and the transcript show it. required: a dash in the year in which the member began."""

    year: str
    hours: str
    required: str
    text: str


def year_rows(years: Iterable[YearHours]) -> list[YearRow]:
    return [
        YearRow(
            str(year.year),
            hours_text(year.hours),
            "–" if year.required is None else hours_text(year.required),
            year_text(year),
        )
        for year in years
    ]


def missing_training_sentences(missing: "MissingTraining") -> list[str]:
    untrained = _("Not trained in %(subject)s, which some requests require.")
    lapsed = _("No longer current in %(subject)s, which some requests require.")
    return [
        *([_("The initial training is not complete.")] if missing.is_initial_missing else []),
        *(untrained % {"subject": in_a_sentence(name)} for name in missing.untrained),
        *(lapsed % {"subject": in_a_sentence(name)} for name in missing.lapsed),
    ]


def designation_steps(name: str, *, initial: str, signature: str) -> list[tuple[str, str]]:
    """What comes before a designation, and the designation. signature: of the agreement; empty if there is none."""
    if signature:
        enter = _("Enter the date and order number.")
    else:
        signature = _("Not signed yet. %(name)s can sign it on their own page.") % {"name": name}
        enter = _("You can enter it once the agreement is signed.")
    return [
        (_("Initial training"), initial),
        (_("Confidentiality agreement"), signature),
        (_("Designation by the head of the agency"), enter),
    ]


@dataclass(frozen=True)
class NextStepRow:
    """A subject to train. text: what is under way or offered, or that nothing is. url, action: where to go."""

    subject: "Subject"
    symbol: str
    standing: str
    text: str
    url: str = ""
    action: str = ""


def next_step_row(step: "NextStep", *, ask: str = "", can_plan: bool = False) -> NextStepRow:
    """ask: whom the reader can ask for a session, if they can. can_plan: whether they plan sessions themselves."""
    text, url, action = _no_session_text(ask), "", ""
    if step.external is not None:
        url, action = reverse("training:external_training", args=[step.external.pk]), _("Open")
        text = _external_text(step.external)
    elif step.session is not None:
        url, action = reverse("training:session", args=[step.session.pk]), _("Open")
        text = _session_text(step.session, is_enrolled=step.is_enrolled)
    elif can_plan:
        url, action = reverse("training:plan_session"), _("Plan a session")
    standing = subject_line(step.subject, step.standing)
    return NextStepRow(step.subject, status_symbol(step.standing), standing, text, url, action)


def subject_line(subject: "Subject", standing: "Standing") -> str:
    """ "Lapsed on March 3, 2027 · some requests require it"."""
    return " · ".join([standing_text(standing), *([_("some requests require it")] if subject.required_for else [])])


def _no_session_text(ask: str) -> str:
    if not ask:
        return _("No upcoming session has room.")
    sentence = _("No upcoming session has room. Ask %(name)s for one, or take it elsewhere and report it.")
    return sentence % {"name": ask}


def _session_text(session: "Session", *, is_enrolled: bool) -> str:
    sentence = _("Enrolled: %(title)s, %(when)s") if is_enrolled else _("Next session: %(title)s, %(when)s")
    return sentence % {"title": session.title, "when": when_text(session)}


def _external_text(external: "ExternalTraining") -> str:
    if external.state == ExternalTrainingState.REPORTED:
        return _("Reported. It counts once the coordinator has checked the certificate.")
    return _("The certificate was sent back: %(reason)s") % {"reason": external.reason}


def report_lead(external: "ExternalTraining") -> str:
    """ "Sent back: The date can't be read." """
    state = external.get_state_display()
    return _("%(state)s: %(reason)s") % {"state": state, "reason": external.reason} if external.reason else state


def report_line(external: "ExternalTraining") -> str:
    """Below the subject, in the list of what a member reported."""
    return " · ".join([date_format(external.completed_on, "DATE_FORMAT"), report_lead(external)])
