"""Removing a factor; and what the page of one's own factors shows of it."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team.actions import factors, lifting
from peersupport.team.models import Member, User
from peersupport.team.queries.factors import accounts_without_factor
from tests.cast import CAST_PASSWORD, sign_in_directly
from tests.team.own_factors import (
    PAGE,
    code_now,
    enroll,
    give_app,
    give_backup_codes,
    give_passkey,
    type_code,
    type_password,
)

pytestmark = pytest.mark.usefixtures("noon")


def test_the_last_factor_stays_where_one_is_required(settings, coordinator: User) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = True
    app, passkey = give_app(coordinator), give_passkey(coordinator)
    give_backup_codes(coordinator)
    factors.remove(by=coordinator, factor_id=app.pk)
    with pytest.raises(Refused, match="at least one"):
        factors.remove(by=coordinator, factor_id=passkey.pk)
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "webauthn"]


def test_without_a_factor_the_backup_codes_go_too(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    app = Authenticator.objects.get(type="totp")
    assert client.post(f"{PAGE}{app.pk}/remove/", {"password": "not mine"}).status_code == 200
    assert Authenticator.objects.count() == 2
    client.post(f"{PAGE}{app.pk}/remove/", {"password": CAST_PASSWORD})
    assert not Authenticator.objects.exists() and accounts_without_factor() == User.objects.count()
    assert "second_factor_removed" in Entry.objects.values_list("action", flat=True)


def test_the_only_one_shows_no_form_where_one_is_required(settings, client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    page = f"{PAGE}{Authenticator.objects.get(type='totp').pk}/remove/"
    assert 'type="password"' in client.get(page).content.decode()
    settings.SECOND_FACTOR_IS_REQUIRED = True
    said = client.get(page).content.decode()
    assert "Add another first" in said and 'type="password"' not in said


def test_its_page_says_that_somebody_asked_to_lift_it(client: Client, director: User, coordinator: User) -> None:
    give_app(director)
    give_backup_codes(director)
    type_password(client, director)
    type_code(client, code_now())
    asked = "Someone asked to lift your second factor."
    assert asked not in client.get(PAGE).content.decode()
    lifting.ask(user_id=director.pk, by=coordinator)
    for address in (PAGE, "/home/", "/my-page/"):
        assert asked in client.get(address).content.decode()


def test_somebody_elses_factor_is_not_there(client: Client, coordinator: User, ana: Member) -> None:
    theirs = give_passkey(ana.user)
    sign_in_directly(client, coordinator)
    for address in (f"{PAGE}{theirs.pk}/name/", f"{PAGE}{theirs.pk}/remove/"):
        assert client.post(address, {"name": "x", "password": CAST_PASSWORD}).status_code == 404
    factors.remove(by=coordinator, factor_id=theirs.pk)
    assert Authenticator.objects.get().data["name"] == "My phone"
