"""The program's texts and their versions, as the pages name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from ..models import ProgramText
    from ..queries import TextStatus


@dataclass(frozen=True)
class TextRow:
    """One text in the list of all of them."""

    name: str
    title: str
    status: str
    needs_attention: bool


def text_rows(texts: Iterable["TextStatus"]) -> list[TextRow]:
    return [_row(text) for text in texts]


def approval(text: "ProgramText") -> str:
    """Under a text that applies: which version it is, and since when it is approved."""
    if not text.version or not text.approved_on:
        return _("This text came with the program; the agency hasn't approved its own yet.")
    values = {"number": text.version, "day": date_format(text.approved_on)}
    return _("Version %(number)s, approved %(day)s.") % values


def version_of_whom(text: "ProgramText") -> str:
    """Above the current version, for those who write and approve; nothing for the built-in one, which has none."""
    if text.approved_by is None or text.approved_on is None:
        return ""
    values = {"number": text.version, "name": text.approved_by.name, "day": date_format(text.approved_on)}
    if text.written_by is None:
        return _("Version %(number)s, which came with the program, approved by %(name)s on %(day)s") % values
    values["writer"] = text.written_by.name
    return _("Version %(number)s, written by %(writer)s, approved by %(name)s on %(day)s") % values


def version_by(text: "ProgramText") -> str:
    """Above a version that somebody else added while one was being written."""
    if text.written_by is None:
        return _("Version %(number)s, which came with the program") % {"number": text.version}
    return _("Version %(number)s, by %(name)s") % {"number": text.version, "name": text.written_by.name}


def version_label(text: "ProgramText") -> str:
    """A version in the list of earlier ones."""
    if not text.version:
        return _("The text that came with the program")
    if not text.approved_on:
        return _("Version %(number)s, never approved") % {"number": text.version}
    values = {"number": text.version, "day": date_format(text.approved_on)}
    return _("Version %(number)s, approved %(day)s") % values


def _row(text: "TextStatus") -> TextRow:
    if text.awaits_approval:
        status = _("Version %(number)s is waiting for approval") % {"number": text.newest.version}
    elif text.current.version:
        status = version_label(text.current)
    else:
        status = _("It came with the program, and nobody here has approved it")
    needs_attention = text.awaits_approval or not text.current.version
    return TextRow(text.newest.name, str(text.newest.get_name_display()), status, needs_attention)
