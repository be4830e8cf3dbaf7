"""What the pages say about how far an application is. Pure."""

from datetime import date

from peersupport.core.sentences import gettext_noop as _

from ..domain.onboarding import OnboardingStage
from ..domain.reminders import is_unresponsive
from ..domain.states import REFERENCE, ApplicationState, ReferenceState

# The heading and the next step on the candidate's status page.
STATUS_TEXTS: dict[ApplicationState, tuple[str, str]] = {
    ApplicationState.SUBMITTED: (
        _("Your application has arrived"),
        _("The coordinator will read it next. Until then you can still change what you wrote."),
    ),
    ApplicationState.UNDER_REVIEW: (
        _("Your application is being read"),
        _("You need not do anything. We will write to you."),
    ),
    ApplicationState.INTERVIEW: (
        _("We would like to meet you"),
        _("Choose a time with the link in our e-mail about it."),
    ),
    ApplicationState.WAITING_LIST: (
        _("You are on the waiting list"),
        _("We would like to work with you, and will write as soon as a place is free. You need not do anything."),
    ),
    ApplicationState.DECLINED: (
        _("We cannot offer you a place"),
        _("What you wrote is erased in time. You may apply again."),
    ),
    ApplicationState.WITHDRAWN: (
        _("You have withdrawn your application"),
        _("What you wrote is erased in time. You may apply again."),
    ),
    ApplicationState.ABANDONED: (
        _("We are no longer pursuing this application"),
        _("We had not heard from you. What you wrote is erased in time, and you are welcome to apply again."),
    ),
}
ONBOARDING_TEXTS: dict[OnboardingStage, tuple[str, str]] = {
    OnboardingStage.INVITED: (
        _("You are accepted, on condition"),
        _("A second e-mail has a link with which you choose your password. After that comes the initial training."),
    ),
    OnboardingStage.TRAINING: (_("You are in training"), _("When it is done you sign the confidentiality agreement.")),
    OnboardingStage.AGREEMENT: (
        _("Your initial training is done"),
        _("Please sign in and sign the confidentiality agreement."),
    ),
    OnboardingStage.DESIGNATION: (_("Nearly there"), _("The head of the agency designates you next.")),
    OnboardingStage.DESIGNATED: (_("You are a member of the team"), _("Thank you. Sign in to see what waits for you.")),
    OnboardingStage.LEFT: (_("You are no longer on the team"), _("If you have a question, ask the coordinator.")),
}


def status_text(state: ApplicationState, stage: OnboardingStage | None) -> tuple[str, str]:
    """For the candidate: a heading with the state, and a sentence about what happens next.

    stage: how far the onboarding is, once accepted.
    """
    return ONBOARDING_TEXTS[stage] if stage is not None else STATUS_TEXTS[state]


def reference_label(state: ReferenceState, asked_on: date | None, today: date) -> str:
    """Whether the reference answered, or has kept us waiting too long."""
    if state == ReferenceState.ASKED and is_unresponsive(asked_on, today):
        return _("Has not answered in three weeks")
    return REFERENCE.labels[state]


def age_text(days: int) -> str:
    """How long an application has been in its state."""
    if days < 1:
        return "since today"
    if days < 14:
        return f"for {days} day{'' if days == 1 else 's'}"
    if days < 61:
        return f"for {days // 7} weeks"
    if days < 730:
        return f"for {days // 30} months"
    return f"for {days // 365} years"
