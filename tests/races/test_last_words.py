"""A last word and an answer that counts, when two press at the same moment."""

import pytest

from peersupport.team.models import Member
from requests_app.actions import closing_note, officer, peer
from requests_app.models import ClosingNote, Request
from stats.actions import open_current_year
from tests.cast import private_key_of
from tests.races.test_requests import ROUNDS, Step, errors, race_each
from tests.requests_app.conftest import ask
from tests.requests_app.test_last_words import helped

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = {"last_word": "thank you", "feedback": "helped_again"}


def test_two_who_close_leave_one_word_and_one_count_and_two_who_read_it_read_it_once(ana: Member) -> None:
    open_current_year()
    before, private_key = helped(), private_key_of("Ana Alvarez")
    contacts = []
    for _ in ROUNDS:
        contacts.append(ask())
        peer.accept(member=ana, request_id=contacts[-1].opened.id, private_key=private_key)
        Member.objects.filter(pk=ana.pk).update(cap=len(contacts) + 1)

    def closing(creds: object) -> Step:
        return lambda: officer.close_as_officer(creds=creds, **LEFT)

    def reading(word_id: object) -> Step:
        return lambda: closing_note.read_last_word(member=ana, word_id=word_id, private_key=private_key)

    for closed in race_each(*([closing(asked.credentials) for asked in contacts] for _ in range(2))):
        assert sorted(map(str, errors(closed))) == ["Gone", "None"]
    assert not Request.objects.exists() and helped() == before + len(contacts)
    word_ids = list(ClosingNote.objects.values_list("pk", flat=True))
    assert len(word_ids) == len(contacts)
    for read in race_each(*([reading(word_id) for word_id in word_ids] for _ in range(2))):
        assert sorted(map(str, errors(read))) == ["Gone", "None"]
    assert not ClosingNote.objects.exists()
