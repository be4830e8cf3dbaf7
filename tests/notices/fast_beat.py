"""The real Celery application with its rounds every second, so that tests don't wait for minutes."""

from celery.signals import worker_ready

from peersupport.celery import app, catch_up

# What leaves here was sent by beat. And no sweep runs: once the demo's requests are half an hour old, it notifies too.
worker_ready.disconnect(catch_up)
app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items() if "notices" in name
}
