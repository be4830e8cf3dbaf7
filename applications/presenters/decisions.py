"""What a coordinator reads while deciding an application."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from peersupport.core.plurals import in_words
from peersupport.core.sentences import gettext_noop as _

from ..domain.states import DECISIONS, LABELS, MOVES, ApplicationState

DECISION_LABELS: dict[ApplicationState, str] = {
    ApplicationState.CONDITIONAL: _("Accept conditionally"),
    ApplicationState.WAITING_LIST: _("Put on the waiting list"),
    ApplicationState.DECLINED: _("Decline"),
}
HINTS: dict[ApplicationState, str] = {
    ApplicationState.CONDITIONAL: _("They're invited right away. Training, agreement and designation follow."),
    ApplicationState.WAITING_LIST: _("You can decide again at any time."),
    ApplicationState.DECLINED: _("This closes the application. They may apply again."),
}
CONFIRMATIONS: dict[ApplicationState, str] = {
    ApplicationState.CONDITIONAL: _("The letter and an invitation to the team are on their way to the candidate."),
    ApplicationState.WAITING_LIST: _("The letter is on its way. The candidate is on the waiting list."),
    ApplicationState.DECLINED: _("The letter is on its way to the candidate."),
}


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    hint: str


def choices_in(state: ApplicationState) -> list[Choice]:
    """The decisions that can be made about an application in this state."""
    return [
        Choice(decision.value, label(decision), gettext(HINTS[decision]))
        for decision in DECISIONS
        if decision in MOVES[state]
    ]


def label(decision: ApplicationState) -> str:
    """As a choice, and as the title of its letter's page."""
    return gettext(DECISION_LABELS[decision])


def confirmation(decision: ApplicationState) -> str:
    return gettext(CONFIRMATIONS[decision])


def nothing_to_decide(state: ApplicationState) -> str:
    return gettext("There's nothing to decide right now. The application's status: %(state)s.") % {
        "state": gettext(LABELS[state])
    }


def period_text(months: int) -> str:
    """How long an application is kept, in a letter."""
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": in_words(months)}
