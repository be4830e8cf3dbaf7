"""How the machine is, as the operator reads it on their home and on the page of all checks (doctor/presenters.py)."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from operations import command_line
from peersupport.core.plurals import with_number
from peersupport.core.todo import Todo
from peersupport.notices.domain.channels import Channel
from peersupport.team.presenters.members import why_unverified

if TYPE_CHECKING:
    from .health import Health

# By part and code of health.report().
HEALTH_LABELS = {
    ("database", "unreachable"): gettext_lazy("The database isn't answering"),
    ("keyring", "unreachable"): gettext_lazy("The keyring can't be reached"),
    ("keyring", "another_host_secret"): gettext_lazy(
        "Keyring and host secret don't belong together: one of them is another installation's, or an earlier one"
    ),
    ("keyring", "another_keyring"): gettext_lazy("This keyring belongs to another installation than the database"),
    ("keyring", "read-only"): gettext_lazy("The keyring can't be written to"),
    ("room", "full"): gettext_lazy("A disk is full, so nothing can be saved"),
    ("worker", "silent"): gettext_lazy("The worker isn't running: no notice goes out, and no request is passed on"),
    ("statistics", "key_missing"): gettext_lazy("The key of an open year is missing from the keyring"),
    ("statistics", "damaged"): gettext_lazy("The sealed counters of an open year are damaged"),
    ("statistics", "other_lists"): gettext_lazy("An open year was started with different lists than today's"),
    ("on_call", "unreadable"): gettext_lazy("The on-call schedule can't be read, so no request reaches anyone"),
    ("stored", "full"): gettext_lazy("As many requests are stored as may be, so no other is taken"),
}
# What to do about each.
HEALTH_REMEDIES = {
    ("database", "unreachable"): gettext_lazy("Start the database, and check PEERSUPPORT_DATABASE_URL."),
    ("keyring", "unreachable"): gettext_lazy(
        "Mount its volume. If it is mounted, check PEERSUPPORT_KEYRING and who owns it."
    ),
    ("keyring", "another_host_secret"): gettext_lazy(
        "Mount this installation's own keyring. If it is that one, put the secret that it was used with into "
        "PEERSUPPORT_HOST_SECRET. Then restart."
    ),
    ("keyring", "another_keyring"): gettext_lazy(
        "Mount this installation's own keyring. Until then nothing is taken or destroyed. Only if it is lost for good: "
        "%(manage)s make_keyring --adopt"
    ),
    ("keyring", "read-only"): gettext_lazy("Mount its volume for writing, and check who owns it."),
    ("room", "full"): gettext_lazy("Make room there: %(manage)s doctor says which it is."),
    ("worker", "silent"): gettext_lazy("Start it: %(manage)s serve"),
    ("statistics", "key_missing"): gettext_lazy("Put the right shred/ back. If the key is lost, open the year anew."),
    ("statistics", "damaged"): gettext_lazy("If it isn't the wrong keyring, the year has to be opened anew."),
    ("statistics", "other_lists"): gettext_lazy("Go back to the version with which the year was opened until it ends."),
    ("on_call", "unreadable"): gettext_lazy("Look in the log for its error."),
    ("stored", "full"): gettext_lazy(
        "Look at the disk, then set PEERSUPPORT_MAX_OPEN_REQUESTS higher, and tell the coordinator."
    ),
}
HEALTH_PAGE = "operations:health"


def health_todos(health: "Health", others: int = 0) -> list[Todo]:
    """What is broken, or that nothing is. A source of the home, see dashboard.queries.sources.register.

    others: how many more things the page of all checks has to see to.
    """
    broken = [
        *_problems(health.problems),
        *(_attention(*stuck(channel, number)) for channel, number in health.stuck_notices.items() if number),
    ]
    if health.unverified_keys:
        broken.append(_attention(*unverified_keys(health.unverified_keys)))
    if health.unreadable_requests:
        broken.append(_attention(*unreadable_requests(health.unreadable_requests)))
    if broken:
        return broken
    return [Todo(_("Everything is running"), _others(others), reverse(HEALTH_PAGE), _("Health"))]


def _others(number: int) -> str:
    if not number:
        return _("Nothing to do")
    text = ngettext("%(number)s thing to see to, when you can", "%(number)s things to see to, when you can", number)
    return with_number(text, number)


def _problems(problems: Collection[tuple[str, str]]) -> Iterator[Todo]:
    for part, code in problems:
        text = str(HEALTH_LABELS.get((part, code), f"{part}: {code}"))
        yield _attention(text, remedy_of(part, code))


def remedy_of(part: str, code: str) -> str:
    return str(HEALTH_REMEDIES.get((part, code), "")) % {"manage": command_line.manage()}


def stuck(channel: Channel, number: int) -> tuple[str, str]:
    """What can't be sent, and what to do."""
    if channel is Channel.MAIL:
        text = ngettext("%(number)s notice can't be sent", "%(number)s notices can't be sent", number)
        return with_number(text, number), _("Check the mail server")
    text = ngettext("%(number)s phone alert can't be sent", "%(number)s phone alerts can't be sent", number)
    return with_number(text, number), _("Their e-mails are going out. Is a firewall blocking the service?")


def unverified_keys(number: int) -> tuple[str, str]:
    text = ngettext(
        "%(number)s member's confirmed key doesn't verify",
        "%(number)s members' confirmed keys don't verify",
        number,
    )
    detail = _("They get no new requests until a coordinator confirms their keys again.")
    return with_number(text, number), " ".join([detail, why_unverified()])


def unreadable_requests(number: int) -> tuple[str, str]:
    text = ngettext("%(number)s open request can't be opened", "%(number)s open requests can't be opened", number)
    detail = _("Either the database is damaged or was changed, or this server has another host secret than before.")
    return with_number(text, number), detail


def _attention(text: str, detail: str) -> Todo:
    return Todo(text, detail, reverse(HEALTH_PAGE), _("Health"), needs_attention=True)
