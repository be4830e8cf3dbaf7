"""The messages of a thread, as the side that reads them sees them."""

from typing import TYPE_CHECKING

from django import template

from ..domain.card import Words
from ..presenters import messages
from ..presenters.messages import ShownMessage

if TYPE_CHECKING:
    from ..vault import ThreadMessage

register = template.Library()


@register.simple_tag
def shown_messages(
    words: Words | None,
    thread: "tuple[ThreadMessage, ...]",
    *,
    own: str,
    other: object,
    seen: int | str = "",
    seen_by_other: int | str = "",
) -> list[ShownMessage]:
    """The first message, then the others. seen, seen_by_other: empty where the page doesn't show what is new."""
    seen_number, seen_by_other_number = (None if number == "" else int(number) for number in (seen, seen_by_other))
    return [
        *messages.first_message(words, own=own, other=str(other)),
        *messages.later_messages(
            thread, own=own, other=str(other), seen=seen_number, seen_by_other=seen_by_other_number
        ),
    ]
