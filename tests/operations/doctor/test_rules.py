"""What the facts mean: each rule by a table, without a machine and without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from operations.doctor.domain import front, keys, places, times, variables
from operations.doctor.domain.findings import Finding, Level
from operations.doctor.domain.front import Arrived
from operations.doctor.domain.places import Owned, Room, Volume
from operations.doctor.domain.times import Backup, Queue
from operations.doctor.reading import tables
from peersupport.core.variables import VARIABLES, Needed

NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EXT4 = Volume("/srv/keys", "253:3", "ext4", "/dev/mapper/keys", dm=("CRYPT-LUKS2-0af-keys",))
ROOT = Volume("/", "8:1", "ext4", "/dev/sda1")


def codes(findings: list[Finding]) -> list[str]:
    return [each.code for each in findings]


SET = {
    "PEERSUPPORT_SECRET_KEY": "s" * 50,
    "PEERSUPPORT_HOST_SECRET": "h" * 32,
    "PEERSUPPORT_SITE_URL": "https://peer.example.org",
    "PEERSUPPORT_EMAIL_URL": "smtp://mail",
    "PEERSUPPORT_FROM_EMAIL": "peer@example.org",
}


@pytest.mark.parametrize(
    ("changed", "found", "level"),
    [
        ({}, ["ok"], Level.WELL),
        ({"PEERSUPPORT_TIME_ZONE": "America/Denver"}, ["ok"], Level.WELL),
        ({"PEERSUPPORT_HOST_SECRET": ""}, ["missing"], Level.CANNOT_SERVE),
        ({"PEERSUPPORT_HOST_SECRET": "h" * 31}, ["host_secret"], Level.CANNOT_SERVE),
        ({"PEERSUPPORT_HOST_SECRET": "h" * 31 + ","}, ["host_secret"], Level.CANNOT_SERVE),
        ({"PEERSUPPORT_SECRET_KEY": "short"}, ["secret_key"], Level.SEE_TO),
        ({"PEERSUPPORT_TIME_ZONE": "Mars/Olympus"}, ["time_zone"], Level.CANNOT_SERVE),
        ({"PEERSUPPORT_PROXY_COUNT": "two"}, ["proxy_count"], Level.CANNOT_SERVE),
        ({"PEERSUPPORT_SITE_URL": "http://localhost:8000"}, ["trial"], Level.SEE_TO),
        ({"PEERSUPPORT_EMAIL_URL": "files"}, ["mail_files"], Level.SEE_TO),
        ({"PEERSUPPORT_PROXYCOUNT": "2"}, ["unknown"], Level.SEE_TO),
    ],
)
def test_settings(changed: dict[str, str], found: list[str], level: Level) -> None:
    findings = variables.findings(SET | changed, has_home=True, time_zones={"America/Denver"})
    assert (codes(findings), findings[0].level) == (found, level)


def test_without_a_home_every_place_has_to_be_named() -> None:
    missing = variables.findings(SET, has_home=False, time_zones=())
    assert {each.values["name"] for each in missing} == {
        each.name for each in VARIABLES if each.needed is Needed.WITHOUT_HOME
    }


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (Owned("/h/a", 0o600, 7, is_folder=False), ["ok"]),
        (Owned("/h", 0o700, 7, is_folder=True), ["ok"]),
        (Owned("/h/a", 0o640, 7, is_folder=False), ["open"]),
        (Owned("/h/a", 0o604, 7, is_folder=False), ["open"]),
        (Owned("/h", 0o701, 7, is_folder=True), ["open"]),
        (Owned("/h/a", 0o600, 0, is_folder=False), ["owner"]),
    ],
)
def test_modes_and_owners(file: Owned, found: list[str]) -> None:
    assert codes(places.mode_findings([file], owner=7)) == found


@pytest.mark.parametrize(
    ("shred", "found"),
    [
        (replace(EXT4, type="xfs"), ["ok"]),
        (EXT4, ["inline_data"]),
        (ROOT, ["same_volume", "unencrypted", "inline_data"]),
        (replace(EXT4, type="btrfs"), ["keeps"]),
        (replace(EXT4, type="zfs"), ["keeps"]),
        (replace(EXT4, type="overlay", dm=()), ["keeps", "unencrypted"]),
        (replace(EXT4, type="nfs4", dm=()), ["remote", "unencrypted"]),
        (replace(EXT4, type="fuse.sshfs", dm=()), ["remote", "unencrypted"]),
        (replace(EXT4, type="tmpfs", dm=()), ["memory"]),
        (replace(EXT4, type="xfs", options=frozenset({"rw", "data=journal"})), ["journal"]),
        (replace(EXT4, type="xfs", dm=("LVM-x", "LVM-x-real", "CRYPT-y")), ["snapshot"]),
        (replace(EXT4, type="xfs", dm=("LVM-x", "CRYPT-y")), ["ok"]),
        (None, ["unknown"]),
    ],
)
def test_where_keys_are_destroyed(shred: Volume | None, found: list[str]) -> None:
    assert codes(places.shred_findings(shred, ROOT)) == found


MOUNTS = r"""27 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,discard
40 27 0:40 /@home /srv rw - btrfs /dev/sdb1 rw,subvol=/@home
41 27 253:3 / /srv/my\040keys rw,noatime shared:3 - ext4 /dev/mapper/keys rw,data=journal
not a mount"""


@pytest.mark.parametrize(
    ("path", "mount", "kind"),
    [
        ("/home/peer/keyring/shred", "/", "ext4"),
        ("/srv/keyring", "/srv", "btrfs"),
        ("/srv", "/srv", "btrfs"),
        ("/srvother", "/", "ext4"),
        ("/srv/my keys/shred", "/srv/my keys", "ext4"),
    ],
)
def test_a_path_lies_on_the_longest_mount(path: str, mount: str, kind: str) -> None:
    volume = places.volume_of(path, places.parse_mounts(MOUNTS))
    assert volume is not None
    assert (volume.mount, volume.type) == (mount, kind)
    assert ("data=journal" in volume.options) == (mount == "/srv/my keys")


@pytest.mark.parametrize(
    ("free", "total", "inodes", "found"),
    [
        (50 << 30, 100 << 30, 500, ["ok"]),
        (2 << 30, 100 << 30, 500, ["ok"]),
        (900 << 20, 100 << 30, 500, ["little"]),
        (900 << 20, 1 << 30, 500, ["ok"]),  # a small volume for keys alone
        (20 << 20, 1 << 30, 500, ["full"]),
        (20 << 20, 24 << 20, 500, ["ok"]),
        (1 << 20, 24 << 20, 500, ["full"]),
        (50 << 30, 100 << 30, 40, ["inodes"]),
    ],
)
def test_room(free: int, total: int, inodes: int, found: list[str]) -> None:
    assert codes(places.room_findings([Room("/srv", free, total, inodes, 1000)])) == found


@pytest.mark.parametrize(
    ("left", "found", "level"),
    [
        (15 * DAYS, "ok", Level.WELL),
        (13 * DAYS, "expiring", Level.SEE_TO),
        (-MINUTES, "expired", Level.CANNOT_SERVE),
    ],
)
def test_certificate(left: timedelta, found: str, level: Level) -> None:
    findings = times.certificate_findings(NOW + left, now=NOW)
    assert (codes(findings), findings[0].level) == ([found], level)


EVERY = {"minutely": MINUTES, "half-hourly": 30 * MINUTES, "daily": DAYS, "weekly": 7 * DAYS}


@pytest.mark.parametrize(
    ("task", "ago", "found"),
    [
        ("minutely", 5 * MINUTES, "ok"),
        ("minutely", 6 * MINUTES, "late"),
        ("half-hourly", 36 * MINUTES, "ok"),
        ("half-hourly", 40 * MINUTES, "late"),
        ("daily", 25 * HOURS, "ok"),  # the day on which the clocks go back
        ("daily", 27 * HOURS, "late"),
        ("weekly", 7 * DAYS + HOURS, "ok"),
        ("weekly", 8 * DAYS, "late"),
    ],
)
def test_when_a_round_is_late(task: str, ago: timedelta, found: str) -> None:
    ran_at = dict.fromkeys(EVERY, NOW) | {task: NOW - ago}
    assert codes(times.round_findings(EVERY, ran_at, since=NOW - 90 * DAYS, now=NOW)) == [found]


def test_round_that_never_ran_is_late_only_when_it_was_due_since_the_start() -> None:
    ran_at = {"minutely": NOW}
    assert codes(times.round_findings(EVERY, ran_at, since=NOW - HOURS, now=NOW)) == ["never"]
    assert codes(times.round_findings(EVERY, ran_at, since=NOW - 2 * DAYS, now=NOW)) == ["never", "never"]


@pytest.mark.django_db
def test_a_round_that_came_with_the_last_upgrade_is_not_late_yet() -> None:
    now = timezone.now()
    MigrationRecorder.Migration.objects.update(applied=now - 90 * DAYS)
    assert tables.noted_since() == now - 90 * DAYS
    newest = MigrationRecorder.Migration.objects.latest("pk")
    MigrationRecorder.Migration.objects.filter(pk=newest.pk).update(applied=now - HOURS)
    found = times.round_findings(EVERY, {"minutely": now}, since=tables.noted_since(), now=now)
    assert codes(found) == ["never"], "the one of each half hour, and neither the daily nor the weekly one"


def test_when_nothing_runs_at_all_one_line_says_so() -> None:
    ran_at = dict.fromkeys(EVERY, NOW - 30 * DAYS)
    assert codes(times.round_findings(EVERY, ran_at, since=NOW - 90 * DAYS, now=NOW)) == ["none"]


def test_the_gaps_are_those_of_the_schedule() -> None:
    gaps = tables.gaps()
    assert gaps["requests_app.tasks.sweep"] == MINUTES
    assert gaps["operations.tasks.destroy_orphaned_keys"] == 30 * MINUTES
    assert gaps["applications.tasks.purge"] == DAYS
    assert gaps["requests_app.tasks.renew_plane_key"] == 7 * DAYS


@pytest.mark.parametrize(
    ("backup", "found"),
    [
        (Backup(has_key=True, made_at=NOW - 25 * HOURS), ["ok"]),
        (Backup(has_key=True, made_at=NOW - 27 * HOURS), ["old"]),
        (Backup(has_key=True), ["never"]),
        (Backup(has_key=False, made_at=NOW), ["no_key"]),
        (Backup(has_key=True, made_at=NOW - 25 * HOURS, together=("/b/1", "/b/1.lasting")), ["ok"]),
        (Backup(has_key=True, made_at=NOW - 27 * HOURS, together=("/b/1", "/b/1.lasting")), ["old", "together"]),
        (Backup(has_key=True, made_at=NOW, together=("/b/1",)), ["ok"]),
    ],
)
def test_backup(backup: Backup, found: list[str]) -> None:
    assert codes(times.backup_findings(backup, now=NOW)) == found


@pytest.mark.parametrize(
    ("queue", "found"),
    [
        (Queue(0, 0), "ok"),
        (Queue(3, 0), "waiting"),
        (Queue(201, 0), "many"),
        (Queue(3, 1), "tried"),
    ],
)
def test_queue(queue: Queue, found: str) -> None:
    assert codes(times.queue_findings("notices", queue)) == [found]


@pytest.mark.parametrize(("tries", "minutes"), [(0, 0), (1, 0), (2, 5), (3, 10), (7, 30)])
def test_how_long_the_oldest_waits_follows_from_its_tries(tries: int, minutes: int) -> None:
    assert times.waits_minutes(tries) == minutes


@pytest.mark.parametrize(
    ("synchronized", "ahead", "found"),
    [
        (True, timedelta(), ["ok"]),
        (None, timedelta(), ["unknown"]),
        (False, timedelta(), ["unsynchronized"]),
        (True, timedelta(seconds=6), ["database"]),
        (None, timedelta(seconds=-6), ["database"]),
    ],
)
def test_clock(synchronized: bool | None, ahead: timedelta, found: list[str]) -> None:
    assert codes(times.clock_findings(is_synchronized=synchronized, database_ahead=ahead)) == found


FITS = Arrived("https", "peer.example.org", 1, 1, "https://peer.example.org", "same-origin", "1.0", "abc")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ["ok"]),
        ({"scheme": "http"}, ["scheme"]),
        ({"host": "127.0.0.1:8000"}, ["host"]),
        ({"forwarded": 0}, ["too_few"]),
        ({"forwarded": 2}, ["too_many"]),
        ({"origin": "null"}, ["origin"]),
        ({"origin": "", "fetch_site": ""}, ["origin"]),
        ({"fetch_site": ""}, ["fetch_site"]),
        ({"fingerprint": "def"}, ["older_code"]),
    ],
)
def test_what_arrives(changed: dict, found: list[str]) -> None:
    arrived = replace(FITS, **changed)
    assert codes(front.findings(arrived, site_url="https://peer.example.org", fingerprint="abc")) == found


def test_keys_and_rows() -> None:
    assert codes(keys.findings(keys.Keys(0, {}))) == ["ok"]
    assert codes(keys.findings(keys.Keys(2, {"requests_app_request": 1}))) == ["without_key", "without_row"]
