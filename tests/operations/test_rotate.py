"""The command that follows when the host secret was replaced in the settings."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from peersupport.team.models import Member, MemberKey
from peersupport.team.queries import eligibility
from requests_app.models import Request
from requests_app.queries import officers
from tests.requests_app.conftest import submit_request

pytestmark = pytest.mark.django_db
NEW = "another host secret, thirty-two characters"


def rotate() -> str:
    said = StringIO()
    call_command("rotate", "host-secret", stdout=said)
    return said.getvalue()


def test_after_it_the_old_secret_can_go(ana: Member, ben: Member) -> None:
    contact = submit_request()
    with override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[settings.HOST_SECRET]):
        assert rotate().startswith("Member keys signed: 2.")
    with override_settings(HOST_SECRET=NEW):
        assert eligibility.can_serve(ana) and eligibility.can_serve(ben)
        assert officers.request_of(contact.credentials) is not None


def test_it_says_what_it_left_and_exits_with_one(ana: Member, ben: Member) -> None:
    submit_request()
    MemberKey.objects.filter(member=ben).update(public_key=bytes(range(32)))
    Request.objects.update(routing=b"no routing")
    said = StringIO()
    with (
        override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[settings.HOST_SECRET]),
        pytest.raises(SystemExit) as left,
    ):
        call_command("rotate", "host-secret", stdout=said)
    assert left.value.code == 1
    assert "under any known host secret, and were left as they are: 1" in said.getvalue()
    with override_settings(HOST_SECRET=NEW):
        assert eligibility.can_serve(ana) and not eligibility.can_serve(ben)
