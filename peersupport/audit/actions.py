import re

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.sealing import keyring

from . import chain, head_file, queries, remembered
from .models import Entry, Link

# Codes and numbers only: no space, no "@", no capital letter, so that no name or address fits.
_ACTION = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ABOUT = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_-]+)*")
_MAX_ABOUT_LENGTH = 80


def record(*, action: str, by: int | None, about: str = "") -> None:
    """Record what was done on the team plane, in the caller's transaction.

    action: a code such as "member_designated". by: the account's id; None for a scheduled task. about: a code with a
    number or random id, such as "member:12". Raises ValueError for anything else, so that no name gets in.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError("not the code of an action")
    if about and (len(about) > _MAX_ABOUT_LENGTH or not _ABOUT.fullmatch(about)):
        raise ValueError("about is a code and a number, such as member:12")
    entry = Entry(at=timezone.now(), by_id=by, action=action, about=about)
    entry.mark = chain.new_mark(entry)
    entry.save(force_insert=True)
    remembered.look_again()


def record_restore(*, from_backup: str = "") -> bool:
    """Record that a backup was restored. Returns whether what was noted outside the database is left by that.

    from_backup: alias of the backup's database, where its audit took the place of one that is lost. If it ends before
    the noted head, the entry says which head is left, and `link_new` begins a new one.
    """
    is_left = bool(from_backup) and not queries.reaches_noted_head(from_backup)
    record(action=queries.RESTORED, by=None, about=queries.noted_head_code() if is_left else "")
    return is_left


def link_new() -> int:
    """Link the entries that aren't yet, and note the head outside the database; returns how many.

    Takes no lock that `record` waits for. Entries that the program didn't write are never linked. Raises OSError.
    """
    try:
        with transaction.atomic():
            count = len(_link_new())
    except IntegrityError:  # another process has linked them
        return 0
    if not queries.reaches_noted_head() and queries.is_noted_head_left():
        head_file.set_aside(day=timezone.localdate())
    head_file.note(queries.head(), queries.values_at(head_file.counts()), day=timezone.localdate())
    return count


def _link_new() -> list[Link]:
    key, known = keyring.lasting("audit-chain"), keyring.known("audit-chain")
    last = Link.objects.last()
    position, value = (last.position, last.value) if last else (0, chain.START)
    # What was there before there was a chain bears no mark. It is linked as found, once.
    is_as_found = last is None and not head_file.counts()
    links = []
    for entry in queries.unlinked():
        if (is_as_found and not entry.mark) or queries.is_ours(entry, known):
            position, value = position + 1, chain.link_value(key, value, position + 1, entry)
            links.append(Link(position=position, entry=entry, value=value))
    return Link.objects.bulk_create(links)
