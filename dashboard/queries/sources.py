"""What rooms above the dashboard add to the home, each by a function of its own."""

from collections.abc import Callable, Iterable
from datetime import date

from peersupport.access.permissions import Permission, Role, is_allowed
from peersupport.core.todo import Todo

# Yields what waits on this day.
Source = Callable[[date], Iterable[Todo]]
REGISTERED: dict[Permission, list[Source]] = {}


def register(permission: Permission, source: Source) -> None:
    """Add a source to the home of everyone with this permission, after what the dashboard knows itself.

    For rooms above the dashboard, once, in the `ready` of their apps.py.
    """
    REGISTERED.setdefault(permission, []).append(source)


def registered_todos(roles: Iterable[Role], today: date) -> list[Todo]:
    """What the rooms above the dashboard add to the home of somebody with these roles."""
    return [
        todo
        for permission, sources in REGISTERED.items()
        if is_allowed(roles, permission)
        for source in sources
        for todo in source(today)
    ]
