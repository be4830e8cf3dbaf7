"""Members, whatever their state. Whether one can serve: `team.queries.serving`."""

from collections.abc import Collection, Iterable

from django.db.models import Manager, Prefetch, Q, QuerySet

from peersupport.notices import queries as notices

from ..domain.states import MembershipState
from ..models import Member, MemberKey, User
from . import accounts


def current_members() -> QuerySet[Member]:
    """Everybody on the team, whether or not they can serve today, by name."""
    return Member.objects.select_related("user").exclude(state=MembershipState.ENDED).order_by("user__name", "pk")


def names_of(member_ids: Collection[int]) -> list[tuple[int, str]]:
    """Id and name of each of these who is on the team, by name."""
    wanted = set(member_ids)  # not sent to the database, which is slow for two thousand
    return [(pk, name) for pk, name in current_members().values_list("pk", "user__name") if pk in wanted]


def roster(search: str = "") -> QuerySet[Member]:
    """Every member there ever was, current ones first. search: words that must each occur in name, unit or agency."""
    return searched(prefetch_current_key(Member.objects).order_by("-user__is_member", "user__name", "pk"), search)


def searched(members: QuerySet[Member], search: str) -> QuerySet[Member]:
    """Those of these members in whose name, unit or agency each of the words occurs."""
    for word in search.split():
        members = members.filter(Q(user__name__icontains=word) | Q(unit__icontains=word) | Q(agency__icontains=word))
    return members


def member_for(user: User) -> Member | None:
    """The member that this user is, unless their membership has ended."""
    return (
        prefetch_current_key(Member.objects)
        .filter(user=user, user__is_member=True)
        .exclude(state=MembershipState.ENDED)
        .first()
    )


def member_at(email: str) -> Member | None:
    """The member who signs in with this address, in one query whether or not there is one."""
    members = Member.objects.select_related("user").exclude(state=MembershipState.ENDED)
    return members.filter(user__email=email, user__is_active=True, user__is_member=True).first()


def member_by_id(member_id: int) -> Member | None:
    return prefetch_current_key(Member.objects).filter(pk=member_id).first()


def alertable() -> set[int]:
    """The ids of the members whom a phone alert reaches, whether or not they can serve."""
    users = notices.reachable_by_phone(Member.objects.values_list("user", flat=True))
    return {pk for pk, user_id in Member.objects.values_list("pk", "user_id") if user_id in users}


def locked_member(member_id: int) -> Member:
    """The member, their row locked until the caller's transaction ends. Raises Member.DoesNotExist.

    Whoever changes the account, too, locks that first: `locked_with_account`.
    """
    return Member.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=member_id)


def locked_with_account(member_id: int) -> Member:
    """As locked_member, with the account locked before. Raises Member.DoesNotExist."""
    accounts.locked([Member.objects.values_list("user_id", flat=True).get(pk=member_id)])
    return locked_member(member_id)


def members_by_email(emails: Iterable[str]) -> dict[str, Member]:
    """Members, former ones included, by the address they sign in with."""
    members = Member.objects.select_related("user").filter(user__email__in=list(emails))
    return {member.user.email: member for member in members}


def prefetch_current_key(members: "QuerySet[Member] | Manager[Member]") -> QuerySet[Member]:
    """These members, each with user and key fetched, so that `current_key` costs no query."""
    keys = MemberKey.objects.filter(is_retired=False)
    return members.select_related("user").prefetch_related(Prefetch("keys", queryset=keys, to_attr="current_keys"))
