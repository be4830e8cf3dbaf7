"""How standing is printed. The matrix has thousands of cells, of which most are alike: each is made once."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from peersupport.program.vocabulary import CONCERN

from ..coverage import HOLDING, Cell, Status
from ..models import Subject
from ..words import cell_words, hours_words, initial_words, mark, year_words

register = template.Library()
register.filter("as_mark", mark)
register.filter("hours", hours_words)
register.filter("in_words", cell_words)
register.filter("initial_words", initial_words)
register.filter("year_words", year_words)


@lru_cache(maxsize=20_000)
def _cell(name: str, cell: Cell) -> SafeString:
    return format_html(
        '<td class="standing standing--{}" data-label="{}"><span class="standing__mark" aria-hidden="true">{}</span> '
        "<span>{}</span></td>",
        cell.status.value, name, mark(cell), cell_words(cell),
    )  # fmt: skip


@register.simple_tag
def standing_cells(cells: Sequence[Cell], subjects: Sequence[Subject]) -> SafeString:
    """The cells of one member's row."""
    parts = [_cell(subject.name, cell) for subject, cell in zip(subjects, cells, strict=True)]
    return mark_safe("".join(parts))  # noqa: S308  # each part is escaped already


@register.simple_tag
@lru_cache(maxsize=5_000)
def member_address(pk: int) -> str:
    return reverse("training:member", args=[pk])


@register.filter
def summary(cells: Sequence[Cell]) -> str:
    """One member's row in a sentence: "all 7 current", "5 of 7 current, 1 lapses soon"."""
    holding = sum(cell.status in HOLDING for cell in cells)
    soon = sum(cell.status == Status.EXPIRING for cell in cells)
    words = f"all {len(cells)} current" if cells and holding == len(cells) else f"{holding} of {len(cells)} current"
    return f"{words}, {soon} {'lapses' if soon == 1 else 'lapse'} soon" if soon else words


@register.filter
def concerns(codes: Sequence[str]) -> str:
    return ", ".join(CONCERN.labels[code].lower() for code in codes if code in CONCERN.labels).capitalize()
