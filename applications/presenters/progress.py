"""What the program says to candidates; the letters, before anybody has changed a word. Pure."""

from ..domain.stages import Stage
from ..domain.states import State

# Where it stands, and what follows: what a candidate reads behind their private link.
TOLD: dict[State, tuple[str, str]] = {
    State.SUBMITTED: (
        "Your application has arrived",
        "The coordinator will read it next. Until then you can still change what you wrote.",
    ),
    State.UNDER_REVIEW: ("Your application is being read", "You need not do anything. We will write to you."),
    State.INTERVIEW: ("We would like to meet you", "Choose a time with the link in our e-mail about it."),
    State.WAITING_LIST: (
        "You are on the waiting list",
        "We would like to work with you, and will write as soon as a place is free. You need not do anything.",
    ),
    State.DECLINED: (
        "We cannot offer you a place",
        "What you wrote is erased in time. You may apply again.",
    ),
    State.WITHDRAWN: (
        "You have withdrawn your application",
        "What you wrote is erased in time. You may apply again.",
    ),
    State.ABANDONED: (
        "We are no longer pursuing this application",
        "We had not heard from you. What you wrote is erased in time, and you are welcome to apply again.",
    ),
}
TOLD_WHEN_ACCEPTED: dict[Stage, tuple[str, str]] = {
    Stage.INVITED: (
        "You are accepted, on condition",
        "A second e-mail has a link with which you choose your password. After that comes the initial training.",
    ),
    Stage.TRAINING: ("You are in training", "When it is done you sign the confidentiality agreement."),
    Stage.AGREEMENT: ("Your initial training is done", "Please sign in and sign the confidentiality agreement."),
    Stage.DESIGNATION: ("Nearly there", "The head of the agency designates you next."),
    Stage.DESIGNATED: ("You are a member of the team", "Thank you. Sign in to see what waits for you."),
    Stage.LEFT: ("You are no longer on the team", "If you have a question, ask the coordinator."),
}


def told(state: State, stage: Stage | None) -> tuple[str, str]:
    """For the candidate: where it stands, a heading; and what happens next, a sentence."""
    return TOLD_WHEN_ACCEPTED[stage] if stage is not None else TOLD[state]


# What a move was, as whoever looks back reads it.
HAPPENED: dict[State, str] = {
    State.DRAFT: "Began to write",
    State.UNCONFIRMED: "Sent it",
    State.SUBMITTED: "Confirmed the address",
    State.UNDER_REVIEW: "Review",
    State.INTERVIEW: "Times proposed for an interview",
    State.WAITING_LIST: "Put on the waiting list",
    State.CONDITIONAL: "Accepted on condition",
    State.DECLINED: "Declined",
    State.WITHDRAWN: "Withdrew",
    State.ABANDONED: "Pursued no longer",
}


def age_words(days: int) -> str:
    """How long something has stood where it stands."""
    if days < 1:
        return "since today"
    if days < 14:
        return f"for {days} day{'' if days == 1 else 's'}"
    if days < 61:
        return f"for {days // 7} weeks"
    if days < 730:
        return f"for {days // 30} months"
    return f"for {days // 365} years"
