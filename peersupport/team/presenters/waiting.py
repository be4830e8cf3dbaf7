"""What somebody reads who has to wait before the next try."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def wait_then_sign_in(seconds: int) -> str:
    return ngettext(
        "Wait %(seconds)d second, then type your password and press “Sign in” again. Pressing earlier does no harm.",
        "Wait %(seconds)d seconds, then type your password and press “Sign in” again. Pressing earlier does no harm.",
        seconds,
    ) % {"seconds": seconds}


def wait_then_say_so(seconds: int) -> str:
    """To somebody who can't get in."""
    return ngettext(
        "To keep others from trying addresses, this takes a little longer now. Wait %(seconds)d second, then press "
        "“I can't get in” again. Pressing earlier does no harm.",
        "To keep others from trying addresses, this takes a little longer now. Wait %(seconds)d seconds, then press "
        "“I can't get in” again. Pressing earlier does no harm.",
        seconds,
    ) % {"seconds": seconds}


def wait_then_code(seconds: int, *, has_app: bool) -> str:
    """At the second step."""
    if not has_app:
        return ngettext(
            "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d second, then type "
            "your backup code again.",
            "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d seconds, then type "
            "your backup code again.",
            seconds,
        ) % {"seconds": seconds}
    return ngettext(
        "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d second, then type the code "
        "that your app shows by then.",
        "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d seconds, then type the "
        "code that your app shows by then.",
        seconds,
    ) % {"seconds": seconds}


def wait_then_again(seconds: int) -> str:
    return ngettext(
        "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d second, then go back and "
        "try again.",
        "To keep others from guessing, each try takes a little longer now. Wait %(seconds)d seconds, then go back and "
        "try again.",
        seconds,
    ) % {"seconds": seconds}


def many_are_signing_in() -> str:
    return _("Many people are signing in right now. Type your password and press “Sign in” again in a few seconds.")
