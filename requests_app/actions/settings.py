"""How long each step of a request may take."""

from collections.abc import Mapping

from django.db import transaction

from peersupport.audit.actions import record
from peersupport.team.models import User

from ..models import RequestSettings


@transaction.atomic
def set_times(*, values: Mapping[str, int], by: User) -> None:
    """Apply these times from the next step of each request on."""
    RequestSettings.objects.update_or_create(pk=1, defaults=dict(values))
    record(action="times_set", by=by.pk)
