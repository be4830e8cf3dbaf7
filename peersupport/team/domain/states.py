"""The states of a membership and of a member's key. Pure."""

from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _
from peersupport.core.transitions import Workflow


class MembershipState(StrEnum):
    """Where a membership stands."""

    IN_TRAINING = "in_training"
    DESIGNATED = "designated"
    ENDED = "ended"


MEMBERSHIP_STATE_LABELS: dict[MembershipState, str] = {
    MembershipState.IN_TRAINING: _("In training"),
    MembershipState.DESIGNATED: _("Designated"),
    MembershipState.ENDED: _("No longer a member"),
}

MEMBERSHIP = Workflow(
    labels=MEMBERSHIP_STATE_LABELS,
    moves={
        MembershipState.IN_TRAINING: {MembershipState.DESIGNATED, MembershipState.ENDED},
        MembershipState.DESIGNATED: {MembershipState.ENDED},
        MembershipState.ENDED: {MembershipState.IN_TRAINING},
    },
    refusal={
        MembershipState.IN_TRAINING: _("This member hasn't left the team."),
        MembershipState.DESIGNATED: _("Only a member in training can be designated."),
        MembershipState.ENDED: _("This person has already left the team."),
    },
)


class KeyState(StrEnum):
    NONE = "none"
    UNCHECKED = "unchecked"
    UNCONFIRMED = "unconfirmed"
    UNVERIFIED = "unverified"
    WORKING = "working"


KEY_LABELS: dict[KeyState, str] = {
    KeyState.NONE: _("No key"),
    KeyState.UNCHECKED: _("Recovery code not checked yet"),
    KeyState.UNCONFIRMED: _("Not confirmed yet"),
    KeyState.UNVERIFIED: _("To confirm again"),
    KeyState.WORKING: _("Confirmed"),
}


# A coordinator has to compare the four words.
KEY_STATES_TO_CONFIRM = frozenset({KeyState.UNCONFIRMED, KeyState.UNVERIFIED})


def key_state(*, is_checked: bool, is_confirmed: bool, is_verified: bool) -> KeyState:
    """How far a key has come: only a working one is sealed to. is_verified: whether its confirmation verifies."""
    if not is_checked:
        return KeyState.UNCHECKED
    if not is_confirmed:
        return KeyState.UNCONFIRMED
    return KeyState.WORKING if is_verified else KeyState.UNVERIFIED


class EndReason(StrEnum):
    """Why a membership ended (IACP peer support guidelines, 2016, and the member's own reasons).

    A new reason needs a label below, a place in DEPARTURES if the member leaves by themselves, and a migration.
    """

    CONFIDENTIALITY = "confidentiality"
    TRAINING = "training"
    GOOD_STANDING = "standing"
    OWN_WISH = "own_wish"
    LEFT_AGENCY = "left_agency"


END_REASON_LABELS: dict[EndReason, str] = {
    EndReason.CONFIDENTIALITY: _("Breach of confidentiality"),
    EndReason.TRAINING: _("Missed training"),
    EndReason.GOOD_STANDING: _("No longer in good standing"),
    EndReason.OWN_WISH: _("Chose to step down"),
    EndReason.LEFT_AGENCY: _("Left the agency"),
}


# Members who leave by themselves; every other reason is a de-selection in the sense of the guidelines.
DEPARTURES = frozenset({EndReason.OWN_WISH, EndReason.LEFT_AGENCY})


class MemberKind(StrEnum):
    SWORN = "sworn"
    PROFESSIONAL_STAFF = "professional_staff"
    FAMILY = "family"
    RETIRED = "retired"


MEMBER_KIND_LABELS: dict[MemberKind, str] = {
    MemberKind.SWORN: _("Sworn"),
    MemberKind.PROFESSIONAL_STAFF: _("Professional staff"),
    MemberKind.FAMILY: _("Family"),
    MemberKind.RETIRED: _("Retired"),
}


class HoursPurpose(StrEnum):
    """What weekly hours are for: being alerted at once when a request cannot wait, or being offered requests at all."""

    ON_CALL = "on_call"
    AVAILABLE = "available"


HOURS_PURPOSE_LABELS: dict[HoursPurpose, str] = {
    HoursPurpose.ON_CALL: _("On call"),
    HoursPurpose.AVAILABLE: _("Available"),
}
