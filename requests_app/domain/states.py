"""Where a request stands, and where it may go from there. An ended request has no state: its row is gone."""

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    OFFERED = "offered"  # one peer or several have been asked
    NOBODY = "nobody"  # everyone who could be asked has been; the officer may press once to try again
    ACCEPTED = "accepted"  # one peer has it, and the two can write
    PEER_LOST = "peer_lost"  # that peer can't go on; the officer decides whether somebody else may read it


class Standing(StrEnum):
    """Where one of the peers to whom the words are sealed stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"


class Urgency(StrEnum):
    NOW = "now"
    TODAY = "today"
    WHEN_YOU_CAN = "when_you_can"


class Author(StrEnum):
    OFFICER = "officer"
    PEER = "peer"


class HandedOn(StrEnum):
    """What a peer had read who handed it on because they may know the officer."""

    UNREAD = "unread"  # what those read who are asked, and no word
    READ = "read"


MOVES: dict[State, frozenset[State]] = {
    State.OFFERED: frozenset({State.OFFERED, State.NOBODY, State.ACCEPTED}),
    State.NOBODY: frozenset({State.OFFERED, State.NOBODY}),
    State.ACCEPTED: frozenset({State.OFFERED, State.NOBODY, State.PEER_LOST}),
    State.PEER_LOST: frozenset({State.OFFERED, State.NOBODY}),
}

URGENCY_LABELS: dict[Urgency, str] = {
    Urgency.NOW: "Now",
    Urgency.TODAY: "Today",
    Urgency.WHEN_YOU_CAN: "When you can",
}

# What an officer may leave with one press when they close; their own words may stand beside it.
LAST_WORDS: dict[str, str] = {"okay": "I'm okay", "other_help": "I found other help"}

SUGGESTION_STANDS = timedelta(days=7)  # a suggestion to close that nobody answers closes by itself
UNREAD_FREES_A_PLACE = timedelta(days=7)  # a contact the officer no longer reads does not count for the cap
UNTOUCHED_IS_TOLD = timedelta(days=30)
UNTOUCHED_IS_ERASED = timedelta(days=45)
TALLY_IS_OWED = timedelta(days=7)
LAST_WORD_WAITS = timedelta(days=7)
PLACES = 12
