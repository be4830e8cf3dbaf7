"""Reads a workbook. Only in the sandbox: nothing here bounds time or memory."""

# Nothing can be loaded once a file is read.
import openpyxl
import openpyxl.worksheet.cell_range
import openpyxl.worksheet.merge  # noqa: F401

from peersupport.core.spreadsheet.reading import read_workbook_rows


def read(content: bytes, columns: list[str]) -> tuple[object, bytes]:
    return [(row.number, row.cells) for row in read_workbook_rows(content, columns)], b""
