from collections.abc import Mapping
from typing import Any

from django.db import transaction

from peersupport.audit import actions as audit
from peersupport.team.models import User

from ..models import ApplicationSettings


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], by: User) -> None:
    """How this program chooses its members, from now on."""
    ApplicationSettings.objects.update_or_create(pk=1, defaults=dict(values))
    audit.record(action="application_settings_changed", by=by.pk)
