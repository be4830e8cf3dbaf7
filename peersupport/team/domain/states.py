"""The states of a membership and of a member's key. Pure."""

from enum import StrEnum

from peersupport.core.transitions import Workflow


class State(StrEnum):
    """Where a membership stands."""

    IN_TRAINING = "in_training"
    DESIGNATED = "designated"
    ENDED = "ended"


STATE_LABELS: dict[State, str] = {
    State.IN_TRAINING: "In training",
    State.DESIGNATED: "Designated",
    State.ENDED: "No longer a member",
}

MEMBERSHIP = Workflow(
    labels=STATE_LABELS,
    moves={
        State.IN_TRAINING: {State.DESIGNATED, State.ENDED},
        State.DESIGNATED: {State.ENDED},
        State.ENDED: {State.IN_TRAINING},
    },
    refusal={
        State.IN_TRAINING: "This member has not left the team, so there is nothing to return to.",
        State.DESIGNATED: "Only a member in training can be designated. This one is: {now}.",
        State.ENDED: "This person has left the team already.",
    },
)


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
    """How far a key has come: only a confirmed one is sealed to."""
    if not is_there:
        return KeyState.NONE
    if not is_checked:
        return KeyState.UNCHECKED
    return KeyState.CONFIRMED if is_confirmed else KeyState.UNCONFIRMED


class EndReason(StrEnum):
    """Why a membership ended (IACP peer support guidelines, 2016, and the member's own reasons)."""

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


# Members who leave by themselves; every other reason is a de-selection in the sense of the guidelines.
DEPARTURES = frozenset({EndReason.OWN_WISH, EndReason.LEFT_AGENCY})


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
    """What weekly hours are for: being alerted at once when a request cannot wait, or being offered requests at all."""

    ON_CALL = "on_call"
    AVAILABLE = "available"


PURPOSE_LABELS: dict[Purpose, str] = {
    Purpose.ON_CALL: "On call",
    Purpose.AVAILABLE: "Free to be asked",
}
