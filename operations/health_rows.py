"""What the operator's home says of health."""

from collections.abc import Iterator
from datetime import date

from dashboard.queries.home import Row
from peersupport.core.plurals import counted
from peersupport.notices import queries as notices
from peersupport.notices.domain.channels import Channel

from . import health

HEALTH_IN_WORDS = {
    ("database", "unreachable"): "The database does not answer",
    ("keyring", "unreachable"): "The keyring cannot be reached",
    ("keyring", "read-only"): "The keyring cannot be written to",
    ("worker", "silent"): "The worker is silent: no notice leaves, no request is handed on",
    ("statistics", "key_missing"): "The key of an open year is missing from the keyring",
    ("statistics", "damaged"): "The sealed counters of an open year are damaged",
    ("on_call", "unreadable"): "Who is on call cannot be worked out: no request finds anybody",
}


def health_rows(today: date) -> Iterator[Row]:
    report = health.report()
    for part, code in report.items():
        for each in code.split(", "):
            if each != health.OK:
                yield Row(HEALTH_IN_WORDS.get((part, each), f"{part}: {each}"), is_warm=True)
    stuck = {channel: notices.stuck(channel).count() for channel in Channel}
    if stuck[Channel.MAIL]:
        words = f"{counted(stuck[Channel.MAIL], 'notice', 'notices')} cannot leave"
        yield Row(words.capitalize(), "Look at the mail server", is_warm=True)
    if stuck[Channel.BELL]:
        words = f"{counted(stuck[Channel.BELL], 'telephone', 'telephones')} cannot be rung"
        yield Row(words.capitalize(), "Their e-mails leave. Is a service blocked by the firewall?", is_warm=True)
    if health.is_well(report) and not any(stuck.values()):
        yield Row("Database, keyring and worker are well", "Nothing for you to do")
