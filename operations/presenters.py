"""How the machine is, as the operator reads it on their home."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.core.plurals import counted
from peersupport.core.todo import Todo
from peersupport.notices import queries as notices
from peersupport.notices.domain.channels import Channel

from . import health

# By part and code of health.report().
HEALTH_LABELS = {
    ("database", "unreachable"): gettext_lazy("The database does not answer"),
    ("keyring", "unreachable"): gettext_lazy("The keyring cannot be reached"),
    ("keyring", "read-only"): gettext_lazy("The keyring cannot be written to"),
    ("worker", "silent"): gettext_lazy("The worker is silent: no notice leaves, no request is handed on"),
    ("statistics", "key_missing"): gettext_lazy("The key of an open year is missing from the keyring"),
    ("statistics", "damaged"): gettext_lazy("The sealed counters of an open year are damaged"),
    ("on_call", "unreadable"): gettext_lazy("Who is on call cannot be worked out: no request finds anybody"),
}


def health_todos(today: date) -> Iterator[Todo]:
    """What is broken, or that nothing is. A source of the home, see dashboard.presenters.home.register."""
    report = health.report()
    for part, codes in report.items():
        for code in codes.split(", "):
            if code != health.OK:
                yield Todo(HEALTH_LABELS.get((part, code), f"{part}: {code}"), needs_attention=True)
    stuck = {channel: notices.stuck(channel).count() for channel in Channel}
    if stuck[Channel.MAIL]:
        text = f"{counted(stuck[Channel.MAIL], 'notice', 'notices')} cannot leave"
        yield Todo(text.capitalize(), _("Look at the mail server"), needs_attention=True)
    if stuck[Channel.PHONE]:
        text = f"{counted(stuck[Channel.PHONE], 'telephone', 'telephones')} cannot be rung"
        yield Todo(
            text.capitalize(), _("Their e-mails leave. Is a service blocked by the firewall?"), needs_attention=True
        )
    if health.is_well(report) and not any(stuck.values()):
        yield Todo(_("Database, keyring and worker are well"), _("Nothing for you to do"))
