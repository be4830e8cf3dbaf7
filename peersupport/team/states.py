"""Where a member stands. Only a designated member who is not on leave is offered anything."""

from enum import StrEnum


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


class EndReason(StrEnum):
    """Why a member was de-selected (IACP peer support guidelines, 2016, and the member's own reasons)."""

    CONFIDENTIALITY = "confidentiality"
    TRAINING = "training"
    STANDING = "standing"
    OWN_WISH = "own_wish"
    LEFT_AGENCY = "left_agency"


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
