"""Numbers in sentences: words up to nine, then figures (AP style)."""

from django.contrib.humanize.templatetags.humanize import apnumber


def counted(number: int, one: str, many: str) -> str:
    """ "one request", "three requests", "12 requests": the number and the noun that goes with it."""
    return f"{apnumber(number)} {one if number == 1 else many}"
