"""How the machine is, as the operator reads it on their home."""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import with_number
from peersupport.core.todo import Todo
from peersupport.notices.domain.channels import Channel

# By part and code of health.report().
HEALTH_LABELS = {
    ("database", "unreachable"): gettext_lazy("The database isn't answering"),
    ("keyring", "unreachable"): gettext_lazy("The keyring can't be reached"),
    ("keyring", "read-only"): gettext_lazy("The keyring can't be written to"),
    ("worker", "silent"): gettext_lazy("The worker isn't running: no notice goes out, and no request is passed on"),
    ("statistics", "key_missing"): gettext_lazy("The key of an open year is missing from the keyring"),
    ("statistics", "damaged"): gettext_lazy("The sealed counters of an open year are damaged"),
    ("statistics", "other_lists"): gettext_lazy("An open year was started with different lists than today's"),
    ("on_call", "unreadable"): gettext_lazy("The on-call schedule can't be read, so no request reaches anyone"),
}


def health_todos(
    problems: Collection[tuple[str, str]], stuck: Mapping[Channel, int], unverified_keys: int, unreadable_requests: int
) -> Iterator[Todo]:
    """What is broken, or that nothing is. problems: parts and codes. stuck: how many notices of a channel can't leave.

    A source of the home, see dashboard.queries.sources.register.
    """
    for part, code in problems:
        yield Todo(str(HEALTH_LABELS.get((part, code), f"{part}: {code}")), needs_attention=True)
    if stuck[Channel.MAIL]:
        text = ngettext("%(number)s notice can't be sent", "%(number)s notices can't be sent", stuck[Channel.MAIL])
        yield _attention(text, stuck[Channel.MAIL], _("Check the mail server"))
    if stuck[Channel.PHONE]:
        text = ngettext(
            "%(number)s phone alert can't be sent", "%(number)s phone alerts can't be sent", stuck[Channel.PHONE]
        )
        detail = _("Their e-mails are going out. Is a firewall blocking the service?")
        yield _attention(text, stuck[Channel.PHONE], detail)
    if unverified_keys:
        text = ngettext(
            "%(number)s member's confirmed key doesn't verify",
            "%(number)s members' confirmed keys don't verify",
            unverified_keys,
        )
        detail = _(
            "They get no new requests until a coordinator confirms their keys again. If no earlier version confirmed "
            "them, and the host secret wasn't replaced without signing again, somebody changed the database."
        )
        yield _attention(text, unverified_keys, detail)
    if unreadable_requests:
        text = ngettext(
            "%(number)s open request can't be opened",
            "%(number)s open requests can't be opened",
            unreadable_requests,
        )
        detail = _("Either the database is damaged or was changed, or this server has another host secret than before.")
        yield _attention(text, unreadable_requests, detail)
    if not problems and not any(stuck.values()) and not unverified_keys and not unreadable_requests:
        yield Todo(_("Everything is running"), _("Nothing to do"))


def _attention(text: str, number: int, detail: str) -> Todo:
    return Todo(with_number(text, number), detail, needs_attention=True)
