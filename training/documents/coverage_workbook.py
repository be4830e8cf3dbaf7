"""The coverage as a workbook. The same coverage gives the same bytes."""

from django.utils.translation import gettext as _

from peersupport.core.spreadsheet.writing import to_xlsx

from ..presenters.formats import cell_text, status_symbol
from ..queries.coverage import Coverage


def coverage_workbook(coverage: Coverage) -> bytes:
    """One row for each member, one column for each subject."""
    headings = [_("Name"), _("Kind"), _("Unit"), *(subject.name for subject in coverage.subjects)]
    rows = [
        [
            member.user.name,
            member.get_kind_display(),
            member.unit,
            *(f"{status_symbol(each)} {cell_text(each)}" for each in standings),
        ]
        for member, standings in coverage.rows
    ]
    return to_xlsx(_("Training coverage"), headings, rows)
