"""Training in templates: what the presenters say, as filters; and the coverage matrix."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..domain.standing import Standing, Status
from ..presenters import coverage as coverage_texts
from ..presenters import formats, sessions, subjects

if TYPE_CHECKING:
    from peersupport.team.models import Member

    from ..queries.coverage import Coverage

register = template.Library()
register.filter("status_symbol", formats.status_symbol)
register.filter("hours", formats.hours_text)
register.filter("standing_text", formats.standing_text)
register.filter("when", formats.when_text)
register.filter("session_line", sessions.session_line)
register.filter("gap_text", coverage_texts.gap_text)
register.filter("concerns", coverage_texts.concerns_text)
register.filter("member_line", coverage_texts.member_line)
register.filter("outlook_text", coverage_texts.outlook_text)
register.filter("outlook_bars", coverage_texts.outlook_bars)
register.filter("validity_text", subjects.validity_text)


@register.simple_tag
def matrix_rows(coverage: "Coverage") -> SafeString:
    """One row for each member. Built here, because a template loop is too slow for thousands of cells."""
    names, language = [escape(subject.name) for subject in coverage.subjects], get_language()

    def row(member: "Member", standings: Sequence[Standing]) -> str:
        cells = "".join(name.join(_around_name(each, language)) for name, each in zip(names, standings, strict=True))
        url = reverse("training:member", args=[member.pk])
        return f'<tr><th scope="row"><a href="{url}">{escape(member.user.name)}</a></th>{cells}</tr>'

    # Every part is escaped above and below.
    return mark_safe("".join(row(member, standings) for member, standings in coverage.rows))  # noqa: S308  # nosec B308 B703


@lru_cache(maxsize=4_096)  # the same words for the same standing in a language, whatever happens
def _around_name(standing: Standing, language: str) -> tuple[str, str]:
    """A cell, as what comes before and after the name of the subject."""
    text = _current(standing) if standing.status == Status.CURRENT else formats.cell_text(standing)
    return (
        format_html('<td class="standing--{}" data-label="', standing.status.value),
        format_html('"><i aria-hidden="true">{}</i> <span>{}</span></td>', formats.status_symbol(standing), text),
    )


def _current(standing: Standing) -> SafeString:
    """In a wide table "Current" is only read aloud, so that the other standings stand out."""
    if standing.lapses_on is None:
        return format_html(_('<span class="matrix__word">Current,</span> never lapses'))
    text = _('<span class="matrix__word">Current until</span> {day}')
    return format_html(text, day=formats.cell_day(standing))
