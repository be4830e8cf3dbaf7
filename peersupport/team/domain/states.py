"""Where a member stands. Only a designated member who is not on leave is offered anything."""

from enum import StrEnum

from peersupport.core.errors import Refused


class State(StrEnum):
    IN_TRAINING = "in_training"
    DESIGNATED = "designated"
    ENDED = "ended"


LABELS: dict[State, str] = {
    State.IN_TRAINING: "In training",
    State.DESIGNATED: "Designated",
    State.ENDED: "No longer a member",
}

MOVES: dict[State, frozenset[State]] = {
    State.IN_TRAINING: frozenset({State.DESIGNATED, State.ENDED}),
    State.DESIGNATED: frozenset({State.ENDED}),
    State.ENDED: frozenset({State.IN_TRAINING}),
}

_REFUSALS: dict[State, str] = {
    State.IN_TRAINING: "This member has not left the team, so there is nothing to return to.",
    State.DESIGNATED: "Only a member in training can be designated. This one is: {now}.",
    State.ENDED: "This person has left the team already.",
}


def check_move(now: State, to: State) -> None:
    """Raises Refused unless a member may go from one state to the other."""
    if to not in MOVES[now]:
        raise Refused(_REFUSALS[to].format(now=LABELS[now].lower()))


class KeyState(StrEnum):
    NONE = "none"
    UNCHECKED = "unchecked"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


KEY_LABELS: dict[KeyState, str] = {
    KeyState.NONE: "No key",
    KeyState.UNCHECKED: "Recovery code not typed back yet",
    KeyState.UNCONFIRMED: "To be confirmed",
    KeyState.CONFIRMED: "Confirmed",
}


def key_state(*, is_there: bool, is_checked: bool, is_confirmed: bool) -> KeyState:
    """How far a member's key is on its way to being matched."""
    if not is_there:
        return KeyState.NONE
    if not is_checked:
        return KeyState.UNCHECKED
    return KeyState.CONFIRMED if is_confirmed else KeyState.UNCONFIRMED


class EndReason(StrEnum):
    """Why a member was de-selected (IACP peer support guidelines, 2016, and the member's own reasons)."""

    CONFIDENTIALITY = "confidentiality"
    TRAINING = "training"
    STANDING = "standing"
    OWN_WISH = "own_wish"
    LEFT_AGENCY = "left_agency"


END_REASON_LABELS: dict[EndReason, str] = {
    EndReason.CONFIDENTIALITY: "Confidentiality was breached",
    EndReason.TRAINING: "Training was missed",
    EndReason.STANDING: "No longer in good standing",
    EndReason.OWN_WISH: "Wished to step down",
    EndReason.LEFT_AGENCY: "Left the agency",
}


# The others are de-selection, which the guidelines speak of.
BY_THEMSELVES = frozenset({EndReason.OWN_WISH, EndReason.LEFT_AGENCY})


class Kind(StrEnum):
    SWORN = "sworn"
    PROFESSIONAL_STAFF = "professional_staff"
    FAMILY = "family"
    RETIRED = "retired"


KIND_LABELS: dict[Kind, str] = {
    Kind.SWORN: "Sworn",
    Kind.PROFESSIONAL_STAFF: "Professional staff",
    Kind.FAMILY: "Family",
    Kind.RETIRED: "Retired",
}


class Purpose(StrEnum):
    """What hours of the week are for: to be rung when somebody cannot wait, or to be asked at all."""

    ON_CALL = "on_call"
    AVAILABLE = "available"


PURPOSE_LABELS: dict[Purpose, str] = {
    Purpose.ON_CALL: "On call",
    Purpose.AVAILABLE: "Free to be asked",
}
