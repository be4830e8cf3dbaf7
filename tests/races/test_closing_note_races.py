"""A closing note and feedback, when two press at the same moment."""

import pytest

from peersupport.team.models import Member
from requests_app.actions import closing_note, officer, peer
from requests_app.models import ClosingNote, Request
from stats.actions import open_current_year
from tests.cast import private_key_of
from tests.races.test_request_races import ROUNDS, Step, errors, race_each
from tests.requests_app.conftest import submit_request
from tests.requests_app.test_closing_note import helped_count

pytestmark = pytest.mark.django_db(transaction=True)
CLOSING = {"note": "thank you", "feedback": "helped_again"}


def test_double_closing_leaves_one_note_and_one_count_and_double_reading_reads_once(ana: Member) -> None:
    open_current_year()
    before, private_key = helped_count(), private_key_of("Ana Alvarez")
    contacts = []
    for _ in ROUNDS:
        contacts.append(submit_request())
        peer.accept(member=ana, request_id=contacts[-1].unsealed.id, private_key=private_key)
        Member.objects.filter(pk=ana.pk).update(cap=len(contacts) + 1)

    def closing(creds: object) -> Step:
        return lambda: officer.close(creds=creds, **CLOSING)

    def reading(note_id: object) -> Step:
        return lambda: closing_note.read(member=ana, note_id=note_id, private_key=private_key)

    for closed in race_each(*([closing(submitted.credentials) for submitted in contacts] for _ in range(2))):
        assert sorted(map(str, errors(closed))) == ["None", "RequestUnavailable"]
    assert not Request.objects.exists() and helped_count() == before + len(contacts)
    note_ids = list(ClosingNote.objects.values_list("pk", flat=True))
    assert len(note_ids) == len(contacts)
    for read in race_each(*([reading(note_id) for note_id in note_ids] for _ in range(2))):
        assert sorted(map(str, errors(read))) == ["None", "NoteUnavailable"]
    assert not ClosingNote.objects.exists()
