"""What a process remembers of open requests: as little as it may, for as long as it may, and never what was before."""

import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.team.actions import availability
from peersupport.team.models import Member
from requests_app import vault
from requests_app.actions import not_real, officer, peer, request_rows, sweep
from requests_app.domain.outline import Outline, Standing, outline_of
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Request
from requests_app.queries import outlines, unsealing

from .conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db
ALLOWED = {
    "state", "urgency", "submitted", "touched", "officer_read", "recipients", "wave", "due", "is_held", "over_cap",
    "wanted", "is_answered", "is_reminded", "closing_suggested", "notified_untouched", "marked_by", "is_sent_again",
}  # fmt: skip


def read_again() -> dict[object, Outline]:
    """What a process that remembers nothing would see."""
    return {request.id: outline_of(request.routing) for request in unsealing.open_requests()}


def remembered() -> list[outlines.Remembered]:
    """All that this process keeps."""
    return [*outlines._last.kept.values(), *outlines._written.values()]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The ids of the requests whose routing is opened, in order."""
    seen: list[object] = []
    open_routing = vault.open_routing

    def counted(row: vault.RowKey, sealed: bytes, stamp: bytes) -> object:
        seen.append(row.id)
        return open_routing(row, sealed, stamp)

    monkeypatch.setattr(vault, "open_routing", counted)
    return seen


def test_an_outline_has_nothing_that_opens_or_finds_anything() -> None:
    assert {field.name for field in fields(Outline)} == ALLOWED
    assert {field.name for field in fields(Standing)} == {"member_id", "key_id", "status"}


def test_what_is_kept_has_no_envelope_no_key_and_no_word(ana: Member, contact: OpenRequest, ben: Member) -> None:
    submit_request(message="a canary that sings")
    outlines.open_now()
    kept = pickle.dumps(remembered())
    for request in unsealing.open_requests():
        route = request.routing
        secrets = [route.locator, route.officer_key, route.card_hash, route.link, request.key.shred_key.hex()]
        secrets += [route.thread_officer_envelope, *(recipient.envelope for recipient in route.recipients)]
        for secret in filter(None, secrets):
            assert secret.encode() not in kept and bytes.fromhex(secret) not in kept
    assert b"canary" not in kept


def test_a_second_look_opens_nothing_and_a_change_opens_one(
    ana: Member, contact: OpenRequest, ben: Member, opened: list[object]
) -> None:
    others = [submit_request() for _ in range(4)]
    outlines.open_now()
    opened.clear()
    outlines.open_now()
    assert opened == []
    changed = others[2].unsealed
    peer.decline(member={ana.pk: ana, ben.pk: ben}[changed.routing.offered_to[0]], request_id=changed.id)
    opened.clear()
    now = outlines.open_now()
    assert opened == [changed.id] and now.outlines == read_again()


@pytest.mark.parametrize("number", [1, 30])
def test_a_look_takes_one_statement(ana: Member, number: int, django_assert_num_queries: object) -> None:
    for _ in range(number):
        submit_request()
    outlines.open_now()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(outlines.open_now().outlines) == number


def test_each_step_is_seen_at_the_next_look(ana: Member, ben: Member, ana_key: bytes, open_year: None) -> None:
    """Whatever is done with a request gives it another stamp."""
    submitted, other = submit_request(excluded_members=[ben.pk]), submit_request(Urgency.NOW)
    steps = [
        lambda: peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key),
        lambda: peer.mark_read(member=ana, request_id=submitted.unsealed.id, seen=0),
        lambda: peer.suggest_closing(member=ana, request_id=submitted.unsealed.id),
        lambda: officer.change_peer(creds=submitted.credentials, next_may_read=False, turn=1),
        lambda: not_real.mark(member=ben, request_ids=[other.unsealed.id]),
        lambda: sweep.run(now=timezone.now() + timedelta(hours=1)),
        lambda: officer.close(creds=submitted.credentials),
    ]
    for step in steps:
        outlines.open_now()
        step()
        assert outlines.open_now().outlines == read_again()


def test_a_step_that_is_taken_back_leaves_nothing(ana: Member, ben: Member) -> None:
    submitted = submit_request()
    with pytest.raises(RuntimeError), transaction.atomic():
        peer.decline(member=ana, request_id=submitted.unsealed.id)
        outlines.open_now()
        raise RuntimeError
    assert outlines.open_now().outlines == read_again()


def test_a_request_whose_key_is_gone_is_not_shown(ana: Member) -> None:
    gone, left = submit_request(), submit_request()
    assert len(outlines.open_now().outlines) == 2
    id_ = gone.unsealed.id
    keyring.destroy(gone.unsealed.row.key_id)
    now = outlines.open_now()
    assert (set(now.outlines), list(now.erased)) == ({left.unsealed.id}, [id_])


def test_which_keys_are_left_is_asked_once_a_while_and_no_key_is_taken_for_lost(
    ana: Member, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEYS_LISTED_EVERY_SECONDS = 60
    monkeypatch.setattr(outlines, "_looked_over", 0.0)
    gone = submit_request()
    outlines.open_now()
    keyring.destroy(gone.unsealed.row.key_id)
    left = submit_request()  # its key was made after the keys were listed
    assert set(outlines.open_now().outlines) == {row.pk for row in Request.objects.all()}
    monkeypatch.setattr(outlines, "_looked_over", 0.0)
    assert set(outlines.open_now().outlines) == set(outlines.open_now().outlines) == {left.unsealed.id}


def test_what_this_process_has_stored_is_not_opened_again(ana: Member, opened: list[object]) -> None:
    id_ = submit_request().unsealed.id
    outlines.forget()
    outlines.open_now()
    opened.clear()
    other = submit_request()
    assert opened == [] and len(outlines.open_now().outlines) == 2 and opened == []
    assert set(outlines.open_now().outlines) == {id_, other.unsealed.id}
    assert outlines.open_now().outlines == read_again()


def test_half_destroyed_counts_as_gone(ana: Member, own_keyring: Path) -> None:
    key_id = submit_request().unsealed.row.key_id
    outlines.open_now()
    (own_keyring / "shred" / key_id).rename(own_keyring / "shred" / f"{key_id}.dying")
    assert not outlines.open_now().outlines


def test_within_a_minute_nothing_is_left_of_a_closed_request_even_if_nobody_looks(
    ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlines, "LOOKED_THROUGH_EVERY", 0.05)
    closed, left = submit_request(), submit_request()
    outlines.open_now()
    kept = left.unsealed.id
    keyring.destroy(closed.unsealed.row.key_id)
    for _ in range(200):
        if len(remembered()) == 1:
            break
        time.sleep(0.02)
    assert [each.id for each in remembered()] == [kept]
    assert outlines.LOOKED_THROUGH_EVERY < 60


def test_without_the_keyring_nothing_is_remembered_on(ana: Member, own_keyring: Path) -> None:
    submit_request()
    outlines.open_now()
    (own_keyring / "shred").rename(own_keyring / "elsewhere")
    outlines._look_through()
    assert not remembered()
    with pytest.raises(keyring.KeyringUnavailable):
        outlines.open_now()


def test_a_forked_child_remembers_nothing(ana: Member) -> None:
    submit_request()
    outlines.open_now()
    read, write = os.pipe()
    if not (child := os.fork()):
        os.write(write, bytes([len(remembered())]))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 1) == b"\0" and remembered()


def test_a_stamp_is_new_at_each_write_and_bound_to_the_routing(ana: Member, ben: Member) -> None:
    submitted = submit_request()
    before = Request.objects.get()
    request_rows.save(submitted.unsealed, replace(submitted.unsealed.routing, touched=1))
    after = Request.objects.get()
    assert len(bytes(after.stamp)) == vault.STAMP_BYTES and before.stamp != after.stamp
    Request.objects.update(stamp=before.stamp)
    assert unsealing.unreadable() == 1
    Request.objects.update(routing=before.routing)
    assert unsealing.unreadable() == 0
    Request.objects.update(stamp=b"")
    with pytest.raises(envelope.CannotOpen):
        unsealing.unseal(Request.objects.get())


def test_what_was_sealed_before_there_were_stamps_opens_and_gets_one(ana: Member, ben: Member) -> None:
    request = submit_request().unsealed
    Request.objects.update(stamp=b"", routing=vault.seal_routing(request.key, request.routing, b""))
    assert list(outlines.open_now().outlines) == [request.id]
    peer.decline(member={ana.pk: ana, ben.pk: ben}[request.routing.offered_to[0]], request_id=request.id)
    assert len(bytes(Request.objects.get().stamp)) == vault.STAMP_BYTES
    assert outlines.open_now().outlines == read_again()


def test_a_stamp_that_is_copied_to_another_row_shows_nothing_of_it(ana: Member) -> None:
    one, other = submit_request().unsealed, submit_request().unsealed
    outlines.open_now()
    Request.objects.filter(pk=other.id).update(stamp=bytes(one.row.stamp))
    now = outlines.open_now()
    assert (list(now.outlines), list(now.unreadable)) == ([one.id], [other.id])


def test_the_stamp_stands_before_what_is_large() -> None:
    """SQLite reads a row up to the last column that is asked for."""
    with connection.cursor() as cursor:
        columns = [
            column.name for column in connection.introspection.get_table_description(cursor, "requests_app_request")
        ]
    if connection.vendor == "sqlite":
        assert columns == ["id", "key_id", "tag", "stamp", "routing", "card", "words"]
    assert [field.column for field in Request._meta.fields] == [
        "id",
        "key_id",
        "tag",
        "stamp",
        "routing",
        "card",
        "words",
    ]


@pytest.fixture
def at_night() -> Iterator[None]:
    """02:00 in the program's time zone: what can wait isn't announced before the day begins."""
    with time_machine.travel(datetime(2026, 5, 5, 2, tzinfo=timezone.get_default_timezone())):
        yield


@pytest.mark.usefixtures("at_night")
def test_the_sweep_opens_only_what_is_due(ana: Member, ben: Member, opened: list[object]) -> None:
    waiting = [submit_request(Urgency.WHEN_YOU_CAN) for _ in range(3)]
    due = submit_request(Urgency.TODAY)
    ids = {due.unsealed.id}
    sweep.run(now=timezone.now())
    opened.clear()
    sweep.run(now=timezone.now())
    assert opened == [], "nothing has happened"
    sweep.run(now=timezone.now() + timedelta(minutes=61))
    assert set(opened) == ids
    assert {request.unsealed.routing.state for request in waiting} == {RequestState.OFFERED}


def test_the_sweep_opens_what_a_member_leaves_behind(ana: Member, ben: Member, opened: list[object]) -> None:
    submitted = submit_request(Urgency.WHEN_YOU_CAN)
    sweep.run(now=timezone.now())
    (asked,) = submitted.unsealed.routing.offered_to
    Member.objects.filter(pk=asked).update(leave_from=timezone.localdate())
    opened.clear()
    sweep.run(now=timezone.now())
    assert opened and submitted.unsealed.routing.offered_to == [({ana.pk, ben.pk} - {asked}).pop()]


def test_the_sweep_offers_to_whoever_is_there_again(ana: Member, ben: Member, opened: list[object]) -> None:
    submitted = submit_request(Urgency.TODAY)
    (asked_id,) = submitted.unsealed.routing.offered_to
    asked, other = (ana, ben) if asked_id == ana.pk else (ben, ana)
    availability.pause(member_id=other.pk, back_on=timezone.localdate() + timedelta(days=3), by=other.user)
    peer.decline(member=asked, request_id=submitted.unsealed.id)
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    sweep.run(now=timezone.now())
    opened.clear()
    sweep.run(now=timezone.now())
    assert opened == [], "there is nobody new"
    availability.end_pause(member_id=other.pk, by=other.user)
    sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.offered_to == [other.pk]
