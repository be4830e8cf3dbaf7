"""The command that follows when the host secret was replaced in the settings."""

from io import StringIO
from pathlib import Path

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
replaced = override_settings(HOST_SECRET=NEW, HOST_SECRET_FALLBACKS=[settings.HOST_SECRET])


def rotate(*options: str) -> tuple[int, list[str]]:
    """The exit status, and the lines it printed."""
    said, status = StringIO(), 0
    try:
        call_command("rotate", "host-secret", *options, stdout=said, stderr=said)
    except SystemExit as left:
        status = int(str(left.code))
    return status, said.getvalue().splitlines()


def test_after_it_the_old_secret_can_go(ana: Member, ben: Member) -> None:
    contact = submit_request()
    with replaced:
        assert rotate() == (
            0,
            ["Signed 2 member keys. Sealed 1 rows of open requests again.", "The fallback can go now."],
        )
    with override_settings(HOST_SECRET=NEW):
        assert eligibility.can_serve(ana) and eligibility.can_serve(ben)
        assert officers.request_of(contact.credentials) is not None


def test_it_says_what_it_left(ana: Member, ben: Member) -> None:
    submit_request()
    submit_request()
    MemberKey.objects.filter(member=ben).update(public_key=bytes(range(32)))
    Request.objects.update(routing=b"no routing")
    with replaced:
        assert rotate() == (
            1,
            [
                "Signed 1 member keys. Sealed 0 rows of open requests again.",
                "1 member keys don't verify: coordinators compare their four words again.",
                "2 rows open under no known secret, and stay as they are.",
                "The fallback can go now.",
            ],
        )
    with override_settings(HOST_SECRET=NEW):
        assert eligibility.can_serve(ana) and not eligibility.can_serve(ben)


def test_after_a_leak_it_signs_nothing(ana: Member) -> None:
    contact = submit_request()
    with replaced:
        status, said = rotate("--leaked")
    assert (status, said[1]) == (1, "No key is signed: coordinators compare the four words of each again.")
    with override_settings(HOST_SECRET=NEW):
        assert not eligibility.can_serve(ana)
        assert officers.request_of(contact.credentials) is not None


def test_without_the_old_secret_it_does_nothing(ana: Member) -> None:
    with override_settings(HOST_SECRET=NEW):
        status, said = rotate()
    assert (status, "Put the old secret there" in said[0]) == (2, True)


def test_with_the_keyring_unmounted_it_has_to_be_run_again(ana: Member, own_keyring: Path) -> None:
    contact = submit_request()
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    with replaced:
        assert rotate()[0] == 2
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    with replaced:
        rotate()
    with override_settings(HOST_SECRET=NEW):
        assert officers.request_of(contact.credentials) is not None
