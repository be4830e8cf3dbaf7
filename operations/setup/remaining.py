"""What is left to do after `setup`, in the order in which it is done. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.domain.launch_checklist import Item


@dataclass(frozen=True)
class Situation:
    """invited: whose account is still to be made, in words. missing: of the launch checklist; None once open.

    manage: what a command line begins with.
    """

    home: str
    manage: str
    site: str
    is_trial: bool
    has_tls: bool
    mails_to_files: bool
    invited: Collection[str]
    missing: Collection[Item] | None


def steps(now: Situation) -> list[str]:
    """Each a line: what, by whom, and where."""
    return [f"{number}. {line}" for number, line in enumerate(_lines(now), start=1)]


def _lines(now: Situation) -> list[str]:
    return [*_to_start(now), *_to_open(now), *_to_keep(now)]


def _to_start(now: Situation) -> list[str]:
    lines = []
    if not now.is_trial and not now.has_tls:
        lines.append(
            "TLS: name the certificate's files in PEERSUPPORT_TLS_CERTIFICATE and PEERSUPPORT_TLS_KEY, "
            f"or put a proxy in front ({now.home}/settings.env)."
        )
    if now.mails_to_files and not now.is_trial:
        lines.append(f"Mail: name a mail server in PEERSUPPORT_EMAIL_URL ({now.home}/settings.env).")
    lines.append(f"Start it: {now.manage} serve")
    if now.invited:
        lines.append(f"Accounts: {', '.join(now.invited)} open their links and choose passwords, within three days.")
    return lines


def _to_open(now: Situation) -> list[str]:
    """The coordinator's, most of it: the launch checklist on their home counts along."""
    if now.missing is None:
        return []
    lines = {
        Item.TEXTS: [
            f"Counsel reads the texts and confirms them on paper, and the director approves them: {now.site}/words/",
        ],
        Item.CRISIS_LINES: [f"The coordinator dials every crisis line, and confirms it: {now.site}/crisis-lines/"],
        Item.MEMBERS: [
            f"Members are invited, or imported with a roster: {now.site}/members/",
            f"They are trained, sign the agreement and are designated: {now.site}/training/",
            f"The coordinator compares each member's key with them, four words: {now.site}/members/",
        ],
        Item.SCHEDULE: [f"Somebody is on call at every hour of two weeks: {now.site}/on-call/"],
    }
    order = (Item.TEXTS, Item.CRISIS_LINES, Item.MEMBERS, Item.SCHEDULE)
    return [
        *(line for item in order if item in now.missing for line in lines[item]),
        f"The coordinator opens the program; until then nobody can ask for support: {now.site}/home/",
    ]


def _to_keep(now: Situation) -> list[str]:
    return [
        f"Backup, each night, to another machine: {now.manage} backup --to FILE. The private key stays on paper.",
        f"Look whether all is well, now and each week: {now.manage} doctor",
    ]
