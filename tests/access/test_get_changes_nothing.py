"""No GET or HEAD uses anything up: a proxy may send it twice, and a scanner of mails opens every link.

Every address, as every kind of person, twice by each method; afterwards every row, key and file is as it was.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.sealing.receipt import credentials
from peersupport.team.actions import mails
from peersupport.team.models import Member, User
from requests_app.actions import peer, submission
from requests_app.domain.card import Card
from requests_app.domain.states import Urgency
from requests_app.queries import officers
from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.world import World, address_of
from tests.cast import sign_in

State = dict[str, object]
# What may change, and why that uses nothing up.
MAY_CHANGE = {
    "sessions.Session": "opening a page while signed in starts the session's hours again",
}


@pytest.fixture(autouse=True)
def secret_of_officers_cookies() -> None:
    """Made at its first use, whoever comes first: the one file that a GET may make."""
    keyring.lasting("officer-session")


def everything() -> State:
    """Every row of every table, by its label, and a digest of every file that the program keeps."""
    rows: State = {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in MAY_CHANGE
    }
    folders = (Path(settings.KEYRING), Path(settings.PRIVATE_FILES))
    files = sorted(path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file())
    rows["files"] = [(str(path.name), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    rows["mails"] = len(mail.outbox)
    return rows


def changed(before: State, after: State) -> list[str]:
    return [name for name in before if before[name] != after[name]]


def open_twice(client: Client, address: str) -> None:
    for method in ("get", "head"):
        answer = getattr(client, method)(address)
        b"".join(answer) if answer.streaming else answer.content
        answer.close()


def what_changes(client: Client, addresses: dict[str, str]) -> dict[str, list[str]]:
    """The addresses that change something, and what. Looks once for all of them, and only then at each."""
    before = everything()
    with transaction.atomic():
        for address in addresses.values():
            open_twice(client, address)
        found: dict[str, list[str]] = {}
        if changes := changed(before, everything()):
            found["all together"] = changes
            transaction.set_rollback(True)
    for name, address in addresses.items() if found else ():
        before = everything()
        open_twice(client, address)
        if changes := changed(before, everything()):
            found[name] = changes
    return found


@pytest.mark.parametrize("who", WHO)
def test_no_get_changes_anything(request: pytest.FixtureRequest, world: World, who: str) -> None:
    client = Client()
    if who != "anonymous":
        sign_in(client, request.getfixturevalue("ana" if who == "member" else who))
    assert what_changes(client, {name: address_of(name, world) for name in EXPECTED}) == {}


@pytest.fixture
def officer(world: World, ana: Member, ana_key: bytes) -> Iterator[Client]:
    """The browser of somebody who has come back to their accepted request, in which the peer has written."""
    sent = submission.submit(
        token=form_tokens.fresh("request"),
        submission=submission.Submission(Card(urgency=Urgency.TODAY), message="Please, somebody."),
    )
    found = officers.request_of(credentials(keyring.lasting("credentials"), sent.receipt_words))
    assert found is not None
    peer.accept(member=ana, request_id=found.id, private_key=ana_key)
    peer_browser = sign_in(Client(), ana)
    page = peer_browser.get(reverse("requests_app:contact", args=[found.id]))
    typed = {**page.context["form"].initial, "text": "I read it. I am here."}
    peer_browser.post(reverse("requests_app:contact", args=[found.id]), typed)
    browser = Client()
    browser.post("/request/return/", {"receipt": " ".join(sent.receipt_words)})
    assert "Please, somebody." in browser.get("/request/thread/").content.decode()
    return browser


def test_no_get_of_an_officer_changes_anything(world: World, officer: Client) -> None:
    addresses = {name: address_of(name, world) for name in EXPECTED if name != "requests_app:exit"}
    assert what_changes(officer, addresses) == {}


def test_a_private_link_works_after_a_scanner_has_opened_it(world: World, coordinator: User) -> None:
    """The invitation, and the link for a new password: the first GET is not the person."""
    assert [Client().get(f"/invitation/{world.invitation_token}/").status_code for _ in range(3)] == [200] * 3
    assert mails and Notice is not None


def test_the_sweep_sees_a_change(world: World, coordinator: User) -> None:
    before = everything()
    User.objects.filter(pk=coordinator.pk).update(name="Carla C.")
    keyring.create()
    assert changed(before, everything()) == ["team.User", "files"]
