"""The note that an officer leaves when they close: it outlives the request, sealed to one peer, and is read once."""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey

from .. import leftovers_vault, vault
from ..domain.routing import Recipient
from ..domain.states import CLOSING_NOTE_KEPT_FOR
from ..models import ClosingNote
from ..queries import members
from . import sealed_rows

log = logging.getLogger("peersupport.requests")


class NoteUnavailable(Exception):
    """The note was read, has expired, or isn't for this member."""


def add(peer: Recipient, text: str, now: datetime) -> bool:
    """Add a note, inside the transaction that erases the request; returns whether it could be left.

    It can't if the peer's key is another, or unverified, or the keyring's disk is full. Erasing goes on all the same.
    """
    key = MemberKey.objects.select_related("member").filter(pk=peer.key_id, is_retired=False).first()
    if key is None or not key.is_verified:
        return False
    try:
        note_id, key_id = uuid4(), keyring.create()
    except OSError:
        log.exception("a closing note could not be left")
        return False
    keep_until = timezone.localdate(now) + CLOSING_NOTE_KEPT_FOR
    header = leftovers_vault.ClosingNoteHeader(peer.member_id, key.pk, keep_until)
    try:
        row_key = vault.row_key(note_id, key_id)
        body = leftovers_vault.seal_closing_note(row_key, bytes(key.public_key), header, text)
    except ValueError:  # a damaged key of the peer must not keep the officer from closing
        log.error("a member's key is damaged, so nothing can be sealed to it")
        return False
    ClosingNote.objects.create(id=note_id, key_id=key_id, body=body)
    return True


def read(*, member: Member, note_id: UUID, private_key: bytes) -> tuple[str, str]:
    """Read a note, once: the text, and the id of its key. Raises NoteUnavailable."""
    with transaction.atomic():
        row = ClosingNote.objects.select_for_update().filter(pk=note_id).first()
        if row is None or note_id not in members.closing_notes_for(member):
            raise NoteUnavailable
        try:
            row_key = vault.row_key(row.id, row.key_id)
            text = leftovers_vault.open_closing_note(row_key, private_key, bytes(row.body))
        except envelope.CannotOpen as error:  # sealed to a key that this member no longer has
            raise NoteUnavailable from error
        sealed_rows.delete(row)
    return text, row.key_id


def delete_expired(now: datetime) -> None:
    """Delete the notes whose time is over, and those that nobody can open any more."""
    today = timezone.localdate(now)

    def is_expired(row: ClosingNote) -> bool | None:
        header = members.unseal_closing_note_header(row)
        if header is None:
            return None
        return header.keep_until < today or not members.is_current_key(header.key_id)

    sealed_rows.delete_where(ClosingNote, is_expired, kept_for=CLOSING_NOTE_KEPT_FOR + timedelta(days=1), now=now)
