"""A page as a person reads it."""

from django.http import HttpResponse
from django.utils.html import strip_tags


def page_text(response: HttpResponse) -> str:
    """The text without tags, on one line."""
    return " ".join(strip_tags(response.content.decode()).split())
