"""All that changes an application. Each action is one transaction and stands in the audit."""

from .candidate import (
    Named,
    Typed,
    confirm,
    correct,
    save_draft,
    save_new,
    send_draft,
    send_link_again,
    send_new,
    withdraw,
)
from .deciding import decide, invite_again, pursue_no_longer
from .interviews import cancel_interview, choose_time, none_suits, propose_times
from .links import LinkGone
from .purging import purge
from .references import ask_references_left, decline_reference, give_reference, remind_references
from .review import assign, give_review, name_reviewer, recuse, take_up
from .settings import change_settings

__all__ = [
    "LinkGone",
    "Named",
    "Typed",
    "ask_references_left",
    "assign",
    "cancel_interview",
    "change_settings",
    "choose_time",
    "confirm",
    "correct",
    "decide",
    "decline_reference",
    "give_reference",
    "give_review",
    "invite_again",
    "name_reviewer",
    "none_suits",
    "propose_times",
    "purge",
    "pursue_no_longer",
    "recuse",
    "remind_references",
    "save_draft",
    "save_new",
    "send_draft",
    "send_link_again",
    "send_new",
    "take_up",
    "withdraw",
]
