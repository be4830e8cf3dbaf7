"""No GET or HEAD uses anything up: a proxy may send it twice, and a scanner of mails opens every link.

Every address, as every kind of person who gets another answer there, twice by each method; afterwards every row, key
and file is as it was.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import int_to_base36

from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from requests_app.actions import officer, peer
from tests.access.expected_statuses import EXPECTED, WHO
from tests.access.world import World, address_of
from tests.cast import private_key_of, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request

State = dict[str, object]
# What may change, and why that uses nothing up.
MAY_CHANGE = {
    "sessions.Session": "opening a page while signed in starts the session's hours again",
}
# The pages of messages: what was shown counts as read. They are looked at on their own.
SHOWS_MESSAGES = {"requests_app:thread", "requests_app:contact"}
# A link, so that it works whatever the browser does (decision 0403). It notes that the visit ended: once.
ENDS_THE_VISIT = "requests_app:exit"


@pytest.fixture(autouse=True)
def secrets_of_pages() -> None:
    """Made at their first use, whoever comes first: the files that a GET may make."""
    for name in ("officer-session", "second-factor"):
        keyring.lasting(name)


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
        b"".join(answer) if answer.streaming else answer.content  # the test client closes it then


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


def is_swept(name: str, who: str) -> bool:
    """Each page for everybody who sees it; each refusal and each way elsewhere for one of those who get it."""
    answers = EXPECTED[name].get.split()
    own = WHO.index(who)
    return answers[own] == "200" or answers.index(answers[own]) == own


@pytest.mark.parametrize("who", WHO)
def test_no_get_changes_anything(request: pytest.FixtureRequest, world: World, who: str) -> None:
    client = Client()
    if who != "anonymous":
        sign_in(client, request.getfixturevalue("ana" if who == "member" else who))
    swept = [name for name in EXPECTED if is_swept(name, who) and (who != "member" or name not in SHOWS_MESSAGES)]
    shown = {name: address_of(name, world) for name in swept}
    assert what_changes(client, shown) == {}


@dataclass(frozen=True)
class Thread:
    """An accepted request in which both sides have written, and the browsers of both sides."""

    officer: Client
    peer: Client
    asked: OpenRequest
    member: Member

    @property
    def request_id(self) -> UUID:
        return self.asked.unsealed.id

    def write_from_the_other(self, side: str) -> None:
        token = form_tokens.fresh("write")
        if side == "peer":
            officer.write(creds=self.asked.credentials, token=token, text="I am here.")
        else:
            key = private_key_of(self.member.user.name)
            peer.write(member=self.member, request_id=self.request_id, private_key=key, token=token, text="I am here.")


@pytest.fixture
def thread(world: World, ana: Member, ana_key: bytes) -> Thread:
    asked = submit_request(message="Please, somebody.")
    peer.accept(member=ana, request_id=asked.unsealed.id, private_key=ana_key)
    browser = Client()
    browser.post("/request/return/", {"receipt": " ".join(asked.receipt_words)})
    return Thread(browser, sign_in(Client(), ana), asked, ana)


def test_no_get_of_an_officer_changes_anything(world: World, thread: Thread) -> None:
    spared = {*SHOWS_MESSAGES, ENDS_THE_VISIT}
    addresses = {name: address_of(name, world) for name in EXPECTED if name not in spared}
    assert what_changes(thread.officer, addresses) == {}


def test_exit_notes_once_that_the_visit_ended(world: World, thread: Thread) -> None:
    before, cookies = everything(), thread.officer.cookies.copy()
    thread.officer.get(address_of(ENDS_THE_VISIT, world))
    ended = everything()
    assert changed(before, ended) == ["requests_app.SubmittedForm"]
    thread.officer.cookies = cookies  # a copy of the browser
    thread.officer.get(address_of(ENDS_THE_VISIT, world))
    assert everything() == ended


@pytest.mark.parametrize("side", ["peer", "officer"])
def test_a_page_of_messages_changes_what_is_read_and_no_more(thread: Thread, side: str) -> None:
    thread.write_from_the_other(side)
    browser = thread.officer if side == "officer" else thread.peer
    address = "/request/thread/" if side == "officer" else f"/desk/contacts/{thread.request_id}/"
    before = everything()
    assert browser.head(address).status_code == 200
    assert everything() == before, "HEAD shows nothing, so nothing is read"
    pages = [browser.get(address).content.decode() for _ in range(2)]
    assert changed(before, everything()) == ["requests_app.Request"]
    assert all(text in page for page in pages for text in ("Please, somebody.", "I am here."))


def test_a_private_link_works_after_a_scanner_has_opened_it(world: World, coordinator: User) -> None:
    key = default_token_generator.make_token(coordinator)
    password = reverse("account_reset_password_from_key", args=[int_to_base36(coordinator.pk), key])
    invitation = address_of("team:invitation", world)
    of_applying = (address_of(f"apply:{name}", world) for name in ("confirm", "reference", "interview"))
    for link in (password, invitation, *of_applying):
        pages = [Client().get(link, follow=True) for _ in range(3)]
        assert [page.status_code for page in pages] == [200] * 3
        assert all("<form" in page.content.decode() for page in pages), link


def test_the_sweep_sees_a_change(world: World, coordinator: User) -> None:
    before = everything()
    User.objects.filter(pk=coordinator.pk).update(name="Carla C.")
    keyring.create()
    assert changed(before, everything()) == ["team.User", "files"]
