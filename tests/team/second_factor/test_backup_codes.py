"""Backup codes: used, made anew, and kept on paper."""

import pytest
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.team import second_factor
from peersupport.team.actions import factors
from peersupport.team.models import User
from peersupport.team.queries.factors import factors_of
from tests.cast import CAST_PASSWORD, sign_in_directly
from tests.team.own_factors import PAGE, code_now, enroll, give_app, give_backup_codes, type_code, type_password
from tests.team.second_factor.conftest import NOW

pytestmark = pytest.mark.usefixtures("noon")


def test_a_backup_code_works_once_and_says_how_many_are_left(coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator)[3]
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, coordinator)
    home = first.get(type_code(first, f"{code[:4]} {code[4:]}")["Location"]).content.decode()
    assert "You used a backup code. Left: nine." in home
    assert "fit" in type_code(second, code).content.decode()
    assert factors_of(coordinator).codes_left == 9


def test_backup_codes_alone_are_no_second_factor(client: Client, coordinator: User) -> None:
    give_backup_codes(coordinator)
    assert not second_factor.enrolled(coordinator)
    assert type_password(client, coordinator)["Location"] == "/home/"
    with pytest.raises(Refused, match="Add one of these first"):
        factors.new_backup_codes(by=coordinator, replaced_id=0)


def test_a_first_factor_ends_backup_codes_that_are_left_from_before(client: Client, coordinator: User) -> None:
    left = give_backup_codes(coordinator)
    sign_in_directly(client, coordinator)
    codes = enroll(client, coordinator)
    assert len(codes) == 10 and not set(codes) & set(left)


def test_new_backup_codes_need_the_password_and_end_the_old_ones(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    old = enroll(client, coordinator)
    typed = {"password": CAST_PASSWORD, "replaced_id": factors_of(coordinator).codes_id}
    assert "codes" not in client.post(f"{PAGE}backup-codes/", {**typed, "password": "not mine"}).context
    shown = client.post(f"{PAGE}backup-codes/", typed)
    new = [code.replace(" ", "") for code in shown.context["codes"]]
    assert len(set(new)) == 10 and not set(new) & set(old)
    with pytest.raises(factors.WrongCode):
        factors.use_code(user=coordinator, typed=old[0], now=NOW)
    assert factors.use_code(user=coordinator, typed=new[0], now=NOW) == factors.Used(9)


def test_a_press_that_is_sent_again_makes_no_other_codes(client: Client, coordinator: User) -> None:
    sign_in_directly(client, coordinator)
    enroll(client, coordinator)
    page = client.get(f"{PAGE}backup-codes/")
    typed = {"password": CAST_PASSWORD, "replaced_id": page.context["form"]["replaced_id"].value()}
    code = client.post(f"{PAGE}backup-codes/", typed).context["codes"][0]
    again = client.post(f"{PAGE}backup-codes/", typed)
    assert "codes" not in again.context and "were made a moment ago" in again.content.decode()
    assert Entry.objects.filter(action="backup_codes_made").count() == 1
    assert factors.use_code(user=coordinator, typed=code, now=NOW) == factors.Used(9)
    others = {**typed, "replaced_id": again.context["form"]["replaced_id"].value()}
    assert len(client.post(f"{PAGE}backup-codes/", others).context["codes"]) == 10
    assert "codes" not in client.post(f"{PAGE}backup-codes/", {"password": CAST_PASSWORD}).context


def test_who_left_the_page_of_the_codes_can_still_say_that_they_have_them(client: Client, coordinator: User) -> None:
    give_app(coordinator)
    sign_in_directly(client, coordinator)
    assert client.get(f"{PAGE}backup-codes/kept/")["Location"] == "/sign-in/", "not before the second step"
    type_password(client, coordinator)
    type_code(client, code_now())
    assert client.get(f"{PAGE}backup-codes/kept/")["Location"] == f"{PAGE}backup-codes/", "there are none"
    give_backup_codes(coordinator, kept=False)
    assert f"{PAGE}backup-codes/kept/" in client.get(PAGE).content.decode()
    assert "Check the box" not in client.get(f"{PAGE}backup-codes/kept/").content.decode()
    client.post(f"{PAGE}backup-codes/kept/", {"is_kept": "on"})
    assert factors_of(coordinator).are_codes_kept


def test_who_types_a_backup_code_has_them_on_paper(coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator, kept=False)[0]
    factors.use_code(user=coordinator, typed=code, now=NOW)
    assert factors_of(coordinator).are_codes_kept
