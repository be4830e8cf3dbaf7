"""The word that an officer leaves when they close: it outlives the request, sealed to one peer, and is read once."""

import logging
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, MemberKey

from .. import vault
from ..domain.routing import Place
from ..domain.states import LAST_WORD_WAITS
from ..models import ClosingNote
from ..queries import members
from .sweep_rows import drop, drop_where
from .transitions import Gone

log = logging.getLogger("peersupport.requests")


def leave_last_word(peer: Place, text: str, now: datetime) -> None:
    """Inside the transaction that erases the request. A peer who has another key since is left nothing."""
    key = MemberKey.objects.filter(pk=peer.key_id, is_retired=False).first()
    if key is None:
        return
    word_id, key_id = uuid4(), keyring.create()
    drop_on = timezone.localdate(now) + LAST_WORD_WAITS
    left = vault.Left(peer.member_id, key.pk, drop_on)
    try:
        body = vault.seal_last_word(bytes(key.public_key), keyring.get(key_id), word_id, left, text)
    except ValueError:  # their key is damaged: that keeps nobody from closing
        log.error("a member's key is damaged, so nothing can be sealed to it")
        return
    ClosingNote.objects.create(id=word_id, key_id=key_id, body=body)


def read_last_word(*, member: Member, word_id: UUID, private_key: bytes) -> tuple[str, str]:
    """The word, which opens once, and the id of its key. Raises Gone when it was read, or is not this member's."""
    with transaction.atomic():
        row = ClosingNote.objects.select_for_update().filter(pk=word_id).first()
        if row is None or word_id not in members.last_words_for(member):
            raise Gone
        try:
            text = vault.open_last_word(private_key, keyring.get(row.key_id), row.id, bytes(row.body))
        except envelope.CannotOpen as error:  # sealed to a key this member no longer has
            raise Gone from error
        drop(row)
    return text, row.key_id


def drop_old_last_words(now: datetime) -> None:
    """Those whose week is over, and those that nobody can open any more."""
    today = timezone.localdate(now)

    def is_over(row: ClosingNote) -> bool:
        left = members.left_in(row)
        return left is None or left.drop_on < today or not members.is_in_use(left.key_id)

    drop_where(ClosingNote, is_over)
