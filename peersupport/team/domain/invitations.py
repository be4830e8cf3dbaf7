"""How long the link of an invitation works. Pure."""

from collections.abc import Collection
from datetime import timedelta

from peersupport.access.permissions import Role

MEMBER_DAYS = 30  # they may be on leave, or in the field, when it comes
OFFICE_DAYS = 3  # whoever finds such a link in a mailbox could run the program


def link_days(roles: Collection[Role]) -> int:
    """Days for which the link works. With several roles, the shortest time of any of them."""
    return MEMBER_DAYS if set(roles) == {Role.MEMBER} else OFFICE_DAYS


def link_is_valid(roles: Collection[Role]) -> timedelta:
    return timedelta(days=link_days(roles))
