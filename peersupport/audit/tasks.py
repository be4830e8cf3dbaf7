from peersupport.celery import app

from . import actions


@app.task
def link_new() -> None:
    actions.link_new()
