"""The messages of a thread as either side reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ..domain.card import Words
from ..domain.states import Author

if TYPE_CHECKING:
    from ..message_vault import ThreadMessage


@dataclass(frozen=True)
class ShownMessage:
    """One message on the page.

    who: whose it is, as a heading. is_own: by the side that reads. contact: how to reach the officer, with its label.
    """

    who: str
    text: str
    is_own: bool
    is_new: bool = False
    contact_label: str = ""
    contact: str = ""


def shown_messages(
    words: Words | None,
    thread: "Sequence[ThreadMessage]",
    *,
    own: Author,
    other: str,
    seen: int | None = None,
    seen_by_other: int | None = None,
) -> list[ShownMessage]:
    """The first message, then the others.

    own: the side that reads. other: the name of the other side. seen, seen_by_other: the last message each side has
    seen; None where that isn't shown.
    """
    return [
        *_first(words, own, other),
        *(_later(message, own, other, seen, seen_by_other) for message in thread),
    ]


def _first(words: Words | None, own: Author, other: str) -> list[ShownMessage]:
    """What the officer wrote when they asked; nothing where they wrote nothing."""
    if words is None or not (words.message or words.contact):
        return []
    is_own = own == Author.OFFICER
    return [
        ShownMessage(
            who=_("You · first message") if is_own else _("%(other)s · first message") % {"other": other},
            text=words.message,
            is_own=is_own,
            contact_label=_("How to reach you:") if is_own else _("How to reach them:"),
            contact=words.contact,
        )
    ]


def _later(
    message: "ThreadMessage", own: Author, other: str, seen: int | None, seen_by_other: int | None
) -> ShownMessage:
    is_new = seen is not None and message.number > seen
    if message.is_earlier:
        return ShownMessage(_("An earlier peer"), message.text, is_own=False, is_new=is_new)
    if message.author != own:
        return ShownMessage(other, message.text, is_own=False, is_new=is_new)
    if seen_by_other is not None and message.number > seen_by_other:
        return ShownMessage(_("You · not opened yet"), message.text, is_own=True)
    return ShownMessage(_("You"), message.text, is_own=True)
