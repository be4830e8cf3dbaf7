"""The rounds: each is a real task at its time, and no message carries an argument."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.contrib.sessions.models import Session

from operations import tasks
from peersupport import celery
from peersupport.celery import ROUNDS, app
from peersupport.sealing import keyring
from peersupport.sealing.models import KeyToDestroy

NOW = datetime(2031, 3, 4, 2, 7, 31, tzinfo=UTC)


def test_every_round_is_a_task_and_every_task_has_its_round():
    app.loader.import_default_modules()
    assert set(ROUNDS) == {name for name in app.tasks if not name.startswith("celery.")}


EACH_MINUTE = {
    "operations.tasks.heartbeat",
    "operations.tasks.destroy_condemned_keys",
    "operations.tasks.empty_write_ahead_log",
    "peersupport.audit.tasks.link_new",
    "peersupport.notices.tasks.send_urgent",
    "peersupport.team.tasks.send_mails",
    "requests_app.tasks.sweep",
    "training.tasks.work_on_imports",
}
EACH_HALF_HOUR = {  # on the full and the half hour, when what can wait leaves together
    "peersupport.notices.tasks.send_waiting",
    "operations.tasks.destroy_orphaned_keys",
    "operations.tasks.end_overlaps",
    "operations.tasks.forget_expired",
    "peersupport.team.tasks.forget_times",
    "peersupport.team.tasks.settle_lifts",
}
EACH_DAY = {
    "peersupport.team.tasks.end_day": "00:00",
    "stats.tasks.ensure_year_open": "00:00",
    "stats.tasks.close_due_years": "02:00",
    "stats.tasks.reseal_years": "03:20",
    "applications.tasks.purge": "03:40",
    "operations.tasks.rewrite_tables": "04:10",
    "peersupport.team.tasks.daily": "07:05",
    "peersupport.incidents.tasks.remind": "07:05",
    "training.tasks.daily": "07:15",
    "applications.tasks.mail_references": "07:30",
    "dashboard.tasks.notify_of_gaps": "07:30",
}
EACH_SUNDAY = {"requests_app.tasks.renew_plane_key": "03:00"}


def when_due(schedule):
    """Each moment of a week at which it starts: day (Sunday is 0), hour and minute. Or each minute."""
    if not isinstance(schedule, crontab):
        return schedule
    assert (len(schedule.day_of_month), len(schedule.month_of_year)) == (31, 12)
    return {
        f"{day} {hour:02}:{minute:02}"
        for day in schedule.day_of_week
        for hour in schedule.hour
        for minute in schedule.minute
    }


def test_each_round_starts_at_its_time():
    half_hours = {f"{day} {hour:02}:{minute}" for day in range(7) for hour in range(24) for minute in ("00", "30")}
    assert {entry["task"]: when_due(entry["schedule"]) for entry in app.conf.beat_schedule.values()} == {
        **dict.fromkeys(EACH_MINUTE, timedelta(minutes=1)),
        **dict.fromkeys(EACH_HALF_HOUR, half_hours),
        **{task: {f"{day} {at}" for day in range(7)} for task, at in EACH_DAY.items()},
        **{task: {f"0 {at}"} for task, at in EACH_SUNDAY.items()},
    }
    assert app.conf.timezone == settings.TIME_ZONE, "by the clock of the program"


def test_no_task_takes_an_argument():
    app.loader.import_default_modules()
    for name in ROUNDS:
        assert not inspect.signature(app.tasks[name].run).parameters, name
    assert not [entry for entry in app.conf.beat_schedule.values() if entry.get("args") or entry.get("kwargs")]


@pytest.mark.parametrize(
    "night",
    [datetime(2026, 11, 1, 5, 10, tzinfo=UTC), datetime(2027, 3, 14, 6, 10, tzinfo=UTC)],
    ids=["autumn", "spring"],
)
def test_no_half_hour_is_skipped_when_the_clocks_change(night, monkeypatch):
    """On the clock of the settings 1 o'clock comes twice in one, and 2 o'clock not at all in the other."""
    last, fired = night, []
    for minute in (night + timedelta(minutes=number) for number in range(5 * 60)):
        monkeypatch.setattr(celery.EACH_HALF_HOUR, "nowfun", lambda now=minute: now.astimezone(app.timezone))
        if celery.EACH_HALF_HOUR.is_due(last.astimezone(app.timezone)).is_due:
            fired.append(minute)
            last = minute
    assert [moment - fired[0] for moment in fired] == [timedelta(minutes=30) * number for number in range(10)]
    assert {moment.astimezone(app.timezone).minute for moment in fired} == {0, 30}


def test_each_round_runs_on_an_empty_installation(db):
    app.loader.import_default_modules()
    for name in ROUNDS:
        app.tasks[name].run()


def test_condemned_key_is_destroyed_by_its_round(db):
    key_id = keyring.create()
    KeyToDestroy.objects.create(key_id=key_id)
    tasks.destroy_condemned_keys()
    assert keyring.is_destroyed(key_id)
    assert not KeyToDestroy.objects.exists()


def test_key_without_a_row_is_destroyed_after_an_hour(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    key_id = keyring.create()
    tasks.destroy_orphaned_keys()
    assert not keyring.is_destroyed(key_id)
    time_machine.move_to(NOW + timedelta(hours=2), tick=False)
    tasks.destroy_orphaned_keys()
    assert keyring.is_destroyed(key_id)


def test_expired_sessions_are_deleted(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="", expire_date=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(minutes=10), tick=False)
    tasks.forget_expired()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
