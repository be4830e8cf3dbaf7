"""What to correct in the seven words as they were typed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

MAX_SUGGESTIONS = 3


def correction(slips: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """slips: each typed word that isn't on the list, with the listed words that are near it."""
    return " ".join([_("Not all of these words are on our list."), *(_suggestion(*slip) for slip in slips)])


def _suggestion(typed: str, words: tuple[str, ...]) -> str:
    if len(words) > MAX_SUGGESTIONS:
        return _("Check the spelling of “%(typed)s”.") % {"typed": typed}
    sentences = (
        _("For “%(typed)s”, did you mean “%(first)s”?"),
        _("For “%(typed)s”, did you mean “%(first)s” or “%(second)s”?"),
        _("For “%(typed)s”, did you mean “%(first)s”, “%(second)s” or “%(third)s”?"),
    )
    near = dict(zip(("first", "second", "third"), words, strict=False))
    return sentences[len(words) - 1] % {"typed": typed, **near}
