"""The plane key, which finds requests by their receipts, and is renewed weekly."""

import pytest
from django.utils import timezone

from peersupport.sealing import keyring
from requests_app.actions import plane_key
from requests_app.models import PlaneKey, Request
from requests_app.queries import officers
from tests.requests_app.conftest import OpenRequest

pytestmark = pytest.mark.django_db


def test_renewed_plane_key_finds_the_same_requests_under_new_tags(contact: OpenRequest) -> None:
    before, old_tag = PlaneKey.objects.get().key_id, bytes(Request.objects.get().tag)
    plane_key.renew(now=timezone.now())
    assert PlaneKey.objects.get().key_id != before
    assert bytes(Request.objects.get().tag) != old_tag
    assert officers.request_of(contact.credentials) is not None


@pytest.mark.django_db(transaction=True)
def test_old_plane_key_is_destroyed(contact: OpenRequest) -> None:
    before = PlaneKey.objects.get().key_id
    plane_key.renew(now=timezone.now())
    assert keyring.is_destroyed(before)
    assert not keyring.is_destroyed(PlaneKey.objects.get().key_id)
