"""What a backup has and what it never has."""

import json
import os
import sqlite3
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as current_settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import ForeignKey
from django.test import Client
from django.utils import timezone
from PIL import Image
from pyrage import x25519

from operations.backup import databases, keys, pair, record, tables, taking
from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.core.retention import Retention
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.settings import home as home_settings
from peersupport.team.models import Member, QueuedMail, User
from requests_app.actions import officer, peer
from requests_app.models import Message, PlaneKey, Request
from stats.actions import open_current_year
from stats.models import StatsYear
from tests.cast import make_user, sign_in
from tests.operations.backup.conftest import Home
from tests.requests_app.conftest import submit_request
from training.actions import external_training
from training.models import ExternalTraining

SUPPORT = {model._meta.label for model in tables.all_models() if tables.retention_of(model).plane == "support"}
WORDS = "I have not slept since the pursuit."


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    return out.getvalue()


def stored(certificate: str) -> bytes:
    """The file as it is kept: a picture is made anew."""
    return (Path(current_settings.PRIVATE_FILES) / "certificates" / certificate).read_bytes()


def upload_certificate(member: Member) -> str:
    reported = external_training.report(
        member=member, subject="mediation", completed_on=timezone.localdate(), hours=Decimal(4),
        provider="The county academy", certificate=png(), by=member.user,
    )  # fmt: skip
    return reported.certificate


def test_what_no_backup_has_is_this_and_nothing_else() -> None:
    """Whoever adds a table decides: the plane says it, or the declaration itself."""
    backed_up = {model._meta.label for model in tables.backed_up()}
    left_out = {model._meta.label for model in tables.all_models()} - backed_up
    assert left_out - SUPPORT == {
        "applications.DailyMailCount",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "contenttypes.ContentType",
        "operations.Heartbeat",
        "operations.Round",
        "sessions.Session",
        "stats.StatsBreakdown",
        "stats.StatsYear",
        "program.ClockSeen",
        "requests_app.TelephoneOnly",
        "team.FactorLift",
        "team.QueuedMail",
        "team.RosterImport",
        "team.Tries",
        "team.UsedCode",
        "training.ImportRow",
    }
    assert len(SUPPORT) == 12 and not SUPPORT & backed_up


def test_what_a_backup_has_refers_to_nothing_that_it_does_not_have() -> None:
    backed_up = tables.backed_up()
    references = [(model, field) for model in backed_up for field in model._meta.concrete_fields if field.is_relation]
    assert all(isinstance(field, ForeignKey) for _, field in references)
    assert {field.related_model for _, field in references} <= set(backed_up)


def test_the_support_plane_cannot_be_declared_into_backups() -> None:
    of_support = {"title": "", "plane": "support", "reason": "", "lifetime": "", "readers": "", "fields": {}}
    with pytest.raises(ValueError, match="support plane"):
        Retention(**of_support, in_backup=True)
    with pytest.raises(ValueError, match="says whether"):
        Retention(**of_support | {"plane": "statistics"})


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_request_is_in_either_file(
    home: Home, client: Client, ana: Member, ana_key: bytes, ben: Member
) -> None:
    open_current_year()
    submitted = submit_request(message=WORDS, contact="555-0100, after six", wanted=ana.pk)
    peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    officer.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text="and now?")
    peer.set_matching_preferences(member_id=ana.pk, not_now=["grief"], experiences=[])
    certificate = upload_certificate(ana)
    QueuedMail.objects.create(kind="invitation", email="queued@example.org", sealed=os.urandom(40))
    gone = make_user("Gustav Gone", Role.OPERATOR)
    gone.delete()
    sign_in(client, ana)

    assert home.take().missing == ()
    files = [home.opened(home.file), home.opened(pair.lasting_of(home.file))]
    text = b"".join(name.encode() + content for file in files for name, content in file.items())
    request, year = Request.objects.get(), StatsYear.objects.get()
    canaries = {
        "what was typed": WORDS.encode(),
        "the request's id": request.pk.bytes,
        "the same, as SQLite has it": request.pk.hex.encode(),
        "its tag": bytes(request.tag),
        "its routing": bytes(request.routing)[:32],
        "its words": bytes(request.words)[:32],
        "a message": bytes(Message.objects.get().body)[:32],
        "the open year": bytes(year.blob)[:32],
        "the plane key's name": PlaneKey.objects.get().key_id.encode(),
        "a session": Session.objects.get().session_key.encode(),
        "a queued mail": bytes(QueuedMail.objects.get().sealed)[:32],
        "whom it is for": b"queued@example.org",
        "a deleted row": b"Gustav Gone",
        **{f"a key's name {key_id}": key_id.encode() for key_id in keyring.shred_ids()},
        **{f"a key {key_id}": keyring.get(key_id) for key_id in keyring.shred_ids()},
    }
    assert len(keyring.shred_ids()) >= 3
    assert [name for name, canary in canaries.items() if canary in text] == []
    assert b"Ana Alvarez" in files[0]["database.sqlite3"] and b"ana@example.org" in files[0]["database.sqlite3"]
    assert files[0][f"private/certificates/{certificate}"] == stored(certificate)
    assert files[1]["lasting/credentials"] == keyring.lasting("credentials")
    assert (
        b"a secret of the settings" in files[1]["settings.env"] and b"a secret of" not in files[0]["database.sqlite3"]
    )


@pytest.mark.django_db(transaction=True)
def test_only_the_private_half_opens_it(home: Home, ana: Member) -> None:
    home.take()
    other, _ = keys.make()
    for file in (home.file, pair.lasting_of(home.file)):
        assert file.stat().st_mode & 0o777 == 0o600
        assert b"Ana Alvarez" not in file.read_bytes()
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(file.read_bytes(), [x25519.Identity.from_str(other)])


@pytest.mark.django_db(transaction=True)
def test_both_files_bear_the_same_random_id(home: Home, ana: Member) -> None:
    ids = []
    for _ in range(2):
        home.take()
        manifests = [json.loads(home.opened(file)["manifest.json"]) for file in (home.file, pair.lasting_of(home.file))]
        assert manifests[0]["id"] == manifests[1]["id"]
        ids.append(manifests[0]["id"])
    assert ids[0] != ids[1]


@pytest.mark.django_db(transaction=True)
def test_its_database_is_one_that_sqlite_reads(home: Home, ana: Member, tmp_path: Path) -> None:
    home.take()
    database = sqlite3.connect(":memory:")
    database.deserialize(home.opened(home.file)["database.sqlite3"])
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("SELECT name FROM team_user ORDER BY id").fetchall() == [
        ("Carla Coordinator",),
        ("Ana Alvarez",),
    ]
    assert database.execute("SELECT count(*) FROM training_subject").fetchone() == (7,)
    database.close()


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_an_earlier_version_is_migrated_before_it_is_copied(home: Home, ana: Member) -> None:
    home.take()
    with databases.in_memory(home.opened(home.file)["database.sqlite3"]) as copy:
        call_command("migrate", "team", "0003", database=copy, verbosity=0)
        of_before = databases.serialized(copy)
    with databases.in_memory(of_before) as copy:
        assert Member.objects.using(copy).get().is_asked_by_name
        assert User.objects.using(copy).get(pk=ana.user_id).name == "Ana Alvarez"


@pytest.mark.django_db(transaction=True)
def test_it_notes_when_it_was_made_and_where(home: Home, ana: Member) -> None:
    before = timezone.now()
    home.take()
    noted = record.last(Path(current_settings.KEYRING))
    assert noted is not None and noted.file == home.file and before <= noted.at <= timezone.now()
    assert (Path(current_settings.KEYRING) / record.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_a_missing_upload_is_said_and_the_rest_is_backed_up(home: Home, ana: Member, settings: object) -> None:
    certificate = upload_certificate(ana)
    (Path(current_settings.PRIVATE_FILES) / "certificates" / certificate).unlink()
    assert home.take().missing == (f"certificates/{certificate}",)
    assert b"Ana Alvarez" in home.opened(home.file)["database.sqlite3"]


@pytest.mark.django_db(transaction=True)
def test_without_a_key_or_a_folder_it_says_so_and_leaves_the_one_before(home: Home, ana: Member) -> None:
    home.take()
    before = home.file.read_bytes()
    home_settings.write(home.folder, {keys.VARIABLE: None})
    with pytest.raises(Refused, match="no backup key"):
        home.take()
    home_settings.write(home.folder, {keys.VARIABLE: keys.make()[1]})
    with pytest.raises(Refused, match="can't be written: No such file"):
        taking.take(home.folder, home.folder / "nowhere" / "backup")
    assert home.file.read_bytes() == before
    assert sorted(file.name for file in home.file.parent.glob("backup*")) == ["backup", "backup.lasting"]


@pytest.mark.django_db(transaction=True)
def test_tables_of_the_former_version_are_backed_up_by_that_version(home: Home) -> None:
    recorded = MigrationRecorder.Migration.objects.filter(app="operations")
    rows = list(recorded)
    recorded.delete()
    try:
        with pytest.raises(Refused, match="Back up with the former version, or run `upgrade` first"):
            home.take()
    finally:
        MigrationRecorder.Migration.objects.bulk_create(rows)


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_could_not_be_restored_is_never_called_done(home: Home, ana: Member, settings: object) -> None:
    certificate = upload_certificate(ana)
    home.take()
    before, noted = home.file.read_bytes(), record.last(Path(current_settings.KEYRING))
    folder = Path(current_settings.PRIVATE_FILES) / "certificates"
    (folder / certificate).rename(folder / "certificate of Ana.png")
    ExternalTraining.objects.update(certificate="certificate of Ana.png")
    with pytest.raises(Refused, match="no backup was made: it could not be restored"):
        home.take()
    assert (home.file.read_bytes(), record.last(Path(current_settings.KEYRING))) == (before, noted)
    assert sorted(file.name for file in home.folder.parent.glob("backup*")) == ["backup", "backup.lasting"]


@pytest.mark.django_db(transaction=True)
def test_what_is_no_secret_is_left_out(home: Home, ana: Member, own_keyring: Path) -> None:
    (own_keyring / "lasting" / "receipt.bak").write_bytes(b"somebody's own copy")
    home.take()
    assert "lasting/receipt.bak" not in home.opened(pair.lasting_of(home.file))
    home.restore()
