"""A person's bell. They set it themselves; it goes too when they leave."""

from django.db import transaction
from django.db.models import QuerySet

from peersupport.audit import actions as audit

from .. import bells, queries
from ..channels import Channel
from ..models import Bell, Notice


@transaction.atomic
def set_bell(*, user_id: int, address: str) -> None:
    """From now on this rings. Raises Refused for an address that cannot, or may not be called."""
    bells.check(address)
    Bell.objects.update_or_create(user_id=user_id, defaults={"sealed_address": bells.seal(user_id, address)})
    # What the old address could not ring, the new one does with the next round.
    _not_rung_yet(user_id).update(claim=None, claimed_until=None, tries=0)
    audit.record(action="bell_set", by=user_id, about=f"user:{user_id}")


@transaction.atomic
def remove_bell(*, user_id: int, by: int) -> None:
    """Nothing rings any more; mails leave as before. Twice is harmless."""
    _not_rung_yet(user_id).delete()
    gone, _ = Bell.objects.filter(user_id=user_id).delete()
    if gone:
        audit.record(action="bell_removed", by=by, about=f"user:{user_id}")


def try_bell(*, user_id: int) -> bells.Heard:
    """Whether it rang, now. Nothing is written: this is the person's own doing."""
    bell = queries.bell_of(user_id)
    return bells.try_out(bell) if bell else bells.Heard.REFUSED


def _not_rung_yet(user_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient_id=user_id, channel=Channel.BELL)
