"""The real Celery application with the tasks that a waiting request needs, three times a second."""

from peersupport.celery import app

NEEDED = ("requests_app.tasks.sweep", "peersupport.notices.tasks.send_urgent")
app.conf.beat_schedule = {
    name: {**entry, "schedule": 0.3} for name, entry in app.conf.beat_schedule.items() if name in NEEDED
}
