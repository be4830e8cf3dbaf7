from peersupport.celery import app

from . import actions


@app.task
def send_letters() -> None:
    """Each minute, and whenever somebody rings. Which letters stands in their table."""
    actions.send_letters()
