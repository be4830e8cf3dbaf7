"""How long each step of a request may take."""

from django.db import transaction

from peersupport.audit.actions import record
from peersupport.team.models import User

from ..domain.escalation import Times
from ..models import RequestSettings


@transaction.atomic
def set_times(*, times: Times, by: User) -> None:
    """Apply these times from the next step of each request on."""
    RequestSettings.of(times).save()
    record(action="times_set", by=by.pk)
