"""The one text of every notice. What waits, and since when, is only shown after signing in."""

from django.utils.translation import gettext_lazy

SUBJECT = gettext_lazy("Something waits for you")


def body(site_url: str) -> str:
    return f"Something waits for you in the peer support program.\n\nSign in to see it: {site_url}/sign-in/\n"
