"""Requests are taken by telephone only, for some hours: decided by a coordinator or somebody on call."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from peersupport.access.permissions import Permission
from peersupport.audit.actions import record
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import Member, User
from peersupport.team.queries import accounts
from peersupport.team.queries.availability import on_call_at

from ..domain.intake import HOURS
from ..models import TelephoneOnly
from ..queries import intake


@transaction.atomic
def begin(*, hours: int, by: User, now: datetime) -> None:
    """Take requests by telephone only. Twice is harmless, and makes it no longer. Raises Refused."""
    _check_may_switch(by, now)
    if hours not in HOURS:
        raise Refused(_("Choose one to four hours."))
    TelephoneOnly.objects.filter(until__lte=now).delete()
    __, is_new = TelephoneOnly.objects.get_or_create(
        pk=1, defaults={"since": now, "until": now + timedelta(hours=hours)}
    )
    if is_new:
        record(action="telephone_only_begun", by=by.pk, about=f"hours:{hours}")
        _tell_others(by, now)


@transaction.atomic
def end(*, by: User, now: datetime) -> None:
    """Open the form again before its time. Harmless where it is open. Raises Refused."""
    _check_may_switch(by, now)
    if TelephoneOnly.objects.all().delete()[0]:
        record(action="telephone_only_ended", by=by.pk)
        _tell_others(by, now)


def _check_may_switch(by: User, now: datetime) -> None:
    if not intake.may_switch(by, now):
        raise Refused(_("You aren't on call right now. Ask the coordinator or someone who is."))


def _tell_others(by: User, now: datetime) -> None:
    """Those on call and the coordinators: the telephone may ring now, or no longer."""
    on_call = Member.objects.filter(pk__in=on_call_at(now)).values_list("user_id", flat=True)
    coordinators = [user.pk for user in accounts.users_with_permission(Permission.MANAGE_TEAM)]
    outbox.notify_all(user_ids={*on_call, *coordinators} - {by.pk}, urgent=True)
