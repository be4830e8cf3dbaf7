"""Which applications wait for somebody, in sentences. The notices say only that something waits."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import with_number
from peersupport.core.todo import Todo

if TYPE_CHECKING:
    from ..queries.todo import CoordinatorFigures, NamedApplication

ENTRY = "applications:list"  # of the rail


def for_coordinator(figures: "CoordinatorFigures") -> list[Todo]:
    """What waits for a coordinator, counted at the rail's entry unless it is only for information."""
    no_time = [
        Todo(
            _("None of the interview times work for %(name)s") % {"name": application.name},
            _("Propose other times"), _page(application), _("Propose times"), entry=ENTRY, count=1,
        )
        for application in figures.without_suitable_time
    ]  # fmt: skip
    reviewed = [
        Todo(
            _("All reviews of %(name)s's application are in") % {"name": application.name},
            _("You can decide now"), _page(application), _("Decide"), entry=ENTRY, count=1,
        )
        for application in figures.fully_reviewed
    ]  # fmt: skip
    return [*_new(figures.new), *no_time, *reviewed, *_withdrawn(figures.withdrawn)]


def for_reviewer(to_review: "Iterable[NamedApplication]") -> list[Todo]:
    """The applications that this person is named to review and has not answered about."""
    return [
        Todo(
            _("You've been asked to review %(name)s's application") % {"name": application.name},
            url=_page(application),
        )
        for application in to_review
    ]


def _new(number: int) -> list[Todo]:
    if not number:
        return []
    text = ngettext("%(number)s new application", "%(number)s new applications", number)
    detail = ngettext("Nobody has started reviewing it", "Nobody has started reviewing them", number)
    return [Todo(with_number(text, number), detail, reverse(ENTRY), _("Review"), entry=ENTRY, count=number)]


def _withdrawn(number: int) -> list[Todo]:
    if not number:
        return []
    text = ngettext("%(number)s application was withdrawn", "%(number)s applications were withdrawn", number)
    return [
        Todo(with_number(text, number), _("In the last seven days"), f"{reverse(ENTRY)}?state=withdrawn", _("View"))
    ]


def _page(application: "NamedApplication") -> str:
    return reverse("applications:detail", args=[application.application_id])
