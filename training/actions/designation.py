"""Designation looks at training, so it is done from here; what is on record of it is the team's."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.actions import membership
from peersupport.team.models import User

from ..queries.readiness import lacking


@transaction.atomic
def designate(*, member_id: int, on: date, head: str, order: str, although_untrained: bool, by: User) -> None:
    """Who has not trained what is asked of them is designated only by somebody who says so; it is written down."""
    membership.designate(member_id=member_id, on=on, head=head, order=order, by=by)
    missing = lacking([member_id], timezone.localdate())[member_id]
    if missing and not although_untrained:
        raise Refused("Training is missing. Say that you designate them all the same, or see to it first.")
    if missing:
        audit.record(action="designated_untrained", by=by.pk, about=f"member:{member_id}")
