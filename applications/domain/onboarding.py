"""How far an accepted candidate is on the way to designation, read from the member they have become. Pure."""

from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _
from peersupport.team.domain.states import MembershipState


class OnboardingStage(StrEnum):
    INVITED = "invited"
    TRAINING = "training"
    AGREEMENT = "agreement"
    DESIGNATION = "designation"
    DESIGNATED = "designated"
    LEFT = "left"


STAGE_LABELS: dict[OnboardingStage, str] = {
    OnboardingStage.INVITED: _("Invited"),
    OnboardingStage.TRAINING: _("In training"),
    OnboardingStage.AGREEMENT: _("Agreement to sign"),
    OnboardingStage.DESIGNATION: _("Ready to be designated"),
    OnboardingStage.DESIGNATED: _("Designated"),
    OnboardingStage.LEFT: _("No longer on the team"),
}


def stage_of(member_state: MembershipState | None, *, is_trained: bool, has_signed: bool) -> OnboardingStage:
    """member_state: None until the invitation is accepted."""
    if member_state is None:
        return OnboardingStage.INVITED
    if member_state == MembershipState.ENDED:
        return OnboardingStage.LEFT
    if member_state == MembershipState.DESIGNATED:
        return OnboardingStage.DESIGNATED
    if not is_trained:
        return OnboardingStage.TRAINING
    return OnboardingStage.DESIGNATION if has_signed else OnboardingStage.AGREEMENT
