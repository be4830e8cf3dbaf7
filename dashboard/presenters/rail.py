"""The rail of the staff's pages: its entries, who sees each, and how many things wait there."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role

from .home import counted_todos

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ..queries.home import RailFigures


@dataclass(frozen=True)
class Entry:
    """needs: whoever has one of these permissions sees it; empty for everybody.

    also: URL names of pages that belong to it though their addresses begin otherwise.
    pages: URL names of single pages that belong to it though their addresses begin like another entry's.
    """

    label: "StrOrPromise"
    url_name: str
    needs: frozenset[Permission] = frozenset()
    also: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def has_page(self, path: str) -> bool:
        return any(path.startswith(reverse(url_name)) for url_name in self.also)


@dataclass(frozen=True)
class Link:
    """An entry as a page draws it. count: how many things wait there; None where the rail does not count."""

    label: "StrOrPromise"
    url: str
    count: int | None
    is_current: bool


# Somebody who is a member and nothing else has no home besides the desk.
NON_MEMBER_PERMISSIONS = frozenset(Permission) - PERMISSIONS_OF[Role.MEMBER]
ENTRIES = (
    Entry(_("To do"), "dashboard:home", NON_MEMBER_PERMISSIONS, also=("program:confirm_lines",)),
    Entry(
        _("Desk"),
        "requests_app:desk",
        frozenset({Permission.SUPPORT}),
        also=("program:duty_to_report", "requests_app:telephone_only"),
    ),
    Entry(_("Tally"), "requests_app:tally", frozenset({Permission.SUPPORT})),
    Entry(_("On call"), "team:on_call", frozenset({Permission.SEE_ON_CALL})),
    Entry(_("Team"), "team:roster", frozenset({Permission.SEE_TEAM}), pages=("training:designate",)),
    Entry(_("Critical incidents"), "incidents:activation", frozenset({Permission.MANAGE_TEAM})),
    Entry(_("Applications"), "applications:list", frozenset({Permission.SEE_APPLICATIONS, Permission.OWN_PROFILE})),
    Entry(_("Training"), "training:index", frozenset({Permission.SEE_TRAINING, Permission.OWN_PROFILE})),
    Entry(
        _("Open requests"),
        "requests_app:waiting_summary",
        frozenset({Permission.SEE_WAITING}),
        also=("requests_app:telephone_only",),
    ),
    Entry(_("Consultations"), "requests_app:consultations", frozenset({Permission.ANSWER_CONSULTATION})),
    Entry(_("Statistics"), "stats:index", frozenset({Permission.SEE_REPORT})),
    Entry(
        _("Policies and text"),
        "program:texts",
        frozenset({Permission.WRITE_TEXTS, Permission.APPROVE_TEXTS}),
        also=("program:duty_to_report",),
    ),
    Entry(_("Audit log"), "dashboard:audit", frozenset({Permission.SEE_AUDIT})),
    Entry(_("Health"), "operations:health", frozenset({Permission.SEE_HEALTH})),
    Entry(_("Settings"), "program:settings", frozenset({Permission.MANAGE_SETTINGS})),
    Entry(_("Accounts"), "team:accounts", frozenset({Permission.MANAGE_ACCOUNTS})),
    Entry(
        _("Invitations"),
        "team:invite",
        frozenset({Permission.INVITE, Permission.MANAGE_ACCOUNTS}),
        also=("team:accounts",),
    ),
    Entry(_("Lost second factors"), "team:lost_factors", frozenset({Permission.LIFT_SECOND_FACTOR})),
    Entry(_("My page"), "team:me"),
)


def links_for(
    permissions: Collection[Permission], path: str, counts: Mapping[str, int], url_name: str = ""
) -> list[Link]:
    """The rail of someone with these permissions on the page at this path. counts: by URL name of the entry."""
    entries = [entry for entry in ENTRIES if not entry.needs or any(need in permissions for need in entry.needs)]
    current = _current(path, url_name, entries)
    return [Link(entry.label, entry.url, counts.get(entry.url_name), entry is current) for entry in entries]


def _current(path: str, url_name: str, entries: Collection[Entry]) -> Entry | None:
    """The entry that names the page; else the longest address that the path begins with; else one it belongs to."""
    for entry in entries:
        if url_name in entry.pages:
            return entry
    above = [entry for entry in entries if path.startswith(entry.url)]
    if above:
        return max(above, key=lambda entry: len(entry.url))
    return next((entry for entry in entries if entry.has_page(path)), None)


def counts_for(figures: "RailFigures") -> dict[str, int]:
    """How many things wait at each entry, by URL name: the same numbers as the home's and the desk's.

    The desk has none: to count what waits there, every open request would have to be unsealed.
    """
    counts = Counter({"applications:list": figures.reviews, "requests_app:tally": figures.tallies})
    for todo in counted_todos(figures.counted):
        counts[todo.entry] += todo.count
    return dict(counts)
