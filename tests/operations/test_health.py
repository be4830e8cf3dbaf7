"""/healthz: well only if everything that an officer's request needs is there, and no detail beyond codes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, models, transaction
from django.test import Client, override_settings
from django.urls import reverse

from operations import health, queries, tasks
from peersupport.sealing import host_secret
from stats import actions as stats

pytestmark = pytest.mark.django_db
PARTS = ("database", "keyring", "room", "worker", "statistics", "on_call", "stored")


@pytest.fixture
def healthz(client):
    def ask():
        answer = client.get(reverse("operations:healthz"))
        return answer.status_code, answer.json()

    return ask


def test_another_host_secret_is_no_health(own_keyring: Path) -> None:
    """Where the keyring was mounted after the start: neither the web process nor the worker counts as well."""
    host_secret.check()
    with override_settings(HOST_SECRET="another secret of thirty-two characters"):
        assert health.report()["keyring"] == "another_host_secret"
        with pytest.raises(host_secret.AnotherHostSecret):
            tasks.heartbeat()
    assert health.report()["keyring"] == "ok"


def test_health_is_well_with_database_keyring_worker_and_counters(healthz):
    tasks.heartbeat()
    assert healthz() == (200, dict.fromkeys(PARTS, "ok"))


def test_room_for_no_more_requests_takes_nobody_away_from_those_that_are_stored(healthz, settings):
    """A balancer that got 503 would send no officer to their own thread either."""
    tasks.heartbeat()
    settings.MAX_OPEN_REQUESTS = 0
    assert healthz() == (200, {**dict.fromkeys(PARTS, "ok"), "stored": "full"})


def test_silent_worker_is_not_well(healthz):
    assert healthz() == (503, {**dict.fromkeys(PARTS, "ok"), "worker": "silent"})


def test_heartbeat_expires_after_two_missed_rounds_and_two_minutes_between_two_clocks(healthz, time_machine):
    start = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    tasks.heartbeat()
    time_machine.move_to(start + timedelta(seconds=200), tick=False)
    assert healthz()[0] == 200
    time_machine.move_to(start + timedelta(seconds=220), tick=False)
    assert healthz()[0] == 503


def test_a_heartbeat_of_before_the_clock_was_set_back_is_none(healthz, time_machine):
    """The next one is there within a minute."""
    start = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    tasks.heartbeat()
    time_machine.move_to(start - timedelta(hours=1), tick=False)
    assert healthz()[1]["worker"] == "silent"
    tasks.heartbeat()
    assert healthz()[1]["worker"] == "ok"


def test_an_earlier_workers_heartbeat_counts_for_others_and_not_for_who_starts(healthz):
    tasks.heartbeat()
    earlier = queries.last_heartbeat()
    assert health.report(earlier_heartbeat=earlier)["worker"] == "silent"
    assert healthz()[1]["worker"] == "ok", "the worker of another host goes on"
    tasks.heartbeat()
    assert health.report(earlier_heartbeat=earlier)["worker"] == "ok"


def test_missing_keyring_is_not_well(healthz, own_keyring):
    tasks.heartbeat()
    own_keyring.rename(own_keyring.with_name("unmounted"))
    status, report = healthz()
    assert (status, report["keyring"]) == (503, "unreachable")


def test_open_year_without_its_key_is_not_well(healthz, own_keyring):
    tasks.heartbeat()
    stats.open_year(year=2031)
    for key in (own_keyring / "shred").glob("[0-9a-f]*"):
        key.unlink()
    status, report = healthz()
    assert (status, report["statistics"]) == (503, "key_missing")


def test_database_without_its_tables_is_not_well(healthz, monkeypatch):
    """As before the first migration; the table is hidden, not dropped, so that other tests keep it."""
    tasks.heartbeat()

    def hidden(execute, sql, params, many, context):
        return execute(sql.replace("team_user", "no_such_table"), params, many, context)

    with connection.execute_wrapper(hidden):
        status, report = healthz()
    assert status == 503
    assert report["database"] == "unreachable"


def test_unreadable_schedule_is_not_well(healthz):
    """The table is hidden, as above."""
    tasks.heartbeat()

    def hidden(execute, sql, params, many, context):
        return execute(sql.replace("team_pause", "no_such_table"), params, many, context)

    with transaction.atomic(), connection.execute_wrapper(hidden):
        status, report = healthz()
        transaction.set_rollback(True)
    assert (status, report["on_call"], report["database"]) == (503, "unreadable", "ok")


def test_healthz_needs_no_account_and_leaves_no_trace(db):
    answer = Client().get("/healthz")
    assert answer.cookies == {}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_healthz_is_read_only(method):
    assert getattr(Client(), method)("/healthz").status_code == 405


def test_operations_keeps_nothing_but_when_its_rounds_and_its_worker_ran():
    """Nothing that an officer does may leave a trace here."""
    ours = [model for model in models.Model.__subclasses__() if model.__module__.startswith("operations")]
    assert {model.__name__: [f.name for f in model._meta.fields] for model in ours} == {
        "Heartbeat": ["id", "at"],
        "Round": ["task", "ran_at"],
    }
