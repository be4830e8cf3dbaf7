"""What an uploaded file would do, row by row, before anything is written. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from .cells import RowOutcome, parse_cells
from .reading import SheetRow

# "column": its heading, "text": a sentence in English, "values": what its placeholders stand for. Stored as JSON, and
# shown by translation.remark_text.
Remark = dict[str, Any]


@dataclass
class PreviewRow:
    """A row, what it means, and what would become of it.

    number: as the spreadsheet counts. cells: the row's text by column. values: what the cells mean, by column; a cell
    that has to be corrected has no value. remarks: what there is to say about the row, by column.
    """

    number: int
    cells: dict[str, str]
    values: dict[str, Any]
    outcome: RowOutcome = RowOutcome.NEW
    remarks: list[Remark] = field(default_factory=list)

    @classmethod
    def parse(cls, row: SheetRow, columns: Mapping[str, Callable[[str], object]]) -> Self:
        """columns: for each heading a function that makes a value of the cell's text, or raises Refused."""
        values, errors = parse_cells(row.cells, columns)
        preview = cls(row.number, row.cells, values)
        for column, refused in errors.items():
            preview.add_error(column, refused.sentence, **refused.values)
        return preview

    @property
    def is_wrong(self) -> bool:
        return self.outcome == RowOutcome.WRONG

    def add_remark(self, column: str, text: str, **values: object) -> None:
        stored = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}
        self.remarks.append({"column": column, "text": text, "values": stored})

    def add_error(self, column: str, text: str, **values: object) -> None:
        """A remark that keeps the file from being written until the row is corrected."""
        self.outcome = RowOutcome.WRONG
        self.add_remark(column, text, **values)


AnyPreviewRow = TypeVar("AnyPreviewRow", bound=PreviewRow)


def mark_duplicates(
    rows: Iterable[AnyPreviewRow],
    *,
    key: Callable[[AnyPreviewRow], Hashable],
    column: str,
    sentence: str,
    first_rows: dict[Hashable, int],
) -> None:
    """Add an error to each row with the key of an earlier one. Rows whose key is None are not compared.

    sentence: the error, with `%(row)s` for the number of the earlier row. first_rows: the number of the first row of
    each key; filled here, so that a long file can be checked in portions.
    """
    for row in rows:
        row_key = key(row)
        if row_key is not None and first_rows.setdefault(row_key, row.number) != row.number:
            row.add_error(column, sentence, row=first_rows[row_key])


def cells_in_order(cells: Mapping[str, str], columns: Sequence[str]) -> list[tuple[str, str]]:
    """Heading and text of each cell, in the order of the columns."""
    return [(name, cells[name]) for name in columns]
