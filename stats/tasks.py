"""What happens by itself each day. Tasks take no arguments; each can run twice or late without harm."""

from django.utils import timezone

from peersupport.celery import app
from peersupport.program import queries as program

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
    """Daily. Not by a clock that has just jumped: a closed year stays closed."""
    if program.is_clock_steady(timezone.now()):
        actions.close_due_years()
