"""What to correct in the seven words as they were typed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

MAX_SUGGESTIONS = 3
MAX_NAMED_LENGTH = 20  # characters; longer than any word, so several are typed without spaces


def correction(slips: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """slips: each typed word that isn't on the list, with the listed words that are near it; none where none is."""
    near = [slip for slip in slips if slip[1]]
    if near:
        return " ".join([_("Not all of these words are on our list."), *(_suggestion(*slip) for slip in near)])
    if len(slips) == 1 and len(slips[0][0]) <= MAX_NAMED_LENGTH:
        return _("One of these words isn't on our list: “%(typed)s”. Please check the spelling.") % {
            "typed": slips[0][0]
        }
    return _("One of these words isn't on our list. Please check the spelling.")


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
