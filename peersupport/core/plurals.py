"""Numbers in sentences: words from one to nine, otherwise figures (AP style)."""

from django.contrib.humanize.templatetags.humanize import apnumber


def in_words(number: int) -> str:
    """A number as a sentence has it: "one" to "nine", then "10" and so on."""
    return str(apnumber(number))
