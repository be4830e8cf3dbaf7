"""How often a day the program writes to an address that anybody may have typed."""

import hmac

from django.db.models import F
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.sealing import keyring

from ..models import DailyMailCount

MOST_A_DAY = 5
ENOUGH = (
    "We have written to this address five times today, and more would be a bother. Use the link in one of those "
    "e-mails, or come back tomorrow."
)


def may_write_to(email: str) -> bool:
    """Whether one more mail may go there today; it is counted. In the caller's transaction."""
    today = timezone.localdate()
    mark = hmac.digest(keyring.lasting("mail-limit"), f"{today} {email}".encode(), "sha256").hex()
    DailyMailCount.objects.get_or_create(mark=mark, defaults={"day": today})
    return bool(DailyMailCount.objects.filter(mark=mark, number__lt=MOST_A_DAY).update(number=F("number") + 1))


def count_mail_to(email: str) -> None:
    """Raises Refused where today's mails are used up."""
    if not may_write_to(email):
        raise Refused(ENOUGH)


def forget_earlier_days() -> None:
    DailyMailCount.objects.filter(day__lt=timezone.localdate()).delete()
