"""Why somebody may have to wait, as far as the team alone explains it. Pure: it looks at nobody's request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .matching import Peer


class Cause(StrEnum):
    NOBODY_SERVES = "nobody_serves"
    NOBODY_ON_CALL = "nobody_on_call"
    NO_BELL = "no_bell"
    ALL_AT_THEIR_CAP = "all_at_their_cap"
    NOBODY_TRAINED = "nobody_trained"
    ONLY_SUPERVISORS = "only_supervisors"


CAUSE_LABELS: dict[Cause, str] = {
    Cause.NOBODY_SERVES: "Nobody on the team can be asked",
    Cause.NOBODY_ON_CALL: "Nobody is on call",
    Cause.NO_BELL: "Nobody on call can be rung",
    Cause.ALL_AT_THEIR_CAP: "All carry as many contacts as they said they would",
    Cause.NOBODY_TRAINED: "Nobody who is free has a training that some requests need",
    Cause.ONLY_SUPERVISORS: "Only supervisors are free",
}

# What to do about it, on which page, and what that page is called.
REMEDIES: dict[Cause, tuple[str, str, str]] = {
    Cause.NOBODY_SERVES: (
        "A member is asked once designated, with a confirmed key, and neither on leave nor pausing.",
        "team:roster",
        "Team",
    ),
    Cause.NOBODY_ON_CALL: (
        "Ask two of the team to take these hours. Until then “Now” is not offered.",
        "team:on_call",
        "On call",
    ),
    Cause.NO_BELL: ("Ask those on call to set a way to be rung, and to test it once.", "team:on_call", "On call"),
    Cause.ALL_AT_THEIR_CAP: ("Ask whether somebody can carry one more, or is back from leave.", "team:roster", "Team"),
    Cause.NOBODY_TRAINED: ("Plan a refresher, or record one that was held.", "training:coverage", "Training"),
    Cause.ONLY_SUPERVISORS: ("Supervisors are asked only where the officer says yes.", "team:roster", "Team"),
}


@dataclass(frozen=True)
class Explained:
    """One cause with what to do about it. subjects: names of the trainings that nobody who is free is current in."""

    cause: Cause
    subjects: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return CAUSE_LABELS[self.cause]

    @property
    def in_words(self) -> str:
        return f"{self.label}: {', '.join(self.subjects)}" if self.subjects else self.label

    @property
    def remedy(self) -> str:
        return REMEDIES[self.cause][0]

    @property
    def page(self) -> str:
        return REMEDIES[self.cause][1]

    @property
    def page_words(self) -> str:
        return REMEDIES[self.cause][2]


def causes(peers: Collection[Peer], *, rung: Collection[int], required: Mapping[str, str]) -> list[Explained]:
    """What keeps requests waiting now. rung: members who can be rung. required: names of the subjects, by code, that
    a concern demands.

    Only what holds of the whole team: who waits, and for what, cannot be read from it.
    """
    if not peers:
        return [Explained(Cause.NOBODY_SERVES)]
    free = [peer for peer in peers if peer.open_contacts < peer.cap]
    on_call = [peer for peer in peers if peer.is_on_call]
    found = []
    if not on_call:
        found.append(Explained(Cause.NOBODY_ON_CALL))
    elif not any(peer.member_id in rung for peer in on_call):
        found.append(Explained(Cause.NO_BELL))
    if not free:
        return [*found, Explained(Cause.ALL_AT_THEIR_CAP)]
    if all(peer.is_supervisor for peer in free):
        found.append(Explained(Cause.ONLY_SUPERVISORS))
    missing = tuple(name for code, name in required.items() if not any(code in peer.subjects for peer in free))
    if missing:
        found.append(Explained(Cause.NOBODY_TRAINED, missing))
    return found
