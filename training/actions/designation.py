"""Designation. It is here because it checks training; its data belongs to the team."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.actions import membership
from peersupport.team.models import User

from ..queries.readiness import missing_training


@transaction.atomic
def designate(*, member_id: int, on: date, head: str, order: str, although_untrained: bool, by: User) -> None:
    """Designate a member. Where training is missing, this must be confirmed (although_untrained) and is audited."""
    membership.record_designation(member_id=member_id, on=on, head=head, order=order, by=by)
    missing = missing_training([member_id], timezone.localdate())[member_id]
    if missing and not although_untrained:
        raise Refused(_("Training is missing. Check “Designate them anyway”, or make sure they complete it first."))
    if missing:
        audit.record(action="designated_untrained", by=by.pk, about=f"member:{member_id}")
