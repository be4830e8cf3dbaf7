"""Somebody who writes to the database and holds the whole keyring: they read nothing, and what they change is noticed.

They try every key that they could have sealed with: what lies in the keyring, and what could be derived from it with a
host secret that they guess. Some of them know the host secret, as the person who runs the server does.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client, override_settings

from peersupport.program import form_tokens
from peersupport.sealing import envelope
from peersupport.team.models import Member
from requests_app import message_vault, vault
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer as peer_actions
from requests_app.actions.peer import AcceptOutcome
from requests_app.actions.request_rows import RequestUnavailable
from requests_app.domain import stored_json
from requests_app.domain.card import Card, Words
from requests_app.domain.routing import Routing
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Message, Request
from requests_app.queries import unsealing
from tests.cast import sign_in
from tests.requests_app.attacker import all_that_opens, take_copy
from tests.requests_app.conftest import OpenRequest, submit_request
from tests.requests_app.test_format_1 import seal_text

pytestmark = pytest.mark.django_db
CANARY = "the bridge at four in the morning"
FORGED_KEY = bytes(range(32))
FORGED_ID = "00000000-0000-4000-8000-000000000001"


def keyring() -> list[bytes]:
    return [file.read_bytes() for file in Path(settings.KEYRING).rglob("*") if file.is_file()]


@dataclass
class Forger:
    """knows: host secrets that they try."""

    knows: tuple[bytes, ...] = (b"", settings.SECRET_KEY.encode())

    def opened(self) -> tuple[Routing, bytes] | None:
        """The routing of the one request, and the key under which it can be sealed again."""
        row = Request.objects.get()
        for key in self.keys(row):
            with suppress(envelope.CannotOpen):
                context = envelope.context(row.id.bytes, "routing", bytes(row.stamp))
                data = envelope.open_sealed(key, bytes(row.routing), context=context)
                return Routing.from_bytes(data), key
        return None

    def change(self, change: Callable[[Routing], Routing]) -> None:
        """Change the routing, if it opens; else write one sealed under what they have."""
        row = Request.objects.get()
        found = self.opened()
        route, key = found or (INVENTED, next(self.keys(row)))
        data, stamp = change(route).to_bytes(), vault.new_stamp()
        context = envelope.context(row.id.bytes, "routing", stamp)
        sealed = envelope.seal(key, data, size=vault.OUTER_SIZES[vault.ROUTING], context=context)
        Request.objects.update(stamp=stamp, routing=sealed)

    def keys(self, row: Request) -> Iterator[bytes]:
        own = (Path(settings.KEYRING) / "shred" / row.key_id).read_bytes()
        yield own
        for secret in (*self.knows, *keyring()):
            yield envelope.derive(own, salt=secret, info=envelope.context("row", vault.FORMAT, "routing", row.id.bytes))


INVENTED = Routing(
    state=RequestState.OFFERED,
    urgency=Urgency.TODAY,
    submitted=1,
    touched=1,
    officer_read=1,
    locator="00",
    officer_key="ab" * 32,
)
THIEF = Forger()
RUNS_THE_SERVER = Forger(knows=(settings.HOST_SECRET.encode(),))
forgers = pytest.mark.parametrize("forger", [THIEF, RUNS_THE_SERVER], ids=["without the host secret", "with it"])


@pytest.fixture
def talk(ana: Member, ana_key: bytes) -> OpenRequest:
    """Three messages, the last one by the officer."""
    submitted = submit_request(message="before")
    peer_actions.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    officer_writes(submitted, "one")
    peer_actions.write(
        member=ana, request_id=submitted.unsealed.id, private_key=ana_key, token=form_tokens.fresh("write"), text="two"
    )
    officer_writes(submitted, "three")
    return submitted


def officer_writes(submitted: OpenRequest, text: str) -> None:
    officer_actions.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=text)


def officer_reads(submitted: OpenRequest) -> str:
    return (
        Client().post("/request/return/", {"receipt": " ".join(submitted.receipt_words)}, follow=True).content.decode()
    )


def peer_reads(member: Member, request_id: object) -> str:
    return sign_in(Client(), member).get(f"/desk/contacts/{request_id}/").content.decode()


def officer_notices(submitted: OpenRequest) -> bool:
    page = officer_reads(submitted)
    return "damaged" in page or "keeps this from being opened" in page


def assert_both_notice(submitted: OpenRequest, ana: Member) -> None:
    request_id = Request.objects.get().id
    assert officer_notices(submitted)
    page = peer_reads(ana, request_id)
    assert "damaged" in page or "can't be opened" in page


def swap_thread_envelopes(route: Routing, ana: Member) -> Routing:
    """Both thread envelopes for ones with a key that the forger knows: HPKE names no sender."""
    info = envelope.context(Request.objects.get().id.bytes, "thread")
    officer_key, peer_key = bytes.fromhex(route.officer_key), bytes(ana.keys.get(is_retired=False).public_key)
    officers, peers = (envelope.seal_to(key, FORGED_KEY, info=info).hex() for key in (officer_key, peer_key))
    return replace(route, thread_officer_envelope=officers, thread_peer_envelope=peers)


def test_with_swapped_thread_envelopes_they_read_nothing(ana: Member, ana_key: bytes) -> None:
    submitted = submit_request()
    peer_actions.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    RUNS_THE_SERVER.change(lambda route: swap_thread_envelopes(route, ana))
    officer_writes(submitted, CANARY)
    assert CANARY.encode() not in b"".join(all_that_opens(take_copy(), [FORGED_KEY], keyring()))


@forgers
def test_swapped_thread_envelopes_are_noticed_by_both(forger: Forger, talk: OpenRequest, ana: Member) -> None:
    forger.change(lambda route: swap_thread_envelopes(route, ana))
    if forger is THIEF:
        assert officer_notices(talk)
    else:
        assert_both_notice(talk, ana)


def swap_everything(route: Routing, ana: Member) -> Routing:
    """The content key too, as format 1 gave it to the officer; with a card and words that are sealed under it."""
    row = Request.objects.get()
    key = vault.ContentKey(vault.row_key(row.id, row.key_id), FORGED_KEY)
    card = vault.seal_card(key, Card(urgency=Urgency.TODAY), bytes.fromhex(route.officer_key))
    Request.objects.update(card=card, words=vault.seal_words(key, Words()))
    Message.objects.all().delete()
    peer_key = bytes(ana.keys.get(is_retired=False).public_key)
    (recipient,) = [each for each in route.recipients if each.member_id == ana.pk]
    return replace(
        swap_thread_envelopes(route, ana),
        officer_envelope=vault.seal_content_key_to(bytes.fromhex(route.officer_key), key),
        recipients=(replace(recipient, envelope=vault.seal_content_key_to(peer_key, key)),),
        card_hash=vault.hash_of(card),
        messages=0,
        link="",
    )


def test_who_runs_the_server_cannot_swap_the_officers_content_key(talk: OpenRequest, ana: Member) -> None:
    RUNS_THE_SERVER.change(lambda route: swap_everything(route, ana))
    assert officer_notices(talk)
    with suppress(RequestUnavailable):
        officer_writes(talk, CANARY)
    assert CANARY.encode() not in b"".join(all_that_opens(take_copy(), [FORGED_KEY], keyring()))


def test_who_runs_the_server_cannot_write_as_the_other(talk: OpenRequest, ana: Member) -> None:
    """In format 1 a message took the thread key alone, and that can be swapped."""
    row = Request.objects.get()
    key = vault.row_key(row.id, row.key_id)
    Message.objects.all().delete()
    body = seal_text(key, "peer", 1, "Call me tonight", FORGED_KEY)
    header = stored_json.to_bytes(["peer", 1, 980_000]).ljust(message_vault.HEADER_SIZE)
    forged = Message.objects.create(id=FORGED_ID, request_id=row.id, body=b"")
    link = message_vault.next_link(b"", "", UUID(FORGED_ID), body)
    Message.objects.update(body=vault.seal_outer(key, vault.MESSAGE, header + body, UUID(str(forged.pk)).bytes))
    RUNS_THE_SERVER.change(lambda route: replace(swap_thread_envelopes(route, ana), messages=1, link=link))
    assert_both_notice(talk, ana)
    assert "Call me tonight" not in officer_reads(talk) + peer_reads(ana, row.id)


@forgers
def test_nothing_is_sealed_to_a_forged_officer_key(forger: Forger, ana: Member, ana_key: bytes) -> None:
    """Before a peer accepts; afterwards the forger would put the real key back."""
    submitted = submit_request()
    request_id, forged = submitted.unsealed.id, envelope.public_key_of(envelope.private_key_from(FORGED_KEY)).hex()
    forger.change(lambda route: replace(route, officer_key=forged))
    outcome = peer_actions.accept(member=ana, request_id=request_id, private_key=ana_key)
    assert outcome != AcceptOutcome.ACCEPTED
    assert officer_notices(submitted)


def test_who_lacks_the_host_secret_opens_nothing_even_with_a_members_password(
    talk: OpenRequest, ana_key: bytes, ben: Member, ben_key: bytes
) -> None:
    copy = take_copy()
    with override_settings(HOST_SECRET="", HOST_SECRET_FALLBACKS=[settings.SECRET_KEY]):
        for key in (ana_key, ben_key):
            assert all_that_opens(copy, [key, settings.SECRET_KEY.encode()], keyring()) == []


def test_who_lacks_the_host_secret_cannot_open_a_routing(talk: OpenRequest) -> None:
    assert THIEF.opened() is None
    assert RUNS_THE_SERVER.opened() is not None, "the forger has teeth"


CUTS: dict[str, Callable[[list[Message]], object]] = {
    "the last message": lambda messages: messages[2].delete(),
    "a message in the middle": lambda messages: messages[1].delete(),
    "all messages": lambda messages: Message.objects.all().delete(),
}


def in_order(submitted: OpenRequest) -> list[Message]:
    request = submitted.unsealed
    content_key = unsealing.content_key_of_officer(request, submitted.credentials)
    private_key = envelope.private_key_from(submitted.credentials.seed)
    thread_key = vault.open_thread_key(request.key, private_key, request.routing.thread_officer_envelope)
    ids = unsealing.messages_of(request, unsealing.turn_key(request, content_key, thread_key))
    return [Message.objects.get(pk=id_) for id_ in ids]


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_what_is_cut_off_is_noticed(cut: Callable[[list[Message]], object], talk: OpenRequest, ana: Member) -> None:
    cut(in_order(talk))
    assert_both_notice(talk, ana)


def test_who_runs_the_server_cannot_cut_off_the_last_message(talk: OpenRequest, ana: Member) -> None:
    """They can write the number of messages, and have no link that goes with it."""
    messages = in_order(talk)
    messages[2].delete()
    data = [vault.open_outer(talk.unsealed.key, vault.MESSAGE, bytes(m.body), m.id.bytes) for m in messages[:2]]
    link = ""
    for message, opened in zip(messages, data, strict=False):
        link = message_vault.next_link(b"", link, message.id, message_vault.text_of(opened))
    RUNS_THE_SERVER.change(lambda route: replace(route, messages=2, link=link))
    assert_both_notice(talk, ana)


def test_messages_in_another_order_or_twice_are_noticed(talk: OpenRequest, ana: Member) -> None:
    first, second, _ = in_order(talk)
    for change in (
        lambda: Message.objects.filter(pk=first.pk).update(body=second.body),
        lambda: Message.objects.create(id=FORGED_ID, request_id=first.request_id, body=first.body),
    ):
        before = list(Message.objects.all())
        change()
        assert_both_notice(talk, ana)
        Message.objects.exclude(pk__in=[row.pk for row in before]).delete()
        for row in before:
            row.save()
    assert "damaged" not in officer_reads(talk)


def test_an_older_routing_beside_newer_messages_is_noticed(talk: OpenRequest, ana: Member) -> None:
    older = Request.objects.values("stamp", "routing").get()
    officer_writes(talk, "four")
    Request.objects.update(**older)
    assert_both_notice(talk, ana)
    with pytest.raises(RequestUnavailable):  # it would get the number of the one that was cut off
        officer_writes(talk, "in its place")


def test_an_older_card_is_noticed(talk: OpenRequest, ana: Member, ben: Member) -> None:
    """The officer excluded somebody since."""
    older = bytes(Request.objects.get().card)
    officer_actions.change_peer(creds=talk.credentials, next_may_read=False, turn=1)
    Request.objects.update(card=older)
    assert officer_notices(talk)


def test_a_whole_earlier_state_is_not_noticed(talk: OpenRequest, ana: Member) -> None:
    """The limit, as the threat model says it: nothing outside the database counts the states."""
    row, messages = Request.objects.get(), list(Message.objects.all())
    officer_writes(talk, "four")
    row.save()
    Message.objects.exclude(pk__in=[message.pk for message in messages]).delete()
    assert "damaged" not in officer_reads(talk) + peer_reads(ana, row.id)


def test_a_thread_with_something_cut_out_is_not_passed_on(
    talk: OpenRequest, ana: Member, ben: Member, ben_key: bytes
) -> None:
    """Else sealing it again for the next peer would hide the gap."""
    messages = in_order(talk)
    officer_actions.change_peer(creds=talk.credentials, next_may_read=True, turn=1)
    messages[2].delete()
    request_id = talk.unsealed.id
    assert peer_actions.accept(member=ben, request_id=request_id, private_key=ben_key) == AcceptOutcome.ACCEPTED
    assert "The earlier messages were damaged" in officer_reads(talk)
    assert not Message.objects.exists()


def test_another_requests_row_in_its_place_is_noticed(talk: OpenRequest, ana: Member) -> None:
    """Everything of a row but its id and its tag, key file included."""
    mine = Request.objects.get()
    other = submit_request(message="another's").unsealed.row
    mine.routing, mine.card, mine.words, mine.key_id = other.routing, other.card, other.words, other.key_id
    mine.save()
    assert officer_notices(talk)
    assert "another's" not in peer_reads(ana, mine.id)
