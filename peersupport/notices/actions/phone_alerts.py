"""A person's bell. They set it themselves; it goes too when they leave."""

from django.db import transaction
from django.db.models import QuerySet

from peersupport.audit import actions as audit

from .. import phone_alerts, queries
from ..domain.channels import Channel
from ..models import Notice, PhoneAlert


@transaction.atomic
def set_bell(*, user_id: int, address: str) -> None:
    """From now on this rings. Raises Refused for an address that cannot, or may not be called."""
    phone_alerts.check(address)
    PhoneAlert.objects.update_or_create(
        user_id=user_id, defaults={"sealed_address": phone_alerts.seal(user_id, address)}
    )
    # What the old address could not ring, the new one does with the next round.
    _not_rung_yet(user_id).update(claim=None, claimed_until=None, tries=0)
    audit.record(action="bell_set", by=user_id, about=f"user:{user_id}")


@transaction.atomic
def remove_bell(*, user_id: int, by: int) -> None:
    """Nothing rings any more; mails leave as before. Twice is harmless."""
    _not_rung_yet(user_id).delete()
    gone, _ = PhoneAlert.objects.filter(user_id=user_id).delete()
    if gone:
        audit.record(action="bell_removed", by=by, about=f"user:{user_id}")


def try_bell(*, user_id: int) -> phone_alerts.Heard:
    """Whether it rang, now. Nothing is written: this is the person's own doing."""
    bell = queries.bell_of(user_id)
    return phone_alerts.try_out(bell) if bell else phone_alerts.Heard.REFUSED


def _not_rung_yet(user_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient_id=user_id, channel=Channel.BELL)
