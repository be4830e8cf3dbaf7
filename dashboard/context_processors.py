from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .queries.rail import counts_for


def rail(request: HttpRequest) -> dict[str, object]:
    """For the pages of those who have signed in: what waits at each place, counted only where a page draws the rail."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"rail_counts": SimpleLazyObject(lambda: counts_for(user, timezone.localdate()))}
