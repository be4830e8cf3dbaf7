"""A backup restored into the home that it is of: the team as it was, and whoever asks for support goes on."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone

from operations import processes
from operations.backup import databases, keys, pair, tables
from operations.upgrade import schema
from peersupport.access.permissions import Role
from peersupport.audit import actions as audit
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.team.actions import membership
from peersupport.team.models import Member, MemberKey, User
from requests_app.actions import officer, peer, sweep
from requests_app.domain.states import RecipientStatus, RequestState
from requests_app.models import MatchingPreferences, Request, SubmittedForm
from requests_app.queries import members, officers
from stats.actions import close_year, open_current_year, open_year
from stats.models import StatsReport, StatsYear
from tests.audit_triggers import lifted
from tests.cast import make_member, make_user, private_key_of, sign_in
from tests.operations.backup.conftest import Home
from tests.operations.backup.test_contents import stored, upload_certificate
from tests.requests_app.conftest import OpenRequest, submit_request, train

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "Nia Newer"


def accept(submitted: OpenRequest, member: Member) -> None:
    key = private_key_of(member.user.name)
    assert peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key) == peer.AcceptOutcome.ACCEPTED


def offered_to(submitted: OpenRequest) -> set[int]:
    return {
        each.member_id
        for each in submitted.unsealed.routing.recipients
        if each.status in {RecipientStatus.OFFERED, RecipientStatus.ACCEPTED}
    }


def write(submitted: OpenRequest, text: str) -> None:
    officer.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=text)


def test_requests_of_a_member_who_came_since_go_on_to_another(home: Home, ana: Member, ben: Member) -> None:
    home.take()
    carla = User.objects.get(is_coordinator=True)
    newer = make_member(NEW, confirmed_by=carla)
    audit.record(action="member_designated", by=carla.pk, about=f"member:{newer.pk}")
    audit.record(action="leave_taken", by=newer.user_id, about=f"member:{newer.pk}")
    of_newer = submit_request(message="One", wanted=newer.pk)
    accept(of_newer, newer)
    write(of_newer, "two")
    peer.set_matching_preferences(member_id=newer.pk, not_now=["grief"], experiences=[])
    peer.set_matching_preferences(member_id=ana.pk, not_now=["grief"], experiences=[])

    restored = home.restore()
    assert restored.rows.former == 1 and restored.is_well
    assert not Member.objects.filter(pk=newer.pk).exists()
    assert list(MatchingPreferences.objects.values_list("member", flat=True)) == [ana.pk]
    former = User.objects.get(pk=newer.user_id)
    assert (former.name, former.is_active, former.roles) == (NEW, False, frozenset())

    own = officers.own_request(of_newer.credentials)
    assert of_newer.unsealed.routing.state == RequestState.PEER_LOST
    assert own is not None and not own.is_damaged and own.words.message == "One"
    officer.offer_again(creds=of_newer.credentials, next_may_read=True, turn=of_newer.unsealed.routing.turn)
    assert offered_to(of_newer) and offered_to(of_newer) <= {ana.pk, ben.pk}
    other = Member.objects.get(pk=offered_to(of_newer).pop())
    accept(of_newer, other)
    contact = members.contact_for(other, of_newer.unsealed.id, private_key_of(other.user.name))
    assert contact is not None and [message.text for message in contact.thread] == ["two"]


def test_a_request_that_was_only_offered_to_them_is_offered_to_another(home: Home, ana: Member, ben: Member) -> None:
    home.take()
    newer = make_member(NEW, confirmed_by=User.objects.get(is_coordinator=True))
    submitted = submit_request(message="One", wanted=newer.pk)
    assert offered_to(submitted) == {newer.pk}
    home.restore()
    assert offered_to(submitted) and offered_to(submitted) <= {ana.pk, ben.pk}
    other = Member.objects.get(pk=offered_to(submitted).pop())
    accept(submitted, other)
    contact = members.contact_for(other, submitted.unsealed.id, private_key_of(other.user.name))
    assert contact is not None and contact.words is not None and contact.words.message == "One"


def test_a_request_whose_peer_is_in_the_backup_goes_on_with_its_thread(home: Home, ana: Member, ana_key: bytes) -> None:
    before = submit_request(message="Before", wanted=ana.pk)
    accept(before, ana)
    home.take()
    write(before, "since")
    after = submit_request(message="After", wanted=ana.pk)
    accept(after, ana)
    marks = SubmittedForm.objects.count()
    home.restore()
    sweep.run(now=timezone.now())
    write(before, "and after")
    contact = members.contact_for(ana, before.unsealed.id, ana_key)
    assert contact is not None and [message.text for message in contact.thread] == ["since", "and after"]
    contact = members.contact_for(ana, after.unsealed.id, ana_key)
    assert contact is not None and contact.words is not None and contact.words.message == "After"
    assert SubmittedForm.objects.count() == marks


def test_a_closed_request_does_not_come_back(home: Home, ana: Member, ana_key: bytes) -> None:
    submitted = submit_request(wanted=ana.pk)
    accept(submitted, ana)
    home.take()
    officer.close(creds=submitted.credentials)
    home.restore()
    assert not Request.objects.exists() and officers.request_of(submitted.credentials) is None


def test_the_team_is_as_it_was_and_everybody_is_signed_out(
    home: Home, client: Client, ana: Member, ben: Member
) -> None:
    train(ana, "listening_skills")
    certificate = upload_certificate(ana)
    home.take()
    carla = User.objects.get(is_coordinator=True)
    membership.end_membership(member_id=ben.pk, reason="own_wish", on=timezone.localdate(), by=carla)
    User.objects.filter(pk=ana.user_id).update(name="Ana Other")
    make_user("Olaf Other", Role.OPERATOR)
    sign_in(client, ana)
    home.restore()
    assert sorted(User.objects.values_list("name", flat=True)) == ["Ana Alvarez", "Ben Brandt", "Carla Coordinator"]
    assert Member.objects.get(pk=ben.pk).state == "designated" and MemberKey.objects.get(member=ben).is_verified
    assert ana.training_records.count() == 1 and ana.external_training.get().certificate == certificate
    assert not Session.objects.exists()
    sign_in(Client(), ana)


def test_the_audit_goes_on_and_numbers_are_never_given_again(home: Home, ana: Member) -> None:
    home.take()
    carla = User.objects.get(is_coordinator=True)
    newer = make_member(NEW, confirmed_by=carla)
    key = newer.keys.get()
    audit.record(action="leave_taken", by=newer.user_id)
    before = list(Entry.objects.order_by("pk").values())
    home.restore()
    entries = list(Entry.objects.order_by("pk").values())
    assert entries[: len(before)] == before
    assert next(entry["action"] for entry in entries[len(before) :]) == "backup_restored"
    newest = make_member("Nora Newest", confirmed_by=carla)
    assert newest.pk > newer.pk and newest.user_id > newer.user_id and newest.keys.get().pk > key.pk


def test_a_former_persons_address_gives_way_to_whose_it_was(home: Home, ana: Member) -> None:
    home.take()
    User.objects.filter(pk=ana.user_id).update(email="moved@example.org")
    other = make_user("Ana Another", Role.OPERATOR)
    audit.record(action="leave_taken", by=other.pk)
    home.restore()
    assert User.objects.get(email="ana@example.org").pk == ana.user_id
    assert not User.objects.get(pk=other.pk).is_active


def test_open_years_and_reports_since_stay(home: Home, ana: Member) -> None:
    open_current_year()
    year = timezone.localdate().year
    open_year(year=year - 1)
    home.take()
    close_year(year=year - 1)
    report, open_now = StatsReport.objects.get(), StatsYear.objects.get()
    home.restore()
    assert StatsReport.objects.get().document == report.document
    assert (StatsYear.objects.get().key_id, bytes(StatsYear.objects.get().blob)) == (
        open_now.key_id,
        bytes(open_now.blob),
    )
    keyring.get(open_now.key_id)


def test_uploads_come_back_and_those_of_now_stay(home: Home, ana: Member, settings: Any) -> None:
    old = upload_certificate(ana)
    uploaded = stored(old)
    home.take()
    folder = Path(settings.PRIVATE_FILES) / "certificates"
    (folder / old).unlink()
    (folder / ("0" * 32)).write_bytes(b"of now")
    assert home.restore().uploads_back == 1
    assert (folder / old).read_bytes() == uploaded and (folder / old).stat().st_mode & 0o777 == 0o600
    assert (folder / ("0" * 32)).read_bytes() == b"of now"


def test_an_upload_that_is_nowhere_is_said(home: Home, ana: Member, settings: Any) -> None:
    lost = upload_certificate(ana)
    (Path(settings.PRIVATE_FILES) / "certificates" / lost).unlink()
    home.take()
    restored = home.restore()
    assert restored.missing == (f"certificates/{lost}",) and not restored.is_well


def test_a_lost_secret_comes_back_and_a_newer_one_stays(home: Home, ana: Member, own_keyring: Path) -> None:
    lost, replaced = keyring.lasting("matching"), keyring.lasting("spent")
    home.take()
    (own_keyring / "lasting" / "matching").unlink()
    keyring.replace_lasting("spent", b"n" * 32)
    restored = home.restore()
    assert keyring.lasting("matching") == lost and keyring.lasting("spent") == b"n" * 32 != replaced
    assert restored.secrets_back == 1 and restored.newer == ("spent",) and not restored.is_well


def test_a_secret_that_was_renewed_is_in_the_backup_and_counts_as_here(home: Home, ana: Member) -> None:
    keyring.lasting("matching")
    for _ in range(2):  # a second one in the same half hour has a number at its end
        keyring.renew_lasting("matching")
    home.take()
    known = keyring.known("matching")
    keyring.renew_lasting("matching")
    keyring.drop_earlier("matching", keyring.earlier("matching")[-1])
    restored = home.restore()
    assert set(known) < set(keyring.known("matching")) and restored.newer == ()


def test_notices_to_people_who_are_gone_are_dropped(home: Home, ana: Member) -> None:
    home.take()
    newer = make_user("Olaf Other", Role.OPERATOR)
    Notice.objects.create(recipient=newer)
    Notice.objects.create(recipient=ana.user)
    home.restore()
    assert list(Notice.objects.values_list("recipient", flat=True)) == [ana.user_id]


class TestRefusals:
    """Whatever is wrong is found before anything is touched."""

    @pytest.fixture(autouse=True)
    def backup(self, home: Home, ana: Member) -> Any:
        upload_certificate(ana)
        home.take()
        make_user("Olaf Other", Role.OPERATOR)
        before = {model: list(model._base_manager.values()) for model in tables.all_models()}
        files = sorted(home.folder.rglob("*"))
        yield
        assert {model: list(model._base_manager.values()) for model in tables.all_models()} == before
        assert [file for file in sorted(home.folder.rglob("*")) if file.name != "serve.lock"] == files

    def test_another_key(self, home: Home) -> None:
        with pytest.raises(Refused, match="another key"):
            home.restore(identity=keys.identity(keys.make()[0]))

    def test_files_of_two_backups(self, home: Home, tmp_path: Path) -> None:
        earlier = tmp_path / "earlier"
        pair.lasting_of(home.file).rename(earlier)
        home.take()
        with pytest.raises(Refused, match="not of the same backup"):
            home.restore(lasting=earlier)

    def test_the_wrong_way_round(self, home: Home) -> None:
        with pytest.raises(Refused, match="other way round"):
            home.restore(data=home.source.lasting, lasting=home.source.data)

    def test_a_damaged_end(self, home: Home) -> None:
        content = home.file.read_bytes()
        home.file.write_bytes(content[:-20])
        with pytest.raises(Refused, match="damaged"):
            home.restore()

    def test_while_it_is_served(self, home: Home) -> None:
        with processes.lock_home(home.folder), pytest.raises(Refused, match="Stop it first"):
            home.restore()

    def test_another_installation(self, home: Home, own_keyring: Path) -> None:
        secret = own_keyring / "lasting" / "installation"
        kept = secret.read_bytes()
        secret.write_bytes(b"o" * 32)
        with pytest.raises(Refused, match="another installation"):
            home.restore()
        secret.write_bytes(kept)

    def test_shred_is_not_mounted(self, home: Home, own_keyring: Path) -> None:
        (own_keyring / "shred" / keyring.FOLDER_MARKER).unlink()
        with pytest.raises(Refused, match="Mount its volume"):
            home.restore()

    def test_a_newer_version(self, home: Home) -> None:
        with databases.in_memory(home.opened(home.file)["database.sqlite3"]) as copy:
            with connections[copy].cursor() as cursor:
                cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('team', '0999_new', '')")
            applied = databases.applied_migrations(databases.serialized(copy))
            assert schema.unknown(applied) == ["team.0999_new"]


def test_a_backup_whose_audit_is_another_is_refused(home: Home, ana: Member, own_keyring: Path) -> None:
    audit.record(action="leave_taken", by=ana.user_id)
    home.take()
    (own_keyring / "lasting" / "installation").unlink()
    with lifted():
        Entry.objects.update(action="returned_from_leave")
    with pytest.raises(Refused, match="its audit"):
        home.restore()
