"""What the doctor says, on its page and in its command: a sentence for each finding, and what to do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from operations import presenters as health
from peersupport.notices.domain.channels import Channel

from .domain.findings import OK, Finding, Level

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEVEL_CODES = {Level.WELL: "well", Level.SEE_TO: "see_to", Level.CANNOT_SERVE: "cannot_serve"}
LEVEL_MARKS = {Level.WELL: "ok", Level.SEE_TO: "SEE TO", Level.CANNOT_SERVE: "CANNOT SERVE"}  # for a terminal

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "version": lazy("Version"),
    "settings": lazy("Settings"),
    "database": lazy("Database"),
    "migrations": lazy("Tables"),
    "keyring": lazy("Keyring"),
    "modes": lazy("Who can read the files"),
    "keys": lazy("Keys and rows"),
    "shred": lazy("Where keys are destroyed"),
    "swap": lazy("Swap"),
    "statistics": lazy("Statistics"),
    "on_call": lazy("On-call schedule"),
    "requests": lazy("Open requests and members' keys"),
    "worker": lazy("Worker"),
    "rounds": lazy("Regular tasks"),
    "notices": lazy("Notices waiting"),
    "mails": lazy("E-mails waiting"),
    "clock": lazy("Clock"),
    "disk": lazy("Disk"),
    "backup": lazy("Backup"),
    "nginx": lazy("nginx"),
    "core_dumps": lazy("Core dumps"),
    "audit": lazy("Audit log"),
    "address": lazy("The site's address"),
    "phone_alerts": lazy("Phone alert services"),
    "mail": lazy("Mail server"),
    "health": lazy("Parts of the program"),
}

_EDIT = lazy("Correct it in settings.env and restart. See docs/settings.md.")
_NOT_LOST = lazy("Run the doctor again; if it says the same, read the log.")
_MOVE_SHRED = lazy(
    "Stop the program, move the keyring to an encrypted volume of its own without snapshots (ext4 or XFS), and set "
    "PEERSUPPORT_KEYRING."
)
_FRONT = lazy("Correct the proxy in front of the program.")

# By check and code: what is said, and what to do. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("version", OK): (lazy("Version %(version)s, fingerprint %(fingerprint)s."), ""),
    ("settings", OK): (lazy("All settings are there and can be used."), ""),
    ("settings", "demo"): (lazy("The demo has no settings of its own."), ""),
    ("settings", "missing"): (lazy("%(name)s isn't set."), lazy("Set it in settings.env. See docs/settings.md.")),
    ("settings", "host_secret"): (
        lazy("PEERSUPPORT_HOST_SECRET is shorter than %(number)s characters, or has a comma."),
        lazy("If the program ran with another one before, put that back; otherwise: openssl rand -base64 40"),
    ),
    ("settings", "secret_key"): (
        lazy("PEERSUPPORT_SECRET_KEY is shorter than %(number)s characters, so it might be guessed."),
        lazy("Replace it: python manage.py rotate SECRET_KEY"),
    ),
    ("settings", "time_zone"): (lazy("There is no time zone “%(zone)s”."), lazy("timedatectl list-timezones")),
    ("settings", "proxy_count"): (lazy("PEERSUPPORT_PROXY_COUNT is no whole number."), _EDIT),
    ("settings", "plain_http"): (
        lazy("The site's address begins with http://: this is a trial, and anybody on the network can read along."),
        lazy("Before real use, make a home with an https:// address."),
    ),
    ("settings", "mail_files"): (
        lazy("Mails are written to files and go to nobody."),
        lazy("Before real use, set PEERSUPPORT_EMAIL_URL to your mail server."),
    ),
    ("settings", "unknown"): (
        lazy("%(name)s is set, but the program has no such setting."),
        lazy("Compare its spelling with docs/settings.md, or remove it."),
    ),
    ("database", OK): (lazy("The database answers."), ""),
    ("migrations", OK): (lazy("The tables fit this version."), ""),
    ("migrations", "pending"): (
        lazy("The tables don't fit this version. Steps to do: %(number)s."),
        lazy("python manage.py upgrade"),
    ),
    ("keyring", OK): (lazy("The keyring can be used, and belongs to this database."), ""),
    ("modes", OK): (lazy("Nobody but the program's own user can read its secrets."), ""),
    ("modes", "open"): (
        lazy("%(path)s can be used by other users of this machine (mode %(mode)s)."),
        "chmod %(wanted)s %(path)s",
    ),
    ("modes", "owner"): (
        lazy("%(path)s belongs to user %(owner)s, and the home to user %(wanted)s."),
        "chown %(wanted)s %(path)s",
    ),
    ("keys", OK): (lazy("Every row has its key, and every key its row."), ""),
    ("keys", "without_row"): (
        lazy("Keys that no row of this database names, though they are old enough: %(number)s."),
        lazy("A regular task destroys them each half hour. If they stay, check that the worker is running."),
    ),
    ("keys", "without_key"): (
        lazy("Rows of %(table)s whose key isn't in the keyring, so that nobody can open them: %(number)s."),
        lazy("If shred/ was replaced or isn't mounted, put the right one back now. Lost keys can't be made again."),
    ),
    ("shred", OK): (lazy("What is destroyed there isn't kept elsewhere, as far as can be seen (%(mount)s)."), ""),
    ("shred", "unknown"): (
        lazy("This system doesn't tell what shred/ lies on."),
        lazy("Check it yourself: an encrypted volume of its own, without snapshots."),
    ),
    ("shred", "keeps"): (
        lazy("shred/ lies on %(type)s (%(mount)s), which keeps earlier states of a file: destroyed keys may remain."),
        _MOVE_SHRED,
    ),
    ("shred", "remote"): (
        lazy("shred/ lies on %(type)s (%(mount)s). Nobody here can tell what that keeps."),
        _MOVE_SHRED,
    ),
    ("shred", "memory"): (
        lazy("shred/ lies in memory (%(mount)s): a restart of this machine loses every open request."),
        _MOVE_SHRED,
    ),
    ("shred", "journal"): (
        lazy("The file system of shred/ (%(mount)s) writes data to its journal, which keeps destroyed keys."),
        lazy("Mount it with data=ordered."),
    ),
    ("shred", "snapshot"): (
        lazy("The volume of shred/ (%(mount)s) has an LVM snapshot, which keeps destroyed keys."),
        lazy("Remove it: lvs, then lvremove. And take that volume out of whatever makes snapshots."),
    ),
    ("shred", "same_volume"): (
        lazy("shred/ lies on the same volume as the database (%(mount)s): one copy of it holds rows and keys."),
        _MOVE_SHRED,
    ),
    ("shred", "unencrypted"): (
        lazy("The volume of shred/ (%(mount)s) isn't encrypted, as far as can be seen from here."),
        lazy("If the disk or the host below encrypts it, this is fine. Otherwise use a LUKS volume."),
    ),
    ("shred", "inline_data"): (
        lazy("Only root can see whether ext4 keeps small files in its inodes there (inline_data)."),
        "dumpe2fs -h %(device)s | grep inline_data",
    ),
    ("swap", OK): (lazy("Nothing in memory is swapped to an unencrypted disk."), ""),
    ("swap", "unencrypted"): (
        lazy("Memory can be swapped to %(name)s, which isn't encrypted as far as can be seen: keys may remain there."),
        lazy("Turn it off (swapoff %(name)s, and /etc/fstab), or encrypt it."),
    ),
    ("statistics", OK): (lazy("The open year can be counted."), ""),
    ("on_call", OK): (lazy("The on-call schedule can be read."), ""),
    ("requests", OK): (lazy("All can be opened and verified."), ""),
    ("worker", OK): (lazy("The worker is running."), ""),
    ("rounds", OK): (lazy("None of them is late (%(number)s)."), ""),
    ("rounds", "late"): (
        lazy("%(task)s last ran well at %(at)s, and should have since."),
        lazy("Look in the log for its error."),
    ),
    ("rounds", "never"): (lazy("%(task)s has never run well."), lazy("Look in the log for its error.")),
    ("rounds", "none"): (
        lazy("None of them is running. The last run: %(at)s."),
        lazy("Start the program, or look at the schedule's clock: a schedule file from the future silences it."),
    ),
    ("notices", OK): (lazy("No notice is waiting."), ""),
    ("notices", "waiting"): (lazy("Notices that wait for their time: %(number)s."), ""),
    ("notices", "many"): (
        lazy("Notices that wait, and that nobody has tried to send: %(number)s."),
        lazy("Check that the worker is running."),
    ),
    ("notices", "tried"): (
        lazy(
            "Notices that wait: %(number)s. At least one couldn't be sent, and has waited %(minutes)s minutes or more."
        ),
        lazy("Check the mail server and the phone alert services below."),
    ),
    ("mails", OK): (lazy("No e-mail is waiting."), ""),
    ("mails", "waiting"): (lazy("E-mails that wait to be sent: %(number)s."), ""),
    ("mails", "many"): (
        lazy("E-mails that wait, and that nobody has tried to send: %(number)s."),
        lazy("Check that the worker is running."),
    ),
    ("mails", "tried"): (
        lazy("E-mails that wait: %(number)s. At least one couldn't be sent."),
        lazy("Check the mail server below."),
    ),
    ("clock", OK): (lazy("The clock is set by a time service."), ""),
    ("clock", "unknown"): (lazy("This system doesn't tell whether its clock is right."), ""),
    ("clock", "unsynchronized"): (
        lazy("No time service sets this machine's clock."),
        "timedatectl set-ntp true",
    ),
    ("clock", "database"): (
        lazy("The database server's clock differs from this one by %(seconds)s seconds."),
        lazy("Set both by a time service."),
    ),
    ("disk", OK): (lazy("There is room on every volume."), ""),
    ("disk", "full"): (
        lazy("The volume of %(path)s is full (%(megabytes)s MB free)."),
        lazy("Make room there now: no request can be saved."),
    ),
    ("disk", "little"): (
        lazy("The volume of %(path)s has little room left (%(megabytes)s MB)."),
        lazy("Make room there, or enlarge it."),
    ),
    ("disk", "inodes"): (
        lazy("The volume of %(path)s can hold only %(number)s more files."),
        lazy("Remove small files there, or make it anew with more inodes."),
    ),
    ("backup", OK): (lazy("The last backup was made at %(at)s."), ""),
    ("backup", "no_key"): (lazy("There is no backup key."), "python manage.py setup"),
    ("backup", "never"): (
        lazy("No backup was ever made."),
        lazy("python manage.py backup --to FILE, each night, and FILE.lasting to another place than FILE."),
    ),
    ("backup", "old"): (
        lazy("The last backup was made at %(at)s."),
        lazy("Look at what should run `python manage.py backup` each night."),
    ),
    ("backup", "together"): (
        lazy("Both files of the last backup still lie together on this machine: %(path)s and its .lasting."),
        lazy("Move them to two other places: who has both, and the backup's key, has everything."),
    ),
    ("nginx", OK): (lazy("nginx is installed."), ""),
    ("nginx", "missing"): (
        lazy("nginx isn't installed: a few stalled connections can silence the site."),
        lazy("apt install nginx, or put a proxy in front that reads whole requests before it passes them on."),
    ),
    ("core_dumps", OK): (lazy("They are off: no crash writes memory to a file."), ""),
    ("core_dumps", "on"): (
        lazy("Processes that may write their memory to a file when they crash: %(number)s."),
        lazy("Start the program with `python manage.py serve`, or with LimitCORE=0 in its systemd unit."),
    ),
    ("audit", OK): (lazy("The chain is whole. Its head: %(head)s."), ""),
    ("audit", "broken"): (
        lazy("Entries were changed, removed or added. The chain's head: %(head)s."),
        "python manage.py verify_audit",
    ),
    ("address", OK): (lazy("%(site)s leads here, and what arrives fits the settings."), ""),
    ("address", "no_answer"): (
        lazy("%(site)s doesn't answer from this machine."),
        lazy("Start the program; then check name, firewall and proxy."),
    ),
    ("address", "certificate"): (
        lazy("The certificate of %(site)s can't be verified from here."),
        lazy("Renew it, with its whole chain."),
    ),
    ("address", "refused"): (
        lazy("The program refuses what arrives from %(site)s: the proxy names another host."),
        lazy("Let the proxy pass the Host header on, or set PEERSUPPORT_HOSTS."),
    ),
    ("address", "other_answer"): (lazy("%(site)s gives another answer than the program would."), _FRONT),
    ("address", "other_program"): (
        lazy("%(site)s answers, but not by this installation: another one, an older version, or one with another key."),
        lazy("Check where the name leads, and restart the program."),
    ),
    ("address", "scheme"): (
        lazy("A call by %(wanted)s:// arrives as %(arrived)s://, so forms are refused."),
        lazy("Let the proxy set X-Forwarded-Proto."),
    ),
    ("address", "host"): (
        lazy("A call of %(wanted)s arrives as %(arrived)s, so forms are refused."),
        lazy("Let the proxy pass the Host header on, with its port."),
    ),
    ("address", "too_few"): (
        lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: nobody can sign in."
        ),
        lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "too_many"): (
        lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: wrong passwords of "
            "everybody are counted as one client's."
        ),
        lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "origin"): (
        lazy("A proxy changes the Origin header (it arrives as “%(arrived)s”), so forms may be refused."),
        lazy("Let it pass Origin and Sec-Fetch-Site on. A Referrer-Policy of no-referrer does the same in browsers."),
    ),
    ("address", "fetch_site"): (
        lazy("A proxy removes the Sec-Fetch-Site header."),
        lazy("Let it pass on what browsers send."),
    ),
    ("address", "older_code"): (
        lazy("Another version is running (%(running)s) than lies on this disk (%(disk)s)."),
        lazy("Restart the program."),
    ),
    ("phone_alerts", OK): (lazy("Every service in use can be reached (%(number)s)."), ""),
    ("phone_alerts", "none"): (lazy("Nobody has set a phone alert."), ""),
    ("phone_alerts", "unreachable"): (
        lazy("%(service)s can't be reached within five seconds."),
        lazy("Allow outgoing connections to it (port 443), or wait until it is back."),
    ),
    ("phone_alerts", "unreadable"): (
        lazy("Phone alerts whose address can't be used: %(number)s."),
        lazy("Their owners have to set them again. Was lasting/ restored from an older backup?"),
    ),
    ("mail", OK): (lazy("The mail server lets the program in."), ""),
    ("mail", "files"): (lazy("Mails go to files."), ""),
    ("mail", "refused"): (
        lazy("The mail server %(host)s can't be used (%(error)s)."),
        lazy("Check PEERSUPPORT_EMAIL_URL, and that this machine may connect to it."),
    ),
    ("mail", "not_sent"): (
        lazy("The mail server took no mail to the operators (%(error)s)."),
        lazy("Check PEERSUPPORT_FROM_EMAIL, and whether the server lets this machine send."),
    ),
    ("mail", "sent"): (
        lazy("A test mail was sent to each operator (%(number)s)."),
        lazy("Look whether it arrived, and not among the spam."),
    ),
    ("mail", "no_operator"): (lazy("No operator has an account, so no test mail was sent."), "python manage.py setup"),
}


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
    return sentence.rstrip(".") + ".", str(remedy) % finding.values


def _sentences(finding: Finding) -> "tuple[StrOrPromise, StrOrPromise]":
    key = (finding.check, finding.code)
    if finding.code == "not_done":
        return lazy("This couldn't be checked (%(error)s)."), _NOT_LOST
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
