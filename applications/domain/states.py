"""The states of an application, its reviews, references and interview, as workflow tables.

What follows "conditionally accepted" (training, agreement, designation) is the member's own state: see onboarding.py.
"""

from collections.abc import Mapping
from enum import StrEnum

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.transitions import Workflow


class ApplicationState(StrEnum):
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


LABELS: dict[ApplicationState, str] = {
    ApplicationState.DRAFT: _("Draft"),
    ApplicationState.UNCONFIRMED: _("E-mail not confirmed"),
    ApplicationState.SUBMITTED: _("New"),
    ApplicationState.UNDER_REVIEW: _("Under review"),
    ApplicationState.INTERVIEW: _("Interview"),
    ApplicationState.WAITING_LIST: _("On the waiting list"),
    ApplicationState.CONDITIONAL: _("Conditionally accepted"),
    ApplicationState.DECLINED: _("Declined"),
    ApplicationState.WITHDRAWN: _("Withdrawn"),
    ApplicationState.ABANDONED: _("Not pursued"),
}

# The history says of each move what happened, by the state it led to.
MOVE_LABELS: dict[ApplicationState, str] = {
    ApplicationState.DRAFT: _("Started the application"),
    ApplicationState.UNCONFIRMED: _("Sent the application"),
    ApplicationState.SUBMITTED: _("Confirmed the e-mail address"),
    ApplicationState.UNDER_REVIEW: _("Under review"),
    ApplicationState.INTERVIEW: _("Interview times proposed"),
    ApplicationState.WAITING_LIST: _("Put on the waiting list"),
    ApplicationState.CONDITIONAL: _("Conditionally accepted"),
    ApplicationState.DECLINED: _("Declined"),
    ApplicationState.WITHDRAWN: _("Withdrawn"),
    ApplicationState.ABANDONED: _("Marked as not pursued"),
}


class Tone(StrEnum):
    """How a list shows a state: somebody must act (warm), it is in progress (plain), it is over (soft)."""

    WARM = "warm"
    PLAIN = "plain"
    SOFT = "soft"


TONES: dict[ApplicationState, Tone] = {
    ApplicationState.DRAFT: Tone.SOFT,
    ApplicationState.UNCONFIRMED: Tone.SOFT,
    ApplicationState.SUBMITTED: Tone.WARM,
    ApplicationState.UNDER_REVIEW: Tone.PLAIN,
    ApplicationState.INTERVIEW: Tone.PLAIN,
    ApplicationState.WAITING_LIST: Tone.PLAIN,
    ApplicationState.CONDITIONAL: Tone.PLAIN,
    ApplicationState.DECLINED: Tone.SOFT,
    ApplicationState.WITHDRAWN: Tone.SOFT,
    ApplicationState.ABANDONED: Tone.SOFT,
}


class Mover(StrEnum):
    CANDIDATE = "candidate"
    COORDINATOR = "coordinator"
    SCHEDULE = "schedule"


# The refusal of a move that belongs to another mover.
MOVER_REFUSALS: dict[Mover, str] = {
    Mover.CANDIDATE: _("Only the candidate can do this."),
    Mover.COORDINATOR: _("Only a coordinator can do this."),
    Mover.SCHEDULE: _("This happens automatically when the time is up."),
}

_CANDIDATE, _COORDINATOR, _SCHEDULE = Mover.CANDIDATE, Mover.COORDINATOR, Mover.SCHEDULE

# By state: the states it leads to, and who may make that move.
MOVES: Mapping[ApplicationState, Mapping[ApplicationState, Mover]] = {
    ApplicationState.DRAFT: {
        ApplicationState.UNCONFIRMED: _CANDIDATE,
        ApplicationState.WITHDRAWN: _CANDIDATE,
        ApplicationState.ABANDONED: _SCHEDULE,
    },
    ApplicationState.UNCONFIRMED: {
        ApplicationState.SUBMITTED: _CANDIDATE,
        ApplicationState.WITHDRAWN: _CANDIDATE,
        ApplicationState.ABANDONED: _SCHEDULE,
    },
    ApplicationState.SUBMITTED: {ApplicationState.UNDER_REVIEW: _COORDINATOR, ApplicationState.WITHDRAWN: _CANDIDATE},
    ApplicationState.UNDER_REVIEW: {
        ApplicationState.INTERVIEW: _COORDINATOR,
        ApplicationState.CONDITIONAL: _COORDINATOR,
        ApplicationState.WAITING_LIST: _COORDINATOR,
        ApplicationState.DECLINED: _COORDINATOR,
        ApplicationState.ABANDONED: _COORDINATOR,
        ApplicationState.WITHDRAWN: _CANDIDATE,
    },
    ApplicationState.INTERVIEW: {
        ApplicationState.UNDER_REVIEW: _COORDINATOR,
        ApplicationState.CONDITIONAL: _COORDINATOR,
        ApplicationState.WAITING_LIST: _COORDINATOR,
        ApplicationState.DECLINED: _COORDINATOR,
        ApplicationState.ABANDONED: _COORDINATOR,
        ApplicationState.WITHDRAWN: _CANDIDATE,
    },
    ApplicationState.WAITING_LIST: {
        ApplicationState.UNDER_REVIEW: _COORDINATOR,
        ApplicationState.CONDITIONAL: _COORDINATOR,
        ApplicationState.DECLINED: _COORDINATOR,
        ApplicationState.WITHDRAWN: _CANDIDATE,
    },
    ApplicationState.CONDITIONAL: {ApplicationState.ABANDONED: _COORDINATOR, ApplicationState.WITHDRAWN: _CANDIDATE},
    ApplicationState.DECLINED: {},
    ApplicationState.WITHDRAWN: {},
    ApplicationState.ABANDONED: {},
}

# Nobody but the candidate sees these: the address is not confirmed.
WITH_THE_CANDIDATE = frozenset({ApplicationState.DRAFT, ApplicationState.UNCONFIRMED})
CORRECTABLE = frozenset({ApplicationState.DRAFT, ApplicationState.UNCONFIRMED, ApplicationState.SUBMITTED})
IN_REVIEW = frozenset({ApplicationState.UNDER_REVIEW, ApplicationState.INTERVIEW})
DECISIONS = (ApplicationState.CONDITIONAL, ApplicationState.WAITING_LIST, ApplicationState.DECLINED)
# The yearly report counts these, in this order.
OUTCOMES = (*DECISIONS, ApplicationState.WITHDRAWN, ApplicationState.ABANDONED)
# The team has to act or decide.
WITH_THE_TEAM = frozenset({ApplicationState.SUBMITTED, *IN_REVIEW})
# At most one of these for an e-mail address.
UNDER_WAY = frozenset({*WITH_THE_TEAM, ApplicationState.WAITING_LIST, ApplicationState.CONDITIONAL})


APPLICATION = Workflow(LABELS, MOVES, refusal=_("This application has changed since you opened the page."))


def check_move(current: ApplicationState, to: ApplicationState, mover: Mover) -> None:
    """Raises Refused unless this mover may take an application from `current` to `to`."""
    APPLICATION.check(current, to)
    if MOVES[current][to] != mover:
        raise Refused(MOVER_REFUSALS[MOVES[current][to]])


class ReferenceKind(StrEnum):
    REFERENCE = "reference"
    ENDORSEMENT = "endorsement"


REFERENCE_KIND_LABELS: dict[ReferenceKind, str] = {
    ReferenceKind.REFERENCE: _("Reference"),
    ReferenceKind.ENDORSEMENT: _("Supervisor's endorsement"),
}


class ReferenceState(StrEnum):
    NAMED = "named"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


REFERENCE = Workflow(
    labels={
        ReferenceState.NAMED: _("Not asked yet"),
        ReferenceState.ASKED: _("No answer yet"),
        ReferenceState.GIVEN: _("Answered"),
        ReferenceState.DECLINED: _("Declined"),
    },
    moves={
        ReferenceState.NAMED: {ReferenceState.ASKED},
        ReferenceState.ASKED: {ReferenceState.GIVEN, ReferenceState.DECLINED},
        ReferenceState.GIVEN: (),
        ReferenceState.DECLINED: (),
    },
    refusal=_("This reference has changed since you opened the page."),
)


class ReviewState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    RECUSED = "recused"


REVIEW = Workflow(
    labels={
        ReviewState.ASKED: _("Not given yet"),
        ReviewState.GIVEN: _("Given"),
        ReviewState.RECUSED: _("Recused"),
    },
    moves={
        ReviewState.ASKED: {ReviewState.GIVEN, ReviewState.RECUSED},
        ReviewState.GIVEN: (),
        ReviewState.RECUSED: (),
    },
    refusal=_("You have already answered."),
)


class InterviewState(StrEnum):
    PROPOSED = "proposed"
    NONE_SUITS = "none_suits"
    AGREED = "agreed"
    CANCELLED = "cancelled"


INTERVIEW = Workflow(
    labels={
        InterviewState.PROPOSED: _("Times proposed"),
        InterviewState.NONE_SUITS: _("None of the times work for the candidate"),
        InterviewState.AGREED: _("Scheduled"),
        InterviewState.CANCELLED: _("Canceled"),
    },
    moves={
        # The coordinator may propose other times, and the candidate may choose another.
        InterviewState.PROPOSED: frozenset(InterviewState),
        InterviewState.NONE_SUITS: frozenset(InterviewState) - {InterviewState.NONE_SUITS},
        InterviewState.AGREED: frozenset(InterviewState),
        InterviewState.CANCELLED: (),
    },
    refusal=_("This interview has changed since you opened the page."),
)


class Conflict(StrEnum):
    """Duties that can get in the way of confidentiality."""

    INTERNAL_AFFAIRS = "internal_affairs"
    SUPERVISORY = "supervisory"


# As candidates say it of themselves, and as others read it about them.
CONFLICT_LABELS: dict[Conflict, str] = {
    Conflict.INTERNAL_AFFAIRS: _("I work in internal affairs"),
    Conflict.SUPERVISORY: _("I supervise others"),
}
DUTY_LABELS: dict[Conflict, str] = {
    Conflict.INTERNAL_AFFAIRS: _("Works in internal affairs"),
    Conflict.SUPERVISORY: _("Supervises others"),
}
