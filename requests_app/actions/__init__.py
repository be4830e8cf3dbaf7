"""Everything that changes the support plane. Each action is one transaction; an answer is given after it."""

from .consulting import answer_consultation, ask_to_be_called, take_back_consultation, tend_consultations
from .counting import CountedAlready, skip_tally, tally, tally_group, tally_others
from .last_word import read_last_word
from .officer import (
    change_peer,
    close_as_officer,
    let_next_read,
    mark_read_by_officer,
    try_again,
    write_as_officer,
)
from .opening import NotReady, open_program, tell_of_gaps
from .peer import (
    Answer,
    accept,
    close_as_peer,
    decline,
    discard_as_peer,
    know_this_person,
    mark_read_by_peer,
    set_sharing,
    suggest_closing,
    write_as_peer,
)
from .sending import AlreadySent, Sent, Typed, send
from .steps import Gone, GoneOn, Unread
from .timing import set_times
from .upkeep import renew_plane_key, tend_all

__all__ = [
    "AlreadySent",
    "Answer",
    "CountedAlready",
    "Gone",
    "GoneOn",
    "NotReady",
    "Sent",
    "Typed",
    "Unread",
    "accept",
    "answer_consultation",
    "ask_to_be_called",
    "change_peer",
    "close_as_officer",
    "close_as_peer",
    "decline",
    "discard_as_peer",
    "know_this_person",
    "let_next_read",
    "mark_read_by_officer",
    "mark_read_by_peer",
    "open_program",
    "read_last_word",
    "renew_plane_key",
    "send",
    "set_sharing",
    "set_times",
    "skip_tally",
    "suggest_closing",
    "take_back_consultation",
    "tally",
    "tally_group",
    "tally_others",
    "tell_of_gaps",
    "tend_all",
    "tend_consultations",
    "try_again",
    "write_as_officer",
    "write_as_peer",
]
