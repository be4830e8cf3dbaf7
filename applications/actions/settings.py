"""How this program selects its members."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from peersupport.audit import actions as audit
from peersupport.team.models import User

from ..models import ApplicationSettings


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], by: User) -> None:
    """values: by field of the settings row."""
    ApplicationSettings.objects.update_or_create(pk=1, defaults=dict(values))
    audit.record(action="application_settings_changed", by=by.pk)
