"""The sealed rows that outlive a request or have none: pending tallies, closing notes, consultations."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from peersupport.sealing import envelope
from peersupport.sealing.envelope import CannotOpen

from . import format_1
from .domain import stored_json
from .domain.consultation import ConsultationRequest
from .domain.tally import UncountedContact
from .vault import (
    CLOSING_NOTE,
    CLOSING_NOTE_SIZE,
    CONSULTATION,
    PENDING_TALLY,
    ContentKey,
    RowKey,
    open_content,
    open_key,
    open_outer,
    parse,
    seal_content,
    seal_key_to,
    seal_outer,
)

NOTE_TEXT = "closing note text"


@dataclass(frozen=True)
class ClosingNoteHeader:
    """The member a closing note is for and the member key it is sealed to. keep_until: the last day it is kept."""

    member_id: int
    key_id: int
    keep_until: date


def seal_pending_tally(row: RowKey, tally: UncountedContact) -> bytes:
    return seal_outer(row, PENDING_TALLY, tally.to_bytes())


def open_pending_tally(row: RowKey, sealed: bytes) -> UncountedContact:
    return parse(lambda data: UncountedContact.from_bytes(data, row.id), open_outer(row, PENDING_TALLY, sealed))


def seal_consultation(row: RowKey, consultation: ConsultationRequest) -> bytes:
    return seal_outer(row, CONSULTATION, consultation.to_bytes())


def open_consultation(row: RowKey, sealed: bytes) -> ConsultationRequest:
    return parse(lambda data: ConsultationRequest.from_bytes(data, row.id), open_outer(row, CONSULTATION, sealed))


def seal_closing_note(row: RowKey, public_key: bytes, header: ClosingNoteHeader, text: str) -> bytes:
    """Seal the text to this member's key alone; the program itself can open the header around it."""
    note_key = envelope.new_key()
    inner = seal_content(ContentKey(row, note_key), NOTE_TEXT, text.encode(), CLOSING_NOTE_SIZE)
    sealed_key = seal_key_to(public_key, note_key, row.id, CLOSING_NOTE)
    outer = stored_json.to_bytes([header.member_id, header.key_id, header.keep_until.isoformat(), sealed_key])
    return seal_outer(row, CLOSING_NOTE, outer.ljust(256) + inner)


def open_closing_note_header(row: RowKey, sealed: bytes) -> ClosingNoteHeader:
    header, __ = parse(_closing_note_header, open_outer(row, CLOSING_NOTE, sealed)[:256])
    return header


def open_closing_note(row: RowKey, private_key: bytes, sealed: bytes) -> str:
    outer = open_outer(row, CLOSING_NOTE, sealed)
    __, sealed_key = parse(_closing_note_header, outer[:256])
    note_key = open_key(private_key, sealed_key, row.id, CLOSING_NOTE)
    with suppress(CannotOpen):
        return open_content(ContentKey(row, note_key), NOTE_TEXT, outer[256:]).decode()
    return format_1.open_content(row.id, row.shred_key, note_key, CLOSING_NOTE, outer[256:]).decode()


def _closing_note_header(data: bytes) -> tuple[ClosingNoteHeader, str]:
    """The header, and the note's own key, sealed to the member."""
    member_id, key_id, keep_until, sealed_key = json.loads(data)
    return ClosingNoteHeader(member_id, key_id, date.fromisoformat(keep_until)), sealed_key
