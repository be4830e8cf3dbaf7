"""The states of an open request, and how long each leftover is kept. A closed request has no state: its row is gone."""

from datetime import timedelta
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _


class RequestState(StrEnum):
    IN_LINE = "in_line"  # stored, and offered to nobody yet: for a moment, or in the slow lane while a flood comes in
    OFFERED = "offered"  # offered to one peer or several
    NOBODY = "nobody"  # every peer it could be offered to has been tried; the officer may press to try again
    ACCEPTED = "accepted"  # one peer has accepted, and the two can write
    PEER_LOST = "peer_lost"  # that peer can't go on; the officer decides whether it goes to somebody else
    SET_ASIDE = "set_aside"  # two members took it for no real request; the officer may press to send it again


class RecipientStatus(StrEnum):
    """Where one of the peers to whom the request is sealed stands."""

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


class Recusal(StrEnum):
    """What a peer had read when they recused themselves because they may know the officer."""

    UNREAD = "unread"  # the card that comes with an offer, not the words
    READ = "read"


MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.IN_LINE: frozenset({RequestState.OFFERED, RequestState.NOBODY}),
    RequestState.OFFERED: frozenset(
        {RequestState.OFFERED, RequestState.NOBODY, RequestState.ACCEPTED, RequestState.SET_ASIDE}
    ),
    RequestState.NOBODY: frozenset({RequestState.OFFERED, RequestState.NOBODY}),
    RequestState.ACCEPTED: frozenset({RequestState.OFFERED, RequestState.NOBODY, RequestState.PEER_LOST}),
    RequestState.PEER_LOST: frozenset({RequestState.OFFERED, RequestState.NOBODY}),
    RequestState.SET_ASIDE: frozenset({RequestState.IN_LINE}),
}

URGENCY_LABELS: dict[Urgency, str] = {
    Urgency.NOW: _("Now"),
    Urgency.TODAY: _("Today"),
    Urgency.WHEN_YOU_CAN: _("When you can"),
}

# The closing notes an officer can leave with one press; they may add a text of their own.
CLOSING_NOTES: dict[str, str] = {"okay": _("I'm okay"), "other_help": _("I found other help")}

SUGGESTION_EXPIRES_AFTER = timedelta(days=7)  # then a suggestion to close that got no answer closes the contact
UNREAD_FREES_CAPACITY_AFTER = timedelta(days=7)  # then a contact the officer doesn't read stops counting toward the cap
UNTOUCHED_REMINDER_AFTER = timedelta(days=30)
UNTOUCHED_ERASED_AFTER = timedelta(days=45)
SET_ASIDE_ERASED_AFTER = timedelta(days=7)  # unless its officer sends it again
SET_ASIDE_ERASED_AFTER_WHILE_FULL = timedelta(days=1)  # or a flood would keep real people out for the week
# Whole days. Texts that name them: for both models/leftovers.py; for tallies presenters/desk.py,
# templates/program/what_we_keep.html and templates/stats/close.html; for closing notes closed.html,
# templates/program/confidentiality.html, forms/officer_thread.py and views/closing_note.py.
PENDING_TALLY_KEPT_FOR = timedelta(days=7)
CLOSING_NOTE_KEPT_FOR = timedelta(days=7)
MAX_RECIPIENTS = 12
SET_ASIDE_BY = 2  # so many members, or nobody's request is set aside: one alone could be wrong, or mean no good
