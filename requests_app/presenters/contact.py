"""What a member reads of a request: what it is about, why it is offered to them, how they end it.

"Erased" is only said once the key is gone.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import gettext as _

from peersupport.program import vocabulary

if TYPE_CHECKING:
    from ..queries.members import Contact

from ..domain.matching import GENDER_REASON_LABELS, MATCH_REASON_LABELS, MatchReason


def concern_label(concern: str) -> str:
    """Empty where the officer would rather not say."""
    label = vocabulary.CONCERN.labels.get(concern)
    return _(label) if label else ""


def concern_sentence(concern: str) -> str:
    if label := concern_label(concern):
        return format_html(_("What it's about: <strong>{concern}</strong>."), concern=label)
    return _("They'd rather not say yet what it's about.")


def damage_text(contact: "Contact") -> str:
    """What can't be opened, and who can do something about it. Empty where all of it can."""
    if not contact.is_damaged:
        return ""
    if contact.card is None or contact.words is None:
        return _(
            "This is damaged and can't be opened, so nothing can be written here. The officer sees that too. "
            "You can close it."
        )
    return _(
        "The messages are damaged and can't be opened, so nothing more can be written here. The officer sees that too: "
        "they can have someone else take it, or send a new request. If they left a number, you can reach them there."
    )


def reason_sentences(reasons: Iterable[MatchReason], gender: str) -> list[str]:
    """Why it is offered to this member, addressed to them. gender: the one that the officer asked for."""
    labels = {**MATCH_REASON_LABELS, MatchReason.GENDER: GENDER_REASON_LABELS.get(gender, "")}
    return [_(labels[reason]) for reason in reasons if labels[reason]]


def closing_sentence(*, is_suggested: bool) -> str:
    """How the peer can end the contact, and what that does."""
    if is_suggested:
        return _(
            "You suggested closing. If they don't answer, it closes after seven days. You can also close it right "
            "away: everything written is erased, for both of you, and you're asked to tally it. You can't undo it."
        )
    return _(
        "You can ask them first, or close it right away: everything written is erased, for both of you, and you're "
        "asked to tally it. You can't undo it."
    )


def closed_sentence(*, is_counted: bool, is_erased: bool) -> str:
    """To a peer who closed a contact. is_counted: whether they are asked to tally it."""
    if is_counted and is_erased:
        return _("Closed and erased.")
    if is_counted:
        return _("Closed. The key is being destroyed, which takes a few minutes.")
    if is_erased:
        return _("Closed and erased. There's nothing to tally.")
    return _("Closed, with nothing to tally. The key is being destroyed, which takes a few minutes.")


def unavailable_sentence(*, has_tallies: bool) -> str:
    """To a member who opens a contact that isn't theirs, or isn't any longer. has_tallies: whether any are left."""
    if has_tallies:
        return _("It was closed, or it went to someone else. You may still have it to tally.")
    return _("It was closed, or it went to someone else. There's nothing left for you to do.")


def closing_note_sentence(*, is_erased: bool) -> str:
    """To the peer who reads a closing note."""
    if is_erased:
        return _("It's erased already: this page is the only place it still exists. Nobody else can have read it.")
    return _(
        "It won't open a second time. Its key is being destroyed, which takes a few minutes. "
        "Nobody else can have read it."
    )
