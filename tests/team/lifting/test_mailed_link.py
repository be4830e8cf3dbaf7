"""What a mailed link alone gives: a new password, and nothing past the second factor."""

import re

import pytest
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.team.actions import mails
from peersupport.team.models import Invitation, User
from tests.cast import give_factor
from tests.team.lifting.steps import has_factor

pytestmark = pytest.mark.django_db


def test_reset_of_the_coordinator_lifts_nothing_invites_nobody_and_is_told_to_them(
    coordinator: User, mailoutbox: list
) -> None:
    give_factor(coordinator)
    stranger = Client(raise_request_exception=False)
    stranger.post("/sign-in/forgot/", {"email": coordinator.email})
    mails.send_mails()
    (link,) = re.findall(r"http://testserver(/sign-in/forgot/\S+/)", mailoutbox[0].body)
    form = stranger.get(link, follow=True).request["PATH_INFO"]
    stranger.post(form, {"password1": "a stranger's words", "password2": "a stranger's words"})
    coordinator.refresh_from_db()
    assert coordinator.check_password("a stranger's words") and has_factor(coordinator)
    mailoutbox.clear()
    mails.send_mails()
    (told,) = mailoutbox
    assert told.to == [coordinator.email] and "A new password was chosen for your account" in told.body
    assert Entry.objects.filter(action="password_reset", by=coordinator.pk).count() == 1
    stranger.post("/sign-in/", {"login": coordinator.email, "password": "a stranger's words"})
    invited = {"name": "Nora", "email": "nora@example.org", "roles": ["coordinator"], "kind": "sworn"}
    assert stranger.post("/members/invite/", invited).status_code == 302
    assert stranger.get("/members/invite/").status_code == 302 and not Invitation.objects.exists()
