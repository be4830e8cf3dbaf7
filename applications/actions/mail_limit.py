"""How many mails a day go to an address that anybody may have typed."""

import hmac

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from peersupport.core.errors import Refused
from peersupport.sealing import keyring
from peersupport.team.actions import tries

from ..models import DailyMailCount

MAX_PER_DAY = 5
LIMIT_REACHED = gettext_lazy(
    "We've already sent five e-mails to this address today. Use the link in one of them, or come back tomorrow."
)

JUST_SENT = gettext_lazy("We've just sent an e-mail to this address. Use the link in it, or try again in 15 minutes.")


def count_mail(email: str) -> bool:
    """Count one more mail to this address today; False, with nothing counted, once the limit is reached."""
    today = timezone.localdate()
    address_hash = hmac.digest(keyring.lasting("mail-limit"), f"{today} {email}".encode(), "sha256").hex()
    DailyMailCount.objects.get_or_create(address_hash=address_hash, defaults={"day": today})
    below_limit = DailyMailCount.objects.filter(address_hash=address_hash, count__lt=MAX_PER_DAY)
    return bool(below_limit.update(count=F("count") + 1))


def count_mail_or_refuse(*, kind: str, email: str) -> None:
    """Raises Refused once today's limit is reached, and when a mail of this kind went there a moment ago."""
    if not count_mail(email):
        raise Refused(LIMIT_REACHED)
    if not tries.may_mail(kind=kind, email=email):
        raise Refused(JUST_SENT)


def delete_earlier_days() -> None:
    DailyMailCount.objects.filter(day__lt=timezone.localdate()).delete()
