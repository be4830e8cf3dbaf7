"""Training in templates. The coverage matrix has thousands of cells, most of them alike: each kind is rendered once."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from peersupport.team.models import Member

from ..domain.standing import Standing
from ..forms.records import ConfirmUntrainedForm
from ..presenters import coverage as coverage_texts
from ..presenters import formats, member_training
from ..queries import member_training as member_training_queries
from ..queries import readiness
from ..queries.coverage import Coverage

register = template.Library()
register.filter("status_symbol", formats.status_symbol)
register.filter("hours", formats.hours_text)
register.filter("standing_text", formats.standing_text)
register.filter("when", formats.when_text)
register.filter("initial_training_text", member_training.initial_training_text)
register.filter("year_text", member_training.year_text)
register.filter("gap_text", coverage_texts.gap_text)
register.filter("concerns", coverage_texts.concerns_text)
register.filter("outlook_text", coverage_texts.outlook_text)
register.filter("outlook_bars", coverage_texts.outlook_bars)
register.filter("standings_text", coverage_texts.standings_text)


@register.simple_tag
def matrix_rows(coverage: Coverage) -> SafeString:
    """One row for each member. Built here, because a template loop is too slow for thousands of cells."""
    names = [escape(subject.name) for subject in coverage.subjects]
    rows = (_row(member, names, standings) for member, standings in coverage.rows)
    return mark_safe("".join(rows))  # noqa: S308  # escaped


def _row(member: Member, subjects: Sequence[str], standings: Sequence[Standing]) -> str:
    name = f'<a href="{_url(member.pk)}">{escape(member.user.name)}</a>'
    return f'<tr><th scope="row">{name}</th>{"".join(map(_cell, subjects, standings))}</tr>'


@lru_cache(maxsize=5_000)
def _url(member_id: int) -> str:
    return reverse("training:member", args=[member_id])


@lru_cache(maxsize=20_000)  # most are alike
def _cell(subject: str, standing: Standing) -> str:
    """In a wide table the label of a current standing is only read aloud, so that the others stand out."""
    label, day = formats.cell_parts(standing, formats.NO_BREAK)
    symbol = formats.status_symbol(standing)
    text = f'<i aria-hidden="true">{symbol}</i> <span><span class="matrix__word">{label}</span> {day}</span>'
    return f'<td class="standing--{standing.status.value}" data-label="{subject}">{text}</td>'


@register.simple_tag
def initial_training(member: Member, today: date) -> str:
    """Progress of a member's initial training, as a sentence."""
    initial = member_training_queries.initial_of(member)
    return member_training.initial_training_text(initial, today) if initial else _("Nothing is on record yet.")


@register.simple_tag
def missing_training(member: Member, today: date) -> dict[str, object]:
    """What a member has not trained, and the box to tick to designate them anyway; empty if nothing is missing."""
    missing = readiness.missing_training([member.pk], today)[member.pk]
    if not missing:
        return {}
    return {"lines": member_training.missing_training_sentences(missing), "form": ConfirmUntrainedForm()}


@register.simple_tag
def ready_to_designate() -> list[Member]:
    return readiness.ready_to_designate()
