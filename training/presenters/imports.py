"""What the pages of an import say."""

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..domain.states import ImportState

if TYPE_CHECKING:
    from ..models import Import


def import_line(done: "Import") -> str:
    """In the list of imports: when, by whom, and how much."""
    facts = [date_format(done.uploaded_on, "DATE_FORMAT"), done.uploaded_by.name]
    if done.rows_total:
        facts.append(ngettext("%(rows)s row", "%(rows)s rows", done.rows_total) % {"rows": done.rows_total})
    if done.state == ImportState.DONE:
        facts.append(_("%(added)s added") % {"added": done.written})
    return " · ".join(facts)


def progress_text(rows_done: int, rows_total: int) -> str:
    """While a worker reads or writes it. rows_total: 0 until it is known."""
    if not rows_total:
        return _("Reading your file. This page refreshes on its own.")
    sentence = ngettext(
        "%(done)s of %(total)s row checked. This page refreshes on its own.",
        "%(done)s of %(total)s rows checked. This page refreshes on its own.",
        rows_total,
    )
    return sentence % {"done": rows_done, "total": rows_total}


def confirm_text(new: int) -> str:
    return ngettext("Import %(number)s record", "Import %(number)s records", new) % {"number": new}


def done_text(written: int, rows_total: int) -> str:
    if written == rows_total:
        return ngettext("%(rows)s record added.", "%(rows)s records added.", written) % {"rows": written}
    sentence = ngettext(
        "%(written)s of %(rows)s record added. The rest were already on record.",
        "%(written)s of %(rows)s records added. The rest were already on record.",
        rows_total,
    )
    return sentence % {"written": written, "rows": rows_total}
