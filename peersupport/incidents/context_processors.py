from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from . import queries


def public_notice(request: HttpRequest) -> dict[str, object]:
    """For the public pages: the coordinator's notice of today, read where a page shows it."""
    return {"public_notice": SimpleLazyObject(lambda: queries.public_notice(timezone.localdate()))}
