"""What stands around a new recovery code."""

from dataclasses import dataclass
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext as _


class Occasion(Enum):
    """Why somebody has a new recovery code."""

    FIRST_KEY = "first_key"
    NEW_KEY = "new_key"
    NEW_CODE = "new_code"


@dataclass(frozen=True)
class Around:
    """before: what happened. after: what comes next, with its link."""

    before: str
    after: str
    href: str
    link: str


def around(occasion: Occasion, *, needs_factor: bool = False) -> Around:
    """needs_factor: who signs in next has to set up a second factor before anything else opens."""
    if occasion is Occasion.NEW_CODE:
        return Around(
            _("This is your new recovery code. The old one no longer works."),
            _("Next, type the words back once on your page, so you can be sure they're on paper."),
            reverse("team:me"),
            _("I have them on paper"),
        )
    after = _("Next, sign in. On your page you type the words back once, so you can be sure they're on paper.")
    if needs_factor:
        after = _(
            "Next, sign in, with your phone or a security key at hand: you set up a second factor, so that a password "
            "alone doesn't open your account. Then, on your page, you type the words back once, so you can be sure "
            "they're on paper."
        )
    if occasion is Occasion.NEW_KEY:
        before = _(
            "Your new password is set, and you have a new key. "
            "These words are your new recovery code. The old one no longer works."
        )
    else:
        before = _(
            "Your password is set. What officers write to you opens only with your own key, and your password "
            "opens that key. If you ever forget your password, only these words can open it."
        )
    return Around(before, after, reverse("account_login"), _("I have them on paper, sign in"))
