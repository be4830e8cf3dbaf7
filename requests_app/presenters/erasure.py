"""What an officer reads of a request that has just ended. "Erased" is only said once the key is gone."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from ..queries.officers import Ending


def closed_title(*, is_erased: bool) -> str:
    """The officer has closed it just now."""
    return _("Closed and erased") if is_erased else _("Closed")


def closed_text(*, is_erased: bool) -> str:
    if is_erased:
        return _("The key is destroyed. Nobody can open what was written anymore.")
    return _("It's closed, and nobody can read it here anymore. Its key is being destroyed; that takes a few minutes.")


def note_text(*, is_left: bool) -> str:
    """Of the note that the officer wanted to leave."""
    if is_left:
        return _("Your note is waiting for your peer. They have a week to read it, and it opens only once.")
    return _("Your note couldn't be left, so your peer won't read it.")


def ended_title(ending: "Ending") -> str:
    """The officer comes back to a request that is no longer there."""
    return _("This can't be opened right now") if ending == "damaged" else _("This request is closed")


def ended_text(ending: "Ending") -> str:
    if ending == "damaged":
        return _(
            "Something on our side keeps this from being opened. We're sorry. It's nothing you did. Keep your words "
            "and try again later, or send a new request now."
        )
    if ending == "closed":
        return _(
            "It's closed, and nobody can read it here anymore. Its key is being destroyed; that takes a few minutes. "
            "That says nothing about you."
        )
    return _("It's closed, and what was written is erased. That says nothing about you.")
