"""What the doctor says, on its page and in its command: a sentence for each finding, and what to do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations import command_line
from operations import presenters as health
from peersupport.notices.domain.channels import Channel

from .domain.findings import Finding, Level
from .sentences import installation, keys, machine, network, work

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SUBJECTS = (installation, keys, work, machine, network)
TITLES = {check: title for subject in SUBJECTS for check, title in subject.TITLES.items()}
SENTENCES = {found: said for subject in SUBJECTS for found, said in subject.SENTENCES.items()}
NOT_LOST = gettext_lazy("Run the doctor again; if it says the same, read the log.")

LEVEL_CODES = {Level.WELL: "well", Level.SEE_TO: "see_to", Level.CANNOT_SERVE: "cannot_serve"}

# What the operator's home says too, by code, from the number that it is about.
SAID_ON_HOME: dict[str, Callable[[int], tuple[str, str]]] = {
    "unverified_keys": health.unverified_keys,
    "unreadable_requests": health.unreadable_requests,
    "stuck_mail": partial(health.stuck, Channel.MAIL),
    "stuck_phone": partial(health.stuck, Channel.PHONE),
}


@dataclass(frozen=True)
class Line:
    """One finding, as a page or a command says it."""

    check: str
    level: Level
    says: str
    remedy: str

    @property
    def title(self) -> str:
        return str(TITLES[self.check])

    @property
    def needs_attention(self) -> bool:
        return self.level is not Level.WELL


def lines(findings: Sequence[Finding]) -> list[Line]:
    """In the order of the checks."""
    return [Line(each.check, each.level, *_said(each)) for each in findings]


def lead(shown: Sequence[Line]) -> str:
    """What stands on top of the page."""
    worst = max((line.level for line in shown), default=Level.WELL)
    if worst is Level.CANNOT_SERVE:
        return _("The program can't do its work. See what is marked below.")
    return _("Something needs to be seen to. It is on top.") if worst else _("Everything that was checked is well.")


def _said(finding: Finding) -> tuple[str, str]:
    if finding.code in SAID_ON_HOME:
        return SAID_ON_HOME[finding.code](int(finding.values["number"]))
    says, remedy = _sentences(finding)
    sentence = str(says) % finding.values
    return sentence.rstrip(".") + ".", str(remedy) % {"manage": command_line.manage(), **finding.values}


def _sentences(finding: Finding) -> "tuple[StrOrPromise, StrOrPromise]":
    key = (finding.check, finding.code)
    if finding.code == "not_done":
        return gettext_lazy("This couldn't be checked (%(error)s)."), NOT_LOST
    return SENTENCES.get(key) or (health.HEALTH_LABELS[key], health.HEALTH_REMEDIES[key])


@dataclass(frozen=True)
class Section:
    """A part of the page. groups: the lines under the title of their check."""

    title: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


def sections(shown: Sequence[Line]) -> list[Section]:
    """What stops the program, what is to be seen to, and what is well; without the empty ones."""
    titles = {
        Level.CANNOT_SERVE: _("The program can't do its work"),
        Level.SEE_TO: _("To see to"),
        Level.WELL: _("Well"),
    }
    return [
        Section(title, tuple((name, tuple(lines)) for name, lines in groupby(found, key=lambda line: line.title)))
        for level, title in titles.items()
        if (found := [line for line in shown if line.level is level])
    ]
