"""The one text of every notice. What waits, and since when, is only shown after signing in."""

from django.utils.translation import gettext as _


def subject() -> str:
    return _("Something is waiting for you")


def body(site_url: str) -> str:
    sentences = [
        _("Something is waiting for you in the peer support program."),
        _("Sign in to see it: %(address)s") % {"address": f"{site_url}/sign-in/"},
    ]
    return "\n\n".join(sentences) + "\n"
