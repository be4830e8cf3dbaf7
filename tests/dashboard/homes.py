"""What somebody finds on their home, and what the rail counts for them."""

from datetime import UTC, date, datetime, time

from dashboard.presenters import home, rail
from dashboard.queries import sources
from dashboard.queries.home import home_figures, rail_figures
from peersupport.team.models import User


def home_for(user: User, today: date) -> home.Home:
    """The home of this person on a day, around noon in America."""
    now = datetime.combine(today, time(18), tzinfo=UTC)
    return home.home(home_figures(user, now), sources.registered_todos(user.roles, today))


def counts_for(user: User, today: date) -> dict[str, int]:
    """The rail's counts that are not zero, by URL name."""
    now = datetime.combine(today, time(18), tzinfo=UTC)
    return {entry: number for entry, number in rail.counts_for(rail_figures(user, now)).items() if number}
