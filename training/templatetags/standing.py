"""How standing is printed. The matrix has thousands of cells, of which most are alike: each is made once."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from peersupport.program.vocabulary import CONCERN
from peersupport.team.models import Member

from ..domain.coverage import HOLDING, Cell, Status
from ..forms.records import AllTheSameForm
from ..presenters.wording import (
    NO_BREAK,
    cell_parts,
    hours_words,
    initial_words,
    mark,
    standing_words,
    when_words,
    year_words,
)
from ..queries.coverage_page import Coverage
from ..queries.member_page import initial_of
from ..queries.readiness import lacking, ready_to_designate

register = template.Library()
register.filter("as_mark", mark)
register.filter("hours", hours_words)
register.filter("in_words", standing_words)
register.filter("initial_words", initial_words)
register.filter("when", when_words)
register.filter("year_words", year_words)


@register.simple_tag
def matrix_rows(coverage: Coverage) -> SafeString:
    """One row for each member. Put together here, because a template takes its time over thousands of cells."""
    names = [escape(subject.name) for subject in coverage.subjects]
    return mark_safe("".join(_row(member, names, cells) for member, cells in coverage.rows))  # noqa: S308  # escaped


def _row(member: Member, names: Sequence[str], cells: Sequence[Cell]) -> str:
    name = f'<a href="{_address(member.pk)}">{escape(member.user.name)}</a>'
    return f'<tr><th scope="row">{name}</th>{"".join(map(_cell, names, cells))}</tr>'


@lru_cache(maxsize=5_000)
def _address(member_id: int) -> str:
    return reverse("training:member", args=[member_id])


@lru_cache(maxsize=20_000)  # most are alike
def _cell(name: str, cell: Cell) -> str:
    """In a wide table the word of the many that are current is only heard, so that the others are seen."""
    word, day = cell_parts(cell, NO_BREAK)
    words = f'<i aria-hidden="true">{mark(cell)}</i> <span><span class="matrix__word">{word}</span> {day}</span>'
    return f'<td class="standing--{cell.status.value}" data-label="{name}">{words}</td>'


@register.simple_tag
def initial_training(member: Member, today: date) -> str:
    """Where a page of another room speaks of a member: how far their initial training is."""
    found = initial_of(member)
    return initial_words(found, today) if found else "Nothing is on record yet."


@register.simple_tag
def not_trained(member: Member, today: date) -> dict[str, object]:
    """What a designation would be without, and the box that says it is meant; empty where nothing is missing."""
    found = lacking([member.pk], today)[member.pk]
    return {"lines": found.in_words, "form": AllTheSameForm()} if found else {}


@register.simple_tag
def members_ready() -> list[Member]:
    return ready_to_designate()


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
