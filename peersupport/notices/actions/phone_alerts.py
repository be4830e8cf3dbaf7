"""A person's own phone alert: they set it themselves, and it is removed when they leave the team."""

from django.db import transaction
from django.db.models import QuerySet

from peersupport.audit import actions as audit
from peersupport.sealing import actions as sealing

from .. import alert_services, queries
from ..domain.channels import Channel
from ..models import Notice, PhoneAlert


@transaction.atomic
def set_address(*, user_id: int, address: str) -> None:
    """Send this person's alerts to the address from now on. Raises Refused if it can't be used or mustn't be called."""
    alert_services.check(address)
    PhoneAlert.objects.update_or_create(
        user_id=user_id, defaults={"sealed_address": alert_services.seal(user_id, address)}
    )
    # What failed at the old address goes to the new one in the next round.
    _pending_alerts(user_id).update(claim=None, claimed_until=None, tries=0)
    audit.record(action="phone_alert_set", by=user_id, about=f"user:{user_id}")


@transaction.atomic
def remove(*, user_id: int, by: int) -> None:
    """Stop this person's alerts; e-mail goes on as before. Harmless if there are none."""
    _pending_alerts(user_id).delete()
    deleted, _ = PhoneAlert.objects.filter(user_id=user_id).delete()
    if deleted:
        audit.record(action="phone_alert_removed", by=by, about=f"user:{user_id}")


def send_test(*, user_id: int) -> alert_services.AlertOutcome:
    """Send a test alert now. Writes nothing."""
    alert = queries.phone_alert_of(user_id)
    return alert_services.send_test(alert) if alert else alert_services.AlertOutcome.REFUSED


def seal_again() -> None:
    """After the secret was renewed: seal each address under the new one."""
    sealing.seal_again(
        PhoneAlert,
        "sealed_address",
        secret="phone-alerts",  # noqa: S106  # its name
        opened=alert_services.opened,
        sealed=lambda alert, address: alert_services.seal(alert.user_id, address.decode()),
    )


def _pending_alerts(user_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient_id=user_id, channel=Channel.PHONE)
