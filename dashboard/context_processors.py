from collections.abc import Mapping
from contextlib import suppress

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from peersupport.access.permissions import Permission, is_allowed

from .presenters.rail import Link, counts_for, links_for
from .queries.home import rail_figures


def rail(request: HttpRequest) -> dict[str, object]:
    """`rail` for the staff's pages: its links, with what waits at each. Nothing is read where no page draws it."""
    return {"rail": SimpleLazyObject(lambda: _links(request))}


def _links(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    permissions: set[Permission] = set()
    counts: Mapping[str, int] = {}
    if user is not None and user.is_authenticated:
        permissions = {permission for permission in Permission if is_allowed(user.roles, permission)}
        with suppress(OSError):  # a page that needs no keyring still works while it is away
            counts = counts_for(rail_figures(user, timezone.now()))
    page = request.resolver_match.view_name if request.resolver_match else ""
    return links_for(permissions, request.path, counts, page)
