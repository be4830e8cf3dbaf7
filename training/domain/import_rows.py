"""What would become of a row of training history. Pure: members, subjects, records and today are arguments."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop as _
from peersupport.core.spreadsheet.cells import RowOutcome, parse_day, required_text
from peersupport.core.spreadsheet.preview import PreviewRow, mark_duplicates
from peersupport.core.spreadsheet.reading import SheetRow

from .plausibility import check_past, checked_hours


class Column(StrEnum):
    """The headings of the file, which stay the same in every language."""

    EMAIL = "E-mail"
    SUBJECT = "Subject"
    COMPLETED_ON = _("Completed on")
    HOURS = "Hours"


COLUMNS = tuple(Column)
EXAMPLE = ("name@example.org", _("Suicide intervention"), "2024-03-31", "8")
RecordKey = tuple[int, int, date]  # member, subject, day: there is one record for each


@dataclass(frozen=True)
class OnRecord:
    """What rows are checked against.

    members: numbers by e-mail; subjects: numbers by code and by name; all in lower case. hours: of each record.
    """

    members: Mapping[str, int]
    subjects: Mapping[str, int]
    hours: Mapping[RecordKey, Decimal]


def preview(
    rows: Sequence[SheetRow], on_record: OnRecord, today: date, first_rows: dict[Hashable, int]
) -> list[PreviewRow]:
    """What would become of each row. The values are: number of the member, number of the subject, day, hours.

    first_rows: as in mark_duplicates; the same one for all portions of a file.
    """
    columns: dict[str, Callable[[str], object]] = {
        Column.EMAIL: lambda text: _number(text, on_record.members, _("Nobody on the roster has this address.")),
        Column.SUBJECT: lambda text: _number(text, on_record.subjects, _("This subject isn't on the list.")),
        Column.COMPLETED_ON: lambda text: _past_day(required_text(text), today),
        Column.HOURS: lambda text: checked_hours(required_text(text)),
    }
    preview_rows = [PreviewRow.parse(row, columns) for row in rows]
    mark_duplicates(
        preview_rows,
        key=_record_key,
        column=Column.COMPLETED_ON,
        sentence=_("Row %(row)s has the same training. Please remove one of them."),
        first_rows=first_rows,
    )
    for row in preview_rows:
        _compare(row, on_record.hours)
    return preview_rows


def _record_key(row: PreviewRow) -> RecordKey | None:
    """Which record the row would become; None while it has errors."""
    values = row.values
    return None if row.is_wrong else (values[Column.EMAIL], values[Column.SUBJECT], values[Column.COMPLETED_ON])


def _compare(row: PreviewRow, hours_on_record: Mapping[RecordKey, Decimal]) -> None:
    """Mark the row as known if its record exists. What is on record stays, even where the hours differ."""
    key = _record_key(row)
    if key is None or key not in hours_on_record:
        return
    row.outcome, hours = RowOutcome.KNOWN, hours_on_record[key]
    if hours != row.values[Column.HOURS]:
        row.add_remark(Column.HOURS, _("Already on record with %(hours)s hours, which will stay."), hours=hours)


def _number(text: str, numbers: Mapping[str, int], refusal: str) -> int:
    number = numbers.get(required_text(text).casefold())
    if number is None:
        raise Refused(refusal)
    return number


def _past_day(text: str, today: date) -> date:
    day = parse_day(text)
    check_past(day, today)
    return day
