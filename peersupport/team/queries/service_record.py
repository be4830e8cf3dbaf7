"""The record of a member's service, and what is missing or ends soon: signatures and terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from peersupport.program.queries import AGREEMENT, current_text

from ..domain.states import MembershipState
from ..domain.terms import WARNING_PERIOD
from ..models import Agreement, EarlierService, Member, TermRenewal


@dataclass(frozen=True)
class ServiceRecord:
    """A member's agreements, renewals and earlier times on the team, the latest first."""

    agreements: list[Agreement]
    renewals: list[TermRenewal]
    earlier: list[EarlierService]

    @property
    def agreement(self) -> Agreement | None:
        """The latest agreement signed for this time on the team."""
        return next((agreement for agreement in self.agreements if not agreement.is_past), None)


def service_record_of(member: Member) -> ServiceRecord:
    return ServiceRecord(
        list(member.agreements.all()), list(member.renewals.all()), list(member.earlier_services.all())
    )


def members_who_signed(member_ids: Iterable[int]) -> frozenset[int]:
    """Those of these members who have signed any wording of the agreement for this time on the team."""
    signed = Agreement.objects.filter(member_id__in=list(member_ids), is_past=False)
    return frozenset(signed.values_list("member_id", flat=True))


def members_to_sign(version: int) -> QuerySet[Member]:
    """Current members who have not signed this wording of the agreement."""
    signed = Agreement.objects.filter(version=version, is_past=False).values("member")
    return Member.objects.exclude(state=MembershipState.ENDED).exclude(pk__in=signed)


def is_to_sign(member: Member) -> bool:
    """Whether the member has not signed the current wording yet."""
    return members_to_sign(current_text(AGREEMENT).version).filter(pk=member.pk).exists()


def members_with_ending_term(today: date) -> QuerySet[Member]:
    """Designated members whose term ends soon or has ended."""
    return Member.objects.filter(state=MembershipState.DESIGNATED, term_ends_on__lte=today + WARNING_PERIOD)
