"""The audit log as rows for a page, and for a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import in_words

from ..domain.audit_about import parts
from .audit_acts import label

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from peersupport.audit.models import Entry

    from ..queries.audit import Chain, Names

FILE_HEADINGS = ("number", "at", "by", "by_name", "act", "what", "about", "about_name")
THINGS: "dict[str, StrOrPromise]" = {
    "activation": gettext_lazy("Activation %(number)s"),
    "application": gettext_lazy("Application %(number)s"),
    "given": gettext_lazy("Session for the agency %(number)s"),
    "import": gettext_lazy("Import %(number)s"),
    "interview": gettext_lazy("Interview %(number)s"),
    "invitation": gettext_lazy("Invitation %(number)s"),
    "reference": gettext_lazy("Reference %(number)s"),
    "report": gettext_lazy("Reported training %(number)s"),
    "requirement": gettext_lazy("From %(number)s"),
    "review": gettext_lazy("Review %(number)s"),
    "secret": gettext_lazy("Secret “%(number)s”"),
    "session": gettext_lazy("Session %(number)s"),
    "subject": gettext_lazy("Subject %(number)s"),
    "text": gettext_lazy("Text %(number)s"),
    "year": gettext_lazy("Year %(number)s"),
}
# What a thing is called while it is there; a gone one has its number alone.
NAMED: "dict[str, StrOrPromise]" = {
    "activation": gettext_lazy("Activation of %(day)s"),
    "application": gettext_lazy("Application of %(name)s"),
    "given": gettext_lazy("Session for the agency: %(name)s"),
    "import": gettext_lazy("Import of %(day)s"),
    "interview": gettext_lazy("Interview with %(name)s"),
    "invitation": gettext_lazy("Invitation of %(name)s"),
    "reference": gettext_lazy("Reference of %(name)s for %(candidate)s"),
    "report": gettext_lazy("%(subject_name)s, reported by %(name)s"),
    "review": gettext_lazy("Review by %(name)s of %(candidate)s"),
    "session": gettext_lazy("Session: %(name)s"),
    "subject": gettext_lazy("Subject: %(name)s"),
    "text": gettext_lazy("%(name)s, version %(version)s"),
}
SETTINGS: "dict[str, StrOrPromise]" = {
    "agency": gettext_lazy("Name of the agency"),
    "name": gettext_lazy("Name of the program"),
    "coordinator_name": gettext_lazy("Who coordinates it"),
    "coordinator_contact": gettext_lazy("How to reach the coordinator"),
    "clinical_director": gettext_lazy("Who the clinical director is"),
    "clinical_contact": gettext_lazy("The clinical number for members"),
    "on_call_phone": gettext_lazy("The program's own 24-hour number"),
    "year_starts_month": gettext_lazy("When a year of statistics starts"),
    "breakdown_years": gettext_lazy("How many years the lists count together"),
    "term_years": gettext_lazy("How long a designation lasts"),
    "program_word": gettext_lazy("The word that unlocks the team's names"),
    "crisis_lines": gettext_lazy("Crisis lines"),
}


@dataclass(frozen=True)
class Row:
    """url: the page of the member it was about; empty for none."""

    at: str
    who: str
    what: "StrOrPromise"
    about: str
    url: str


def rows(entries: "Iterable[Entry]", names: "Names") -> list[Row]:
    return [
        Row(
            at=date_format(timezone.localtime(entry.at), "DATETIME_FORMAT"),
            who=_who(entry, names),
            what=label(entry.action),
            about=_about(entry.about, names),
            url=_url(entry.about, names),
        )
        for entry in entries
    ]


def file_rows(entries: "Iterable[Entry]", names: "Names") -> list[list[object]]:
    """Under FILE_HEADINGS: codes and numbers as they are stored, each with what it stands for."""
    return [
        [
            entry.pk, entry.at.isoformat(timespec="seconds"), entry.by_id or "", names.user.get(entry.by_id or 0, ""),
            entry.action, str(label(entry.action)), entry.about, _about(entry.about, names),
        ]
        for entry in entries
    ]  # fmt: skip


def chain_sentence(chain: "Chain") -> str:
    """What can be said without looking at every entry."""
    if chain.is_whole is None:
        return _("The note that is kept outside the database can't be read. Please ask the operator to look at it.")
    if not chain.is_whole:
        return _(
            "Entries are missing that were there before, or the database was put back to an earlier day. "
            "Please ask the operator to check the log."
        )
    if chain.noted_on is None:
        return _("Nothing is noted outside the database yet. That happens within a minute of the first entry.")
    return _(
        "Checked just now against a note that the program keeps apart from this log, last written on %(day)s: nothing "
        "was cut off, and the log wasn't put back to an earlier day. The operator's check on the server looks at every "
        "entry."
    ) % {"day": date_format(chain.noted_on, "DATE_FORMAT")}


def nothing_found(*, is_filtered: bool) -> str:
    if is_filtered:
        return _("Nothing on record matches. Try a different filter.")
    return _("Nothing is on record yet. What the team does appears here, with who did it and when.")


def _who(entry: "Entry", names: "Names") -> str:
    return names.user.get(entry.by_id, "") if entry.by_id else _("No account")


def _about(about: str, names: "Names") -> str:
    """Such as a member's name, or "Session 3"; what nothing here knows stays a code."""
    known = [_part(kind, number, names) for kind, number in parts(about)]
    return ", ".join(known) if known and all(known) else about


def _part(kind: str, number: str, names: "Names") -> str:
    if kind in {"user", "member"}:
        return (names.user if kind == "user" else names.member).get(int(number), "") if number.isdecimal() else ""
    if kind == "hours" and number.isdecimal():
        return _hours(int(number))
    if kind == "setting":
        return str(SETTINGS.get(number, ""))
    if kind == "requirement":
        number = _day(number)
    facts = names.things.get(kind, {}).get(int(number)) if number.isdecimal() else None
    if facts:
        return str(NAMED[kind]) % {key: _said(value) for key, value in facts.items()}
    return str(THINGS[kind]) % {"number": number} if kind in THINGS else ""


def _said(value: str | int | date) -> str | int:
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else value


def _day(written: str) -> str:
    """ "2026-03-31" as a page says it; anything else as it is."""
    try:
        return date_format(date.fromisoformat(written), "DATE_FORMAT")
    except ValueError:
        return written


def _hours(number: int) -> str:
    return ngettext("For %(number)s hour", "For %(number)s hours", number) % {"number": in_words(number)}


def _url(about: str, names: "Names") -> str:
    members = [int(number) for kind, number in parts(about) if kind == "member" and number.isdecimal()]
    return reverse("team:member", args=members) if len(members) == 1 and members[0] in names.member else ""
