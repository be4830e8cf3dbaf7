"""Whether the audit log is as the program wrote it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.db.models import Exists, OuterRef, Q

from peersupport.sealing import keyring

from . import chain, head_file
from .head_file import Head
from .models import Entry, Link

AT_ONCE = 500
RESTORED = "backup_restored"


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the number of the entry; None where nobody can say which.

    changed: the entry or its link isn't as it was written. removed: its link is there and the entry isn't. added: the
    program didn't write it. gap: links were removed before this one. cut: the last ones were removed, or all were made
    anew. head: what was noted outside the database can't be read.
    """

    code: str
    entry: int | None


def head() -> Head:
    """The last link."""
    last = Link.objects.last()
    return Head(last.position, last.value) if last else Head(0, "")


def values_at(positions: Iterable[int], using: str = DEFAULT_DB_ALIAS) -> dict[int, str]:
    """The values of the links at these positions, where there are any, in hexadecimal."""
    return dict(Link.objects.using(using).filter(position__in=list(positions)).values_list("position", "value"))


def reaches_noted_head(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the chain of this database has all that was noted. Raises OSError, and ValueError for a damaged file."""
    heads = head_file.noted().values()
    values = values_at((head.count for head in heads), using)
    return all(values.get(head.count) == head.value for head in heads)


def noted_head_code() -> str:
    """The last head that was noted, as an entry can name it. Raises as `reaches_noted_head`."""
    last = max(head_file.noted().values(), key=lambda head: head.count)
    return f"head:{last.count}:{last.value[:32]}"


def is_noted_head_left() -> bool:
    """Whether a restore has written that it left the head that was noted: nobody else can, without the keyring."""
    keys = keyring.known("audit-chain")
    entries = Entry.objects.filter(action=RESTORED, about=noted_head_code())
    return any(chain.is_marked(entry, keys) for entry in entries)


def unlinked() -> list[Entry]:
    """In order. A transaction that commits later may add one with a smaller number."""
    rows = Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk"))))
    return list(_entries(sorted(rows.values_list("pk", flat=True))).values())


def verify() -> list[Problem]:
    """Everything that is wrong with the audit log; raises OSError where the keyring can't be read."""
    keys = keyring.known("audit-chain")
    unmarked = [Problem("added", entry.pk) for entry in unlinked() if not _is_to_be_linked(entry, keys)]
    return [*_wrong_links(keys), *unmarked, *_wrong_heads()]


def is_ours(entry: Entry, keys: tuple[bytes, ...]) -> bool:
    """Whether the program wrote this entry that isn't linked: its content bears out its mark, and it is no copy."""
    same = Entry.objects.filter(mark=entry.mark).exclude(pk=entry.pk)
    is_copy = same.filter(Q(pk__lt=entry.pk) | Exists(Link.objects.filter(entry=OuterRef("pk")))).exists()
    return chain.is_marked(entry, keys) and not is_copy


def _is_to_be_linked(entry: Entry, keys: tuple[bytes, ...]) -> bool:
    return is_ours(entry, keys) or (not entry.mark and head().count == 0 and not head_file.counts())


def _wrong_links(keys: tuple[bytes, ...]) -> Iterator[Problem]:
    position, value = 0, chain.START
    for link, entry in _links():
        if link.position != position + 1:
            yield Problem("gap", link.entry_id)
        elif entry is not None and not chain.is_linked(link.value, value, link.position, entry, keys):
            yield Problem("changed", link.entry_id)
        if entry is None:
            yield Problem("removed", link.entry_id)
        position, value = link.position, link.value


def _links() -> Iterator[tuple[Link, Entry | None]]:
    """Each link with its entry, in order; not all in memory at once."""
    links = list(Link.objects.all()[:AT_ONCE])
    while links:
        entries = _entries([link.entry_id for link in links])
        for link in links:
            yield link, entries.get(link.entry_id)
        links = list(Link.objects.filter(position__gt=links[-1].position)[:AT_ONCE])


def _entries(numbers: list[int]) -> dict[int, Entry]:
    """By number. One that can't be read, such as with a time that is none, is as empty as no entry ever was."""
    try:
        found = Entry.objects.in_bulk(numbers)
        return {number: found[number] for number in numbers if number in found}
    except (ValueError, TypeError, OperationalError):
        if len(numbers) == 1:
            return {numbers[0]: Entry(pk=numbers[0])}
        half = len(numbers) // 2
        return _entries(numbers[:half]) | _entries(numbers[half:])


def _wrong_heads() -> list[Problem]:
    try:
        return [] if reaches_noted_head() else [Problem("cut", None)]
    except (OSError, ValueError):
        return [Problem("head", None)]
