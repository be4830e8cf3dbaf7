"""What happens by itself each day. Tasks take no arguments; each can run twice or late without harm."""

from peersupport.celery import app

from . import actions


@app.task
def ensure_year_open() -> None:
    """Daily, soon after midnight."""
    actions.open_current_year()


@app.task
def reseal_years() -> None:
    """Nightly."""
    actions.reseal()


@app.task
def close_due_years() -> None:
    """Daily."""
    actions.close_due_years()
