"""What the review of an uploaded roster says."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.spreadsheet.cells import OUTCOME_LABELS, RowOutcome
from peersupport.core.translation import remark_text

from ..domain.roster_rows import RosterRow
from .notes import Note


@dataclass(frozen=True)
class Verdict:
    """Whether the file can be imported: the button that does it, or a note why there is none."""

    button: str = ""
    note: Note | None = None


def verdict(counts: Mapping[RowOutcome, int], *, unreadable: str = "") -> Verdict:
    """counts: how many rows have each outcome. unreadable: why the file can't be read just now."""
    if unreadable:
        return Verdict(note=Note(_("The file can't be read right now. Nothing has been saved."), unreadable))
    if counts.get(RowOutcome.WRONG):
        return Verdict(
            note=Note(_("Nothing has been saved."), _("Correct these rows in your file and upload it again."))
        )
    new = counts.get(RowOutcome.NEW, 0)
    if not new:
        return Verdict(note=Note(_("Everyone in this file is already on the roster."), _("There's nothing to import.")))
    return Verdict(
        ngettext("Import and invite %(number)s person", "Import and invite %(number)s people", new) % {"number": new}
    )


def imported(number: int) -> str:
    return ngettext(
        "%(number)s person was added to the roster. Their invitation is on its way.",
        "%(number)s people were added to the roster. Their invitations are on their way.",
        number,
    ) % {"number": number}


@dataclass(frozen=True)
class ShownRow:
    """remarks: heading and sentence; cells: heading and text of each cell that is filled in, but for the name."""

    number: int
    name: str
    outcome: str
    is_wrong: bool
    remarks: list[tuple[str, str]]
    cells: list[tuple[str, str]]


def shown_row(row: RosterRow) -> ShownRow:
    return ShownRow(
        row.number,
        row.name or _("No name"),
        _(OUTCOME_LABELS[row.outcome]),
        row.is_wrong,
        [(remark["column"], remark_text(remark)) for remark in row.remarks],
        [(column, _breakable(text)) for column, text in row.shown if text],
    )


def _breakable(text: str) -> str:
    """An e-mail address may break after its @, so that a narrow screen doesn't break it inside a word."""
    name, at, domain = text.partition("@")
    return format_html("{}@<wbr>{}", name, domain) if at else text
