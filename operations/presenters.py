"""How the machine is, as the operator reads it on their home."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    ("keyring", "another_host_secret"): gettext_lazy("The host secret isn't the one this keyring was used with"),
    ("keyring", "read-only"): gettext_lazy("The keyring can't be written to"),
    ("worker", "silent"): gettext_lazy("The worker isn't running: no notice goes out, and no request is passed on"),
    ("statistics", "key_missing"): gettext_lazy("The key of an open year is missing from the keyring"),
    ("statistics", "damaged"): gettext_lazy("The sealed counters of an open year are damaged"),
    ("statistics", "other_lists"): gettext_lazy("An open year was started with different lists than today's"),
    ("on_call", "unreadable"): gettext_lazy("The on-call schedule can't be read, so no request reaches anyone"),
}


def health_todos(health: "Health") -> list[Todo]:
    """What is broken, or that nothing is. A source of the home, see dashboard.queries.sources.register."""
    broken = [
        *_problems(health.problems),
        *_stuck_notices(health.stuck_notices),
        *_unverified_keys(health.unverified_keys),
        *_unreadable_requests(health.unreadable_requests),
    ]
    return broken or [Todo(_("Everything is running"), _("Nothing to do"))]


def _problems(problems: Collection[tuple[str, str]]) -> Iterator[Todo]:
    for part, code in problems:
        yield Todo(str(HEALTH_LABELS.get((part, code), f"{part}: {code}")), needs_attention=True)


def _stuck_notices(stuck: Mapping[Channel, int]) -> Iterator[Todo]:
    if mails := stuck[Channel.MAIL]:
        text = ngettext("%(number)s notice can't be sent", "%(number)s notices can't be sent", mails)
        yield _attention(text, mails, _("Check the mail server"))
    if alerts := stuck[Channel.PHONE]:
        text = ngettext("%(number)s phone alert can't be sent", "%(number)s phone alerts can't be sent", alerts)
        yield _attention(text, alerts, _("Their e-mails are going out. Is a firewall blocking the service?"))


def _unverified_keys(number: int) -> Iterator[Todo]:
    if number:
        text = ngettext(
            "%(number)s member's confirmed key doesn't verify",
            "%(number)s members' confirmed keys don't verify",
            number,
        )
        detail = _("They get no new requests until a coordinator confirms their keys again.")
        yield _attention(text, number, " ".join([detail, why_unverified()]))


def _unreadable_requests(number: int) -> Iterator[Todo]:
    if number:
        text = ngettext("%(number)s open request can't be opened", "%(number)s open requests can't be opened", number)
        detail = _("Either the database is damaged or was changed, or this server has another host secret than before.")
        yield _attention(text, number, detail)


def _attention(text: str, number: int, detail: str) -> Todo:
    return Todo(with_number(text, number), detail, needs_attention=True)
