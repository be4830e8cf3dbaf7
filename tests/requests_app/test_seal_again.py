"""The host secret is replaced: what it sealed opens under the old one until it is sealed again under the new one."""

import pytest
from django.conf import settings
from django.test import override_settings

from peersupport.program import form_tokens
from peersupport.sealing import envelope
from peersupport.team.models import Member
from requests_app import vault
from requests_app.actions import consultation, seal_again
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer as peer_actions
from requests_app.domain.consultation import ConsultationUrgency
from requests_app.models import ClosingNote, PendingTally, Request
from requests_app.queries import consultations, members, officers
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db
OLD, NEW = settings.HOST_SECRET, "another host secret, thirty-two characters"


@pytest.fixture
def sealed(contact: OpenRequest, ana: Member, ana_key: bytes) -> OpenRequest:
    """Ana has a contact with a message, a pending tally, a closing note and an open consultation."""
    ended = submit_request()
    peer_actions.accept(member=ana, request_id=ended.unsealed.id, private_key=ana_key)
    officer_actions.close(creds=ended.credentials, note="thank you")
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.TODAY, whom=None)
    officer_actions.write(creds=contact.credentials, token=form_tokens.fresh("write"), text="hello")
    return contact


def what_opens(sealed: OpenRequest, ana: Member) -> list[object]:
    own = officers.own_request(sealed.credentials)
    thread = [message.text for message in own.thread] if own else None
    call = consultations.consultation_of(ana) is not None
    return [thread, len(members.pending_tallies_of(ana)), len(members.closing_notes_for(ana)), call]


ALL, NOTHING = [["hello"], 1, 1, True], [None, 0, 0, False]


def test_what_was_sealed_opens_under_the_old_secret_and_after_it_was_sealed_again_under_the_new(
    sealed: OpenRequest, ana: Member
) -> None:
    with override_settings(HOST_SECRET=NEW):
        assert what_opens(sealed, ana) == NOTHING
    with override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[OLD]):
        assert what_opens(sealed, ana) == ALL
        seal_again.run()
    with override_settings(HOST_SECRET=NEW):
        assert what_opens(sealed, ana) == ALL
    assert what_opens(sealed, ana) == NOTHING


def test_what_was_forged_is_not_sealed_again(sealed: OpenRequest, ana: Member) -> None:
    row = Request.objects.get()
    data = sealed.unsealed.routing.to_bytes()
    size, context = vault.OUTER_SIZES[vault.ROUTING], envelope.context(row.id.bytes, "routing", bytes(row.stamp))
    forged = envelope.seal(sealed.unsealed.key.shred_key, data, size=size, context=context)
    Request.objects.update(routing=forged)
    with override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[OLD]):
        seal_again.run()
        assert bytes(Request.objects.get().routing) == forged
        assert what_opens(sealed, ana) == [None, *ALL[1:]], "the others are sealed again all the same"


def test_what_is_written_meanwhile_is_sealed_under_the_new_secret(sealed: OpenRequest, ana: Member) -> None:
    with override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[OLD]):
        officer_actions.close(creds=sealed.credentials, note="bye")
    with override_settings(HOST_SECRET=NEW):
        assert (len(members.pending_tallies_of(ana)), len(members.closing_notes_for(ana))) == (1, 1)
    assert PendingTally.objects.count() == ClosingNote.objects.count() == 2
