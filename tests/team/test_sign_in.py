"""Signing in and out: what it leaves behind, and what it does not."""

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from peersupport.audit.models import Entry
from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD, sign_in

SIGN_IN = "/sign-in/"


def test_right_password_leads_home(client: Client, coordinator: User) -> None:
    answer = client.post(SIGN_IN, {"login": "Carla@Example.org ", "password": CAST_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, reverse("running:home"))
    assert client.session["_auth_user_id"] == str(coordinator.pk)


def test_wrong_password_and_unknown_address_read_the_same(client: Client, coordinator: User) -> None:
    wrong = client.post(SIGN_IN, {"login": coordinator.email, "password": "not this one, sorry"})
    unknown = client.post(SIGN_IN, {"login": "nobody@example.org", "password": "not this one, sorry"})
    said = "This address and this password do not go together."
    assert said in wrong.content.decode() and said in unknown.content.decode()
    assert coordinator.email in wrong.content.decode(), "what was typed is kept"
    assert "_auth_user_id" not in client.session
