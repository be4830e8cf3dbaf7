"""The real Celery application with the real rounds, one a second, so that a test need not wait for minutes."""

from peersupport.celery import app

# Without the start's own round: what leaves here has left by beat.
app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items() if "notices" in name
}
