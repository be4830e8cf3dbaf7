"""The files of a closed year: what the pages give out, and what the attackers read. The same for every reader."""

from collections.abc import Callable

from peersupport.core.pdf import PDF_TYPE
from peersupport.core.spreadsheet.writing import XLSX_TYPE

from ..models import StatsReport
from ..presenters.closed_years import text_of
from . import exports, report_pdf, workbook


def json_of(closed: StatsReport) -> bytes:
    return exports.to_json(closed.report).encode()


def csv_of(closed: StatsReport) -> bytes:
    return exports.to_csv(closed.report).encode()


def xlsx_of(closed: StatsReport) -> bytes:
    return workbook.to_xlsx(closed.report, text_of(closed))


def pdf_of(closed: StatsReport) -> bytes:
    return report_pdf.to_pdf(text_of(closed))


FILES: dict[str, Callable[[StatsReport], bytes]] = {
    "json": json_of,
    "csv": csv_of,
    "xlsx": xlsx_of,
    "pdf": pdf_of,
}
CONTENT_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX_TYPE,
    "pdf": PDF_TYPE,
}
