"""Every form that did something leads to another page, so that Back and "resend" do nothing and bring nothing back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.routes import all_routes
from tests.access.world import World, address_of
from tests.cast import sign_in
from tests.pseudo import forms
from tests.requests_app.conftest import OpenRequest

pytestmark = pytest.mark.sqlite_only  # a sweep, slow, and of no database

# What such a form answers itself, because its answer may be held nowhere: no address, cookie or row could carry it on.
HELD_NOWHERE = {
    "requests_app:new_request": "the receipt, shown once",
    "requests_app:return": "where something typed is given back on the thread",
    "requests_app:thread": "the same; and that the page shows what was read",
    "requests_app:close": "that the key is gone, said once, with a note that could not be left",
    "requests_app:closing_note": "the note of an officer, which opens once",
    "team:invitation": "a member's recovery code, shown once",
    "team:renew_recovery_code": "the same",
    "team:add_app": "backup codes, shown once",
    "team:add_passkey": "the same",
    "team:backup_codes": "the same",
    "team:public": "the names behind the program's word",
}
WRITES = ("INSERT", "UPDATE", "DELETE")
# Written whether a form was taken or not: the session's hours, and tries that are counted.
NOT_WHAT_A_FORM_DOES = ("django_session", "team_tries", "savepoint")


class Writes:
    """Notes whether anything was written that lasts."""

    def __init__(self) -> None:
        self.made = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(word in sql for word in NOT_WHAT_A_FORM_DOES):
            self.made = True
        return execute(sql, params, many, context)


def send(client: Client, form: forms.Form) -> tuple[HttpResponse, bool]:
    """The answer, and whether the form did something. It is rolled back."""
    cookies, writes = client.cookies.copy(), Writes()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            answer = client.post(form.action, forms.plausible(form))
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer, writes.made


def forms_for(client: Client, world: World) -> dict[tuple[str, ...], forms.Form]:
    found: dict[tuple[str, ...], forms.Form] = {}
    for name, row in EXPECTED.items():
        if "200" not in row.get:
            continue
        address = address_of(name, world)
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
            for form in forms.forms_of(answer.content.decode(), address):
                found.setdefault(form.shape, form)
    return found


def route_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return "outside"


@pytest.mark.django_db
@pytest.mark.parametrize("who", [*sorted(set(WHO) - {"designee"}), "officer"])  # who may what the director may
def test_a_form_that_did_something_leads_to_another_page(
    request: pytest.FixtureRequest, world: World, who: str
) -> None:
    client = Client()
    if who == "officer":
        contact: OpenRequest = request.getfixturevalue("contact")
        client.post("/request/return/", {"receipt": " ".join(contact.receipt_words)})
    elif who != "anonymous":
        sign_in(client, request.getfixturevalue("ana" if who == "member" else who))
    stayed, led_on = set(), 0
    for form in forms_for(client, world).values():
        answer, has_written = send(client, form)
        assert answer.status_code < 500, form.action
        led_on += has_written and answer.status_code == 302
        if has_written and answer.status_code == 200:
            stayed.add(route_of(form.action))
    assert stayed <= set(HELD_NOWHERE)
    assert led_on > 0


def test_each_exception_is_an_address() -> None:
    assert set(HELD_NOWHERE) <= set(all_routes())
