"""Renewing a term, and notifying of its end in time. A term that has ended needs no action to count as ended."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.program.queries import settings_now

from ..domain import terms
from ..domain.states import MembershipState
from ..models import TermRenewal, User
from ..queries import accounts, members, service_record


@transaction.atomic
def renew(*, member_id: int, on: date, head: str, order: str, by: User) -> None:
    """Record the designation for another term by the head of the agency. Raises Refused."""
    member = members.locked_member(member_id)
    if member.state != MembershipState.DESIGNATED or member.designated_on is None:
        raise Refused(_("Only a designated member can be renewed."))
    if on <= member.designated_on:
        raise Refused(_("The renewal has to be after the designation. Please check the day."))
    if TermRenewal.objects.filter(member=member, on__gte=on, is_past=False).exists():
        raise Refused(_("A renewal on that day or later is already on record."))
    until = terms.renewed_term_end(member.term_ends_on, on, settings_now().term_years)
    TermRenewal.objects.create(member=member, on=on, head=head, order=order, until=until)
    member.term_ends_on = until
    member.save(update_fields=["term_ends_on"])
    audit.record(action="designation_renewed", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def notify_about_ending_terms(*, today: date) -> int:
    """Notify the coordinators of each term that ends soon, once. Returns how many are new."""
    unnotified = service_record.members_with_ending_term(today).filter(
        Q(notified_about_term_end=None) | ~Q(notified_about_term_end=F("term_ends_on"))
    )
    count = unnotified.update(notified_about_term_end=F("term_ends_on"))
    if count:
        outbox.notify_all(user_ids=[user.pk for user in accounts.users_with_permission(Permission.MANAGE_TEAM)])
        audit.record(action="coordinators_notified_of_terms", by=None)
    return count
