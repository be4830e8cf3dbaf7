"""Why an officer may have to wait, as far as the team alone explains it. Pure: it reads no request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _

from .matching import Peer


class WaitReasonCode(StrEnum):
    NOBODY_SERVES = "nobody_serves"
    NOBODY_ON_CALL = "nobody_on_call"
    NO_PHONE_ALERT = "no_phone_alert"
    ALL_AT_THEIR_CAP = "all_at_their_cap"
    NOBODY_TRAINED = "nobody_trained"
    ONLY_SUPERVISORS = "only_supervisors"


WAIT_REASON_LABELS: dict[WaitReasonCode, str] = {
    WaitReasonCode.NOBODY_SERVES: _("Nobody on the team can be asked"),
    WaitReasonCode.NOBODY_ON_CALL: _("Nobody is on call"),
    WaitReasonCode.NO_PHONE_ALERT: _("Nobody on call has phone alerts set up"),
    WaitReasonCode.ALL_AT_THEIR_CAP: _("Everyone already has as many contacts as they said they'd take"),
    WaitReasonCode.NOBODY_TRAINED: _("Nobody who's free has training that some requests need"),
    WaitReasonCode.ONLY_SUPERVISORS: _("Only supervisors are free"),
}


@dataclass(frozen=True)
class WaitReason:
    """One reason. subjects: names of the trainings that no peer with room is current in; empty for other reasons."""

    code: WaitReasonCode
    subjects: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return WAIT_REASON_LABELS[self.code]


def wait_reasons(
    peers: Collection[Peer], *, alertable: Collection[int], required: Mapping[str, str]
) -> list[WaitReason]:
    """What keeps requests waiting now, where the whole team explains it.

    alertable: ids of the members who have a phone alert. required: the subjects that some concern demands, by code,
    with their names. Nothing here depends on any request, so who waits, and for what, can't be read from it.
    """
    if not peers:
        return [WaitReason(WaitReasonCode.NOBODY_SERVES)]
    free = [peer for peer in peers if peer.open_contacts < peer.cap]
    on_call = [peer for peer in peers if peer.is_on_call]
    reasons = []
    if not on_call:
        reasons.append(WaitReason(WaitReasonCode.NOBODY_ON_CALL))
    elif not any(peer.member_id in alertable for peer in on_call):
        reasons.append(WaitReason(WaitReasonCode.NO_PHONE_ALERT))
    if not free:
        return [*reasons, WaitReason(WaitReasonCode.ALL_AT_THEIR_CAP)]
    if all(peer.is_supervisor for peer in free):
        reasons.append(WaitReason(WaitReasonCode.ONLY_SUPERVISORS))
    missing = tuple(name for code, name in required.items() if not any(code in peer.subjects for peer in free))
    if missing:
        reasons.append(WaitReason(WaitReasonCode.NOBODY_TRAINED, missing))
    return reasons
