"""What pages say about accounts and invitations."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from peersupport.access.permissions import ROLE_LABELS, Role


def role_names(roles: Collection[Role]) -> str:
    """ "Member, Coordinator" """
    return ", ".join(_(ROLE_LABELS[role]) for role in Role if role in roles)


def undelivered_text(since: date | None) -> str:
    """Of an invitation whose address the mail server doesn't know; empty for any other."""
    if since is None:
        return ""
    return _(
        "Not delivered: on %(day)s the mail server said that there is no such address. Change it if it is wrong. Until "
        "then it's tried again each hour."
    ) % {"day": date_format(since, "MONTH_DAY_FORMAT")}


def link_status(valid_until: datetime, now: datetime) -> str:
    """Whether the link of an invitation still works."""
    if valid_until <= now:
        return _("The link no longer works. Invite them again.")
    return _("The link works until %(day)s") % {"day": date_format(localtime(valid_until), "MONTH_DAY_FORMAT")}
