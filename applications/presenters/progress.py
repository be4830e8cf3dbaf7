"""What the pages say about how far an application is. Pure."""

from datetime import date

from ..domain.onboarding import OnboardingStage
from ..domain.reminders import is_unresponsive
from ..domain.states import REFERENCE, ApplicationState, ReferenceState

# The heading and the next step on the candidate's status page.
STATUS_TEXTS: dict[ApplicationState, tuple[str, str]] = {
    ApplicationState.SUBMITTED: (
        "Your application has arrived",
        "The coordinator will read it next. Until then you can still change what you wrote.",
    ),
    ApplicationState.UNDER_REVIEW: (
        "Your application is being read",
        "You need not do anything. We will write to you.",
    ),
    ApplicationState.INTERVIEW: ("We would like to meet you", "Choose a time with the link in our e-mail about it."),
    ApplicationState.WAITING_LIST: (
        "You are on the waiting list",
        "We would like to work with you, and will write as soon as a place is free. You need not do anything.",
    ),
    ApplicationState.DECLINED: (
        "We cannot offer you a place",
        "What you wrote is erased in time. You may apply again.",
    ),
    ApplicationState.WITHDRAWN: (
        "You have withdrawn your application",
        "What you wrote is erased in time. You may apply again.",
    ),
    ApplicationState.ABANDONED: (
        "We are no longer pursuing this application",
        "We had not heard from you. What you wrote is erased in time, and you are welcome to apply again.",
    ),
}
ONBOARDING_TEXTS: dict[OnboardingStage, tuple[str, str]] = {
    OnboardingStage.INVITED: (
        "You are accepted, on condition",
        "A second e-mail has a link with which you choose your password. After that comes the initial training.",
    ),
    OnboardingStage.TRAINING: ("You are in training", "When it is done you sign the confidentiality agreement."),
    OnboardingStage.AGREEMENT: (
        "Your initial training is done",
        "Please sign in and sign the confidentiality agreement.",
    ),
    OnboardingStage.DESIGNATION: ("Nearly there", "The head of the agency designates you next."),
    OnboardingStage.DESIGNATED: ("You are a member of the team", "Thank you. Sign in to see what waits for you."),
    OnboardingStage.LEFT: ("You are no longer on the team", "If you have a question, ask the coordinator."),
}


def status_text(state: ApplicationState, stage: OnboardingStage | None) -> tuple[str, str]:
    """For the candidate: a heading with the state, and a sentence about what happens next.

    stage: how far the onboarding is, once accepted.
    """
    return ONBOARDING_TEXTS[stage] if stage is not None else STATUS_TEXTS[state]


def reference_label(state: ReferenceState, asked_on: date | None, today: date) -> str:
    """Whether the reference answered, or has kept us waiting too long."""
    if state == ReferenceState.ASKED and is_unresponsive(asked_on, today):
        return "Has not answered in three weeks"
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
