"""The end of a term: thought of in time, and renewed. What has ended takes the member out without anybody's doing."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q

from peersupport.access.permissions import Permission
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.program.queries import settings_now

from ..domain import terms
from ..domain.states import State
from ..models import Member, TermRenewal, User
from ..queries import members, service_record


@transaction.atomic
def renew(*, member_id: int, on: date, head: str, order: str, by: User) -> None:
    """The head of the agency has designated this member for another term."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member_id)
    if member.state != State.DESIGNATED or member.designated_on is None:
        raise Refused("Only a designated member can be renewed.")
    if on <= member.designated_on:
        raise Refused("A renewal comes after the designation. Please look at the day again.")
    if TermRenewal.objects.filter(member=member, on__gte=on, is_past=False).exists():
        raise Refused("A renewal of that day or a later one is on record already.")
    until = terms.renewed_until(member.term_ends_on, on, settings_now().term_years)
    TermRenewal.objects.create(member=member, on=on, head=head, order=order, until=until)
    member.term_ends_on = until
    member.save(update_fields=["term_ends_on"])
    audit.record(action="designation_renewed", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def tell_of_ending_terms(*, today: date) -> int:
    """Tells the coordinators of each term that ends soon, once. Answers how many terms are new among them."""
    near = service_record.terms_that_end_soon(today).filter(
        Q(told_of_term_end=None) | ~Q(told_of_term_end=F("term_ends_on"))
    )
    told = near.update(told_of_term_end=F("term_ends_on"))
    if told:
        outbox.notify_all(user_ids=[user.pk for user in members.people_with(Permission.MANAGE_TEAM)])
        audit.record(action="coordinators_told_of_terms", by=None)
    return told
