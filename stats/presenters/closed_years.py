"""What the report of a closed year says, to those who may read all of it and to the public. Pure."""

from typing import Protocol

from peersupport.program.vocabulary import CONCERN

from ..documents import exports
from ..domain.report import without_list
from .report_text import ReportText, report_text


class ClosedYear(Protocol):
    """The row of a closed year. document: the report as it was stored. shows_concern: what the director published."""

    @property
    def document(self) -> str: ...

    @property
    def agency(self) -> str: ...

    @property
    def program(self) -> str: ...

    @property
    def shows_concern(self) -> bool: ...


def text_of(closed: ClosedYear) -> ReportText:
    """What a closed year says to those who may read all of it."""
    return report_text(exports.from_json(closed.document), agency=closed.agency, program=closed.program)


def public_text_of(closed: ClosedYear) -> ReportText:
    """What it says to the public, without the list of concerns unless the director published that too."""
    report = exports.from_json(closed.document)
    if not closed.shows_concern:
        report = without_list(report, CONCERN.name)
    return report_text(report, agency=closed.agency, program=closed.program)
