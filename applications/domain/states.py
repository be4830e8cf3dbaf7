"""The states of an application, its reviews, references and interview, as workflow tables.

What follows "accepted on condition" (training, agreement, designation) is the member's own state: see onboarding.py.
"""

from collections.abc import Mapping
from enum import StrEnum

from peersupport.core.errors import Refused
from peersupport.core.transitions import Workflow


class State(StrEnum):
    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    INTERVIEW = "interview"
    WAITING_LIST = "waiting_list"
    CONDITIONAL = "conditional"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"


LABELS: dict[State, str] = {
    State.DRAFT: "Draft",
    State.UNCONFIRMED: "E-mail not confirmed yet",
    State.SUBMITTED: "New",
    State.UNDER_REVIEW: "Under review",
    State.INTERVIEW: "Interview",
    State.WAITING_LIST: "On the waiting list",
    State.CONDITIONAL: "Accepted on condition",
    State.DECLINED: "Declined",
    State.WITHDRAWN: "Withdrawn",
    State.ABANDONED: "Not pursued",
}

# The history says of each move what happened, by the state it led to.
MOVE_LABELS: dict[State, str] = {
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


class Tone(StrEnum):
    """How a list shows a state: somebody must act (warm), it is in progress (plain), it is over (soft)."""

    WARM = "warm"
    PLAIN = "plain"
    SOFT = "soft"


TONES: dict[State, Tone] = {
    State.DRAFT: Tone.SOFT,
    State.UNCONFIRMED: Tone.SOFT,
    State.SUBMITTED: Tone.WARM,
    State.UNDER_REVIEW: Tone.PLAIN,
    State.INTERVIEW: Tone.PLAIN,
    State.WAITING_LIST: Tone.PLAIN,
    State.CONDITIONAL: Tone.PLAIN,
    State.DECLINED: Tone.SOFT,
    State.WITHDRAWN: Tone.SOFT,
    State.ABANDONED: Tone.SOFT,
}


class Mover(StrEnum):
    CANDIDATE = "candidate"
    COORDINATOR = "coordinator"
    CALENDAR = "calendar"


MOVER_LABELS: dict[Mover, str] = {
    Mover.CANDIDATE: "the candidate",
    Mover.COORDINATOR: "a coordinator",
    Mover.CALENDAR: "the calendar",
}

_CANDIDATE, _COORDINATOR, _CALENDAR = Mover.CANDIDATE, Mover.COORDINATOR, Mover.CALENDAR

# By state: the states it leads to, and who may make that move.
MOVES: Mapping[State, Mapping[State, Mover]] = {
    State.DRAFT: {State.UNCONFIRMED: _CANDIDATE, State.WITHDRAWN: _CANDIDATE, State.ABANDONED: _CALENDAR},
    State.UNCONFIRMED: {State.SUBMITTED: _CANDIDATE, State.WITHDRAWN: _CANDIDATE, State.ABANDONED: _CALENDAR},
    State.SUBMITTED: {State.UNDER_REVIEW: _COORDINATOR, State.WITHDRAWN: _CANDIDATE},
    State.UNDER_REVIEW: {
        State.INTERVIEW: _COORDINATOR,
        State.CONDITIONAL: _COORDINATOR,
        State.WAITING_LIST: _COORDINATOR,
        State.DECLINED: _COORDINATOR,
        State.ABANDONED: _COORDINATOR,
        State.WITHDRAWN: _CANDIDATE,
    },
    State.INTERVIEW: {
        State.UNDER_REVIEW: _COORDINATOR,
        State.CONDITIONAL: _COORDINATOR,
        State.WAITING_LIST: _COORDINATOR,
        State.DECLINED: _COORDINATOR,
        State.ABANDONED: _COORDINATOR,
        State.WITHDRAWN: _CANDIDATE,
    },
    State.WAITING_LIST: {
        State.UNDER_REVIEW: _COORDINATOR,
        State.CONDITIONAL: _COORDINATOR,
        State.DECLINED: _COORDINATOR,
        State.WITHDRAWN: _CANDIDATE,
    },
    State.CONDITIONAL: {State.ABANDONED: _COORDINATOR, State.WITHDRAWN: _CANDIDATE},
    State.DECLINED: {},
    State.WITHDRAWN: {},
    State.ABANDONED: {},
}

# Nobody but the candidate sees these: the address is not confirmed.
WITH_THE_CANDIDATE = frozenset({State.DRAFT, State.UNCONFIRMED})
CORRECTABLE = frozenset({State.DRAFT, State.UNCONFIRMED, State.SUBMITTED})
IN_REVIEW = frozenset({State.UNDER_REVIEW, State.INTERVIEW})
DECISIONS = (State.CONDITIONAL, State.WAITING_LIST, State.DECLINED)
# The yearly report counts these, in this order.
OUTCOMES = (*DECISIONS, State.WITHDRAWN, State.ABANDONED)
# The team has to act or decide.
WITH_THE_TEAM = frozenset({State.SUBMITTED, *IN_REVIEW})
# At most one of these for an e-mail address.
UNDER_WAY = frozenset({*WITH_THE_TEAM, State.WAITING_LIST, State.CONDITIONAL})


APPLICATION = Workflow(LABELS, MOVES, refusal="This application is in another state by now: {now}.")


def check_move(now: State, to: State, mover: Mover) -> None:
    """Raises Refused unless this mover may take an application from `now` to `to`."""
    APPLICATION.check(now, to)
    if MOVES[now][to] != mover:
        raise Refused(f"Only {MOVER_LABELS[MOVES[now][to]]} can do this.")


class ReferenceKind(StrEnum):
    REFERENCE = "reference"
    ENDORSEMENT = "endorsement"


REFERENCE_KIND_LABELS: dict[ReferenceKind, str] = {
    ReferenceKind.REFERENCE: "Reference",
    ReferenceKind.ENDORSEMENT: "Endorsement by the supervisor",
}


class ReferenceState(StrEnum):
    NAMED = "named"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


REFERENCE = Workflow(
    labels={
        ReferenceState.NAMED: "Not asked yet",
        ReferenceState.ASKED: "Asked, no answer yet",
        ReferenceState.GIVEN: "Given",
        ReferenceState.DECLINED: "Would rather not",
    },
    moves={
        ReferenceState.NAMED: {ReferenceState.ASKED},
        ReferenceState.ASKED: {ReferenceState.GIVEN, ReferenceState.DECLINED},
        ReferenceState.GIVEN: (),
        ReferenceState.DECLINED: (),
    },
    refusal="This reference is in another state by now: {now}.",
)


class ReviewState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    RECUSED = "recused"


REVIEW = Workflow(
    labels={
        ReviewState.ASKED: "Not given yet",
        ReviewState.GIVEN: "Given",
        ReviewState.RECUSED: "Recused themselves",
    },
    moves={
        ReviewState.ASKED: {ReviewState.GIVEN, ReviewState.RECUSED},
        ReviewState.GIVEN: (),
        ReviewState.RECUSED: (),
    },
    refusal="You have answered already: {now}.",
)


class InterviewState(StrEnum):
    PROPOSED = "proposed"
    NONE_SUITS = "none_suits"
    AGREED = "agreed"
    CANCELLED = "cancelled"


INTERVIEW = Workflow(
    labels={
        InterviewState.PROPOSED: "Times are proposed",
        InterviewState.NONE_SUITS: "None of the times suits the candidate",
        InterviewState.AGREED: "Agreed",
        InterviewState.CANCELLED: "Cancelled",
    },
    moves={
        # The coordinator may propose other times, and the candidate may choose another.
        InterviewState.PROPOSED: frozenset(InterviewState),
        InterviewState.NONE_SUITS: frozenset(InterviewState) - {InterviewState.NONE_SUITS},
        InterviewState.AGREED: frozenset(InterviewState),
        InterviewState.CANCELLED: (),
    },
    refusal="This interview is in another state by now: {now}.",
)


class Conflict(StrEnum):
    """Duties that can get in the way of confidentiality."""

    INTERNAL_AFFAIRS = "internal_affairs"
    SUPERVISORY = "supervisory"


CONFLICT_LABELS: dict[Conflict, str] = {
    Conflict.INTERNAL_AFFAIRS: "I work in internal affairs",
    Conflict.SUPERVISORY: "I supervise others",
}
