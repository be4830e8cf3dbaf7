"""The real Celery application with its rounds every second, so that tests don't wait for minutes."""

from peersupport.celery import app

# Without catch_up() at the start: what leaves here was sent by beat.
app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items() if "notices" in name
}
