"""A paper of the launch as a page: the paper's own words, which are in no language but English."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..domain import papers
from ..domain.papers import Kind, Line

if TYPE_CHECKING:
    from ..queries.papers import Written

_TAGS = {"bold": "b", "italic": "i", "code": "code"}


@dataclass(frozen=True)
class Cell:
    """head: what its column is called."""

    head: str
    said: SafeString


@dataclass(frozen=True)
class ShownBlock:
    """kind: one of papers.Kind. heads, rows: of a table alone."""

    kind: str
    lines: Sequence[SafeString] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()


@dataclass(frozen=True)
class Paper:
    title: str
    lead: str
    blocks: Sequence[ShownBlock]


def paper(code: str, written: "Written") -> Paper:
    title, lead = {
        "counsel": (
            _("Paper for counsel"),
            _("Print it for the agency's counsel, who answers the questions and signs the last line."),
        ),
        "retention_schedule": (
            _("Draft for the retention schedule"),
            _("Give it to the agency's records officer. It's part of the paper for counsel."),
        ),
        "union": (
            _("Page for the union"),
            _("Print it for whoever represents the people who might use the program."),
        ),
    }[code]
    found = papers.blocks(written.text)
    if written.part:
        found = papers.only_with(written.part, found)
    return Paper(title, lead, [_shown(block) for block in found])


def _shown(block: papers.Block) -> ShownBlock:
    if block.kind is not Kind.TABLE:
        return ShownBlock(block.kind.value, [_said(line) for line in block.lines])
    heads = [papers.plain(head) for head in block.rows[0]]
    rows = [[Cell(head, _said(cell)) for head, cell in zip(heads, row, strict=False)] for row in block.rows[1:]]
    return ShownBlock(block.kind.value, heads=heads, rows=rows)


def _said(line: Line) -> SafeString:
    """Escaped, with the three tags that a line can have."""
    parts = (
        format_html("<{}>{}</{}>", _TAGS[span.style], span.text, _TAGS[span.style]) if span.style else span.text
        for span in line
    )
    return format_html_join("", "{}", ((part,) for part in parts))
