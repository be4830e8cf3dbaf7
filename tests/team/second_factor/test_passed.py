"""What doesn't count as having passed the second step: a new password, an invitation, another's session."""

import pytest
from django.test import Client, RequestFactory

from peersupport.access.permissions import Role
from peersupport.team import second_factor
from peersupport.team.actions import invitations, recovery
from peersupport.team.models import Member, User
from tests.cast import sign_in, sign_in_directly
from tests.team.own_factors import SECOND_STEP, give_app

pytestmark = pytest.mark.usefixtures("noon")


def test_a_reset_neither_lifts_nor_passes_the_factor(client: Client, ana: Member) -> None:
    give_app(ana.user)
    link = recovery.send_new_password_link(email=ana.user.email)
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof", "has_no_code": "on"}
    client.post(link.removeprefix("http://testserver"), typed)
    assert "_auth_user_id" not in client.session and second_factor.enrolled(ana.user)
    answer = client.post("/sign-in/", {"login": ana.user.email, "password": typed["password1"]})
    assert answer["Location"] == SECOND_STEP
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_an_invitation_to_an_old_account_passes_nothing(client: Client, director: User) -> None:
    give_app(director)
    User.objects.filter(pk=director.pk).update(is_active=False)
    token = invitations.invite(email=director.email, name="Dora", roles=[Role.CLINICAL_DIRECTOR], by=None)
    typed = {"password1": "rain on the old roof", "password2": "rain on the old roof"}
    client.post(f"/invitation/{token}/", typed)
    answer = client.post("/sign-in/", {"login": director.email, "password": typed["password1"]})
    assert answer["Location"] == SECOND_STEP


def test_the_marks_of_a_session_count_for_its_own_account(client: Client, coordinator: User, operator: User) -> None:
    request = RequestFactory().get("/")
    sign_in_directly(client, coordinator)
    request.session, request.user = client.session, operator
    second_factor.mark(request, user_id=coordinator.pk, has_codes_to_keep=False)
    assert not second_factor.has_passed(request)


def test_signing_in_without_a_factor_sets_no_mark(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    assert second_factor.SESSION_KEY not in client.session
