"""How far an accepted candidate is on the way to designation, read from the member they have become. Pure."""

from enum import StrEnum

from peersupport.team.domain.states import State as MemberState


class Stage(StrEnum):
    INVITED = "invited"
    TRAINING = "training"
    AGREEMENT = "agreement"
    DESIGNATION = "designation"
    DESIGNATED = "designated"
    LEFT = "left"


STAGE_LABELS: dict[Stage, str] = {
    Stage.INVITED: "Invited",
    Stage.TRAINING: "In training",
    Stage.AGREEMENT: "Agreement to be signed",
    Stage.DESIGNATION: "To be designated",
    Stage.DESIGNATED: "Designated",
    Stage.LEFT: "No longer on the team",
}


def stage_of(member_state: MemberState | None, *, is_trained: bool, has_signed: bool) -> Stage:
    """member_state: None until the invitation is accepted."""
    if member_state is None:
        return Stage.INVITED
    if member_state == MemberState.ENDED:
        return Stage.LEFT
    if member_state == MemberState.DESIGNATED:
        return Stage.DESIGNATED
    if not is_trained:
        return Stage.TRAINING
    return Stage.DESIGNATION if has_signed else Stage.AGREEMENT
