"""Small workbooks that would take all time or memory: each is refused with a sentence."""

import io
import zipfile
from collections.abc import Callable

import pytest

from peersupport.core.errors import Refused
from peersupport.core.spreadsheet import reading
from peersupport.core.spreadsheet.writing import to_xlsx

pytestmark = pytest.mark.sqlite_only
EMPTY_ROWS, TOO_LARGE = "empty ones included", "too large to read"
SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"


def workbook(*rows: tuple[str, ...]) -> bytes:
    return to_xlsx("Team", *(rows[:1] or (["Name"],)), rows[1:] or [["Ana"]])


def altered(part: str, change: Callable[[bytes], bytes], content: bytes = b"") -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook())) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, change(before.read(name)) if name == part else before.read(name))
    return out.getvalue()


def with_rows(more: bytes) -> bytes:
    def longer(xml: bytes) -> bytes:
        return xml.replace(b'<dimension ref="A1:A2"/>', b"").replace(b"</sheetData>", more + b"</sheetData>")

    return altered(SHEET, longer)


def entity_bomb() -> bytes:
    """Within the XML parser's own limit on amplification, because the part itself is large."""

    def swollen(xml: bytes) -> bytes:
        entity = b'<!DOCTYPE l [<!ENTITY a "' + b"a" * 1_000 + b'">]>'
        head, table, rest = xml.partition(b"<sst")
        return (
            head
            + entity
            + table
            + rest.replace(b"</sst>", b" " * 20_000_000 + b"<si><t>%s</t></si></sst>" % (b"&a;" * 1_000_000))
        )

    return altered(STRINGS, swollen)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (with_rows(b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'), EMPTY_ROWS),
        (with_rows(b"<row/>" * 60_000), EMPTY_ROWS),
        (with_rows(b"<row/>" * 6_000_000), TOO_LARGE),
        (altered(STRINGS, lambda xml: xml.replace(b"</sst>", b"<si><t>x</t></si>" * 2_000_000 + b"</sst>")), TOO_LARGE),
        (entity_bomb(), TOO_LARGE),
        (with_rows(b'<row><c r="AY3"><v>1</v></c></row>'), "more than 50 columns"),
    ],
    ids=["a cell far below", "empty rows", "more empty rows", "unused strings", "entity bomb", "wide"],
)
def test_a_workbook_crafted_to_exhaust_resources_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.read_rows(content, ["Name"])
    assert sentence in str(refused.value)


def test_empty_cells_far_to_the_right_are_no_obstacle() -> None:
    assert len(reading.read_rows(with_rows(b'<row><c r="XFD3"/></row>' * 49_000), ["Name"])) == 1


def test_an_ordinary_workbook_is_read() -> None:
    rows = [(f"officer{number}@example.org", "Suicide intervention", "2024-03-31", "8") for number in range(2_000)]
    read = reading.read_rows(workbook(("E-mail", "Subject", "Completed on", "Hours"), *rows), ["Hours", "E-mail"])
    assert (len(read), read[-1].number) == (2_000, 2_001)
    assert read[-1].cells == {"Hours": "8", "E-mail": "officer1999@example.org"}
