"""What the report of a closed year says to each of its readers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from peersupport.program.vocabulary import CONCERN

from .report_text import ReportText, report_text

if TYPE_CHECKING:
    from ..models import StatsReport


def text_of(closed: "StatsReport") -> ReportText:
    """What a closed year says to the team, and in its files."""
    return report_text(closed.report, agency=closed.agency, program=closed.program)


def exact_text_of(closed: "StatsReport") -> ReportText:
    """What it says to coordinator and clinical director."""
    return report_text(closed.exact_report, agency=closed.agency, program=closed.program)


def public_text_of(closed: "StatsReport") -> ReportText:
    """What it says to the public, without the list of concerns unless the director published that too."""
    report = closed.report if closed.shows_concern else closed.report.without_list(CONCERN.name)
    return report_text(report, agency=closed.agency, program=closed.program)


@dataclass(frozen=True)
class Publication:
    """Whether a report is on the public pages, and what the reader can do about it.

    asks_concern: whether the list of concerns can be published along with it.
    """

    sentence: str
    is_published: bool
    can_publish: bool
    can_withdraw: bool
    asks_concern: bool


def publication(closed: "StatsReport", *, may_close: bool) -> Publication | None:
    """None for a reader whom it doesn't concern."""
    if not (may_close or closed.is_published):
        return None
    has_concern = closed.report.has_list(CONCERN.name)
    return Publication(
        sentence=_publication_sentence(closed, has_concern),
        is_published=closed.is_published,
        can_publish=not closed.is_published,
        can_withdraw=closed.is_published and may_close,
        asks_concern=has_concern,
    )


def _publication_sentence(closed: "StatsReport", has_concern: bool) -> str:
    if closed.is_published and not has_concern:
        return _("Anyone can read this report on the public pages.")
    if closed.is_published and closed.shows_concern:
        return _("Anyone can read this report on the public pages, including main concerns.")
    if closed.is_published:
        return _("Anyone can read this report on the public pages, without main concerns.")
    if has_concern:
        return _(
            "Only the team can read it now. The public report leaves out main concerns, unless you include "
            "them. You can take the report down again, but people may already have read it."
        )
    return _(
        "Only the team can read it now. If you publish it, you can take it down again, but people may already have "
        "read it."
    )
