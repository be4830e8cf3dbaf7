"""Where an application stands, who moves it, and what was decided. A table; no Django.

What comes after "accepted on condition" (training, agreement, designation) is the member's own state: see stages.py.
"""

from collections.abc import Mapping
from enum import StrEnum

from peersupport.core.errors import Refused


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


class Tone(StrEnum):
    """How a state looks in a line: somebody has to do something, it is on its way, or it is over."""

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

# From where to where, and who may.
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

# Who sees it besides the candidate: nobody before the address is confirmed.
WITH_THE_CANDIDATE = frozenset({State.DRAFT, State.UNCONFIRMED})
CORRECTABLE = frozenset({State.DRAFT, State.UNCONFIRMED, State.SUBMITTED})
REVIEWED = frozenset({State.UNDER_REVIEW, State.INTERVIEW})
DECISIONS = (State.CONDITIONAL, State.WAITING_LIST, State.DECLINED)
# What a year's report counts, in this order.
OUTCOMES = (*DECISIONS, State.WITHDRAWN, State.ABANDONED)
# What waits for somebody of the team to go on.
WITH_THE_TEAM = frozenset({State.SUBMITTED, *REVIEWED})
# At most one of these for an e-mail address.
UNDER_WAY = frozenset({*WITH_THE_TEAM, State.WAITING_LIST, State.CONDITIONAL})


def check_move(now: State, to: State, mover: Mover) -> None:
    """Raises Refused unless this mover may take an application from one state to the other."""
    if to not in MOVES[now]:
        raise Refused(f"This application is in another state by now: {LABELS[now].lower()}.")
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


REFERENCE_LABELS: dict[ReferenceState, str] = {
    ReferenceState.NAMED: "Not asked yet",
    ReferenceState.ASKED: "Asked, no answer yet",
    ReferenceState.GIVEN: "Given",
    ReferenceState.DECLINED: "Would rather not",
}
REFERENCE_MOVES: Mapping[ReferenceState, frozenset[ReferenceState]] = {
    ReferenceState.NAMED: frozenset({ReferenceState.ASKED}),
    ReferenceState.ASKED: frozenset({ReferenceState.GIVEN, ReferenceState.DECLINED}),
    ReferenceState.GIVEN: frozenset(),
    ReferenceState.DECLINED: frozenset(),
}


class ReviewState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    RECUSED = "recused"


REVIEW_LABELS: dict[ReviewState, str] = {
    ReviewState.ASKED: "Not given yet",
    ReviewState.GIVEN: "Given",
    ReviewState.RECUSED: "Recused themselves",
}
REVIEW_MOVES: Mapping[ReviewState, frozenset[ReviewState]] = {
    ReviewState.ASKED: frozenset({ReviewState.GIVEN, ReviewState.RECUSED}),
    ReviewState.GIVEN: frozenset(),
    ReviewState.RECUSED: frozenset(),
}


def check_review(now: ReviewState, to: ReviewState) -> None:
    """Raises Refused unless a review may go from one state to the other."""
    if to not in REVIEW_MOVES[now]:
        raise Refused(f"You have answered already: {REVIEW_LABELS[now].lower()}.")


class InterviewState(StrEnum):
    PROPOSED = "proposed"
    NONE_SUITS = "none_suits"
    AGREED = "agreed"
    CANCELLED = "cancelled"


INTERVIEW_LABELS: dict[InterviewState, str] = {
    InterviewState.PROPOSED: "Times are proposed",
    InterviewState.NONE_SUITS: "None of the times suits the candidate",
    InterviewState.AGREED: "Agreed",
    InterviewState.CANCELLED: "Cancelled",
}
INTERVIEW_MOVES: Mapping[InterviewState, frozenset[InterviewState]] = {
    # Other times may be proposed, and the candidate may think again.
    InterviewState.PROPOSED: frozenset(InterviewState),
    InterviewState.NONE_SUITS: frozenset(InterviewState) - {InterviewState.NONE_SUITS},
    InterviewState.AGREED: frozenset(InterviewState),
    InterviewState.CANCELLED: frozenset(),
}


def check_interview(now: InterviewState, to: InterviewState) -> None:
    """Raises Refused unless an interview may go from one state to the other."""
    if to not in INTERVIEW_MOVES[now]:
        raise Refused(f"This interview is in another state by now: {INTERVIEW_LABELS[now].lower()}.")


class Conflict(StrEnum):
    """Duties that do not go easily with confidence."""

    INTERNAL_AFFAIRS = "internal_affairs"
    SUPERVISORY = "supervisory"


CONFLICT_LABELS: dict[Conflict, str] = {
    Conflict.INTERNAL_AFFAIRS: "I work in internal affairs",
    Conflict.SUPERVISORY: "I supervise others",
}
