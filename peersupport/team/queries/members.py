"""Who serves, and who waits to."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Manager, Prefetch, Q, QuerySet
from django.utils import timezone

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role

from ..domain.states import BY_THEMSELVES, State
from ..models import Invitation, Letter, Member, MemberKey, Pause, User


def serving(today: date) -> QuerySet[Member]:
    """Who may be offered a request as far as the team knows: designated, here, not pausing, with a confirmed key."""
    return with_working_key(today).exclude(pk__in=pauses_on(today).values("member_id"))


def with_working_key(today: date) -> QuerySet[Member]:
    """Those who serve, and those who will when their pause is over."""
    return designated_and_here(today).filter(
        keys__is_retired=False, keys__confirmed_on__isnull=False, keys__recovery_checked=True
    )


def pauses_on(today: date) -> QuerySet[Pause]:
    """The pauses that last beyond today, unless somebody came back earlier."""
    return Pause.objects.filter(ended_at__isnull=True, until__gt=today)


def is_serving(member: Member) -> bool:
    """Whether this member may be offered a request, as far as the team knows."""
    return serving(timezone.localdate()).filter(pk=member.pk).exists()


def keys_held(today: date) -> dict[int, int]:
    """Of the designated members who are here, the confirmed key of each: who can still open what was sealed to it."""
    here = designated_and_here(today).filter(keys__is_retired=False, keys__confirmed_on__isnull=False)
    return dict(here.values_list("pk", "keys__pk"))


def public_roster(today: date) -> QuerySet[Member]:
    """Members whom the public page names: designated and not on leave."""
    return designated_and_here(today).prefetch_related(None).order_by("user__name", "pk")


def not_ended() -> QuerySet[Member]:
    """Whoever is on the team, whether or not anybody can be offered to them today."""
    return Member.objects.select_related("user").exclude(state=State.ENDED).order_by("user__name", "pk")


def roster(words: str = "") -> QuerySet[Member]:
    """Every member the team ever had: those who serve first. words: each of them in name, unit or agency."""
    found = _with_key(Member.objects).order_by("-user__is_member", "user__name", "pk")
    for word in words.split():
        found = found.filter(Q(user__name__icontains=word) | Q(unit__icontains=word) | Q(agency__icontains=word))
    return found


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.order_by("name", "pk")


def invitation_for(token_hash: str, now: datetime) -> Invitation | None:
    """The invitation behind a link while it works."""
    return Invitation.objects.filter(token_hash=token_hash, valid_until__gt=now).first()


def invitation_to(email: str) -> Invitation | None:
    return Invitation.objects.filter(email=email).first()


def members_with_addresses(emails: Iterable[str]) -> dict[str, Member]:
    """Whoever came in by one of these addresses, whatever became of them."""
    return {one.user.email: one for one in Member.objects.select_related("user").filter(user__email__in=list(emails))}


def member_for(user: User) -> Member | None:
    """The member that a signed-in person is, if they are one now."""
    return _with_key(Member.objects).filter(user=user, user__is_member=True).exclude(state=State.ENDED).first()


def key_of(user: User) -> MemberKey | None:
    """The key in use of a signed-in or signing-in person."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def member_by_id(member_id: int) -> Member | None:
    return _with_key(Member.objects).filter(pk=member_id).first()


def people_with(permission: Permission) -> list[User]:
    """Everybody whose roles carry the permission now."""
    carries = Q(pk__in=[])
    for role in Role:
        if permission in PERMISSIONS_OF[role]:
            carries |= Q(**{f"is_{role.value}": True})
    return list(User.objects.filter(carries, is_active=True).order_by("pk"))


def living_accounts(words: str = "") -> QuerySet[User]:
    """Everybody who may sign in. words: each of them in name or address."""
    found = User.objects.filter(is_active=True).order_by("name", "pk")
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found


def living_account(user_id: int) -> User | None:
    return living_accounts().filter(pk=user_id).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def free_letters(now: datetime) -> QuerySet[Letter]:
    """Letters that nobody is sending: never tried, or tried by somebody whose time is over."""
    return Letter.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


def letters_due(now: datetime) -> list[int]:
    return list(free_letters(now).order_by("pk").values_list("pk", flat=True))


def keys_to_confirm() -> int:
    """How many members wait for somebody to compare the four words with them."""
    return MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=True, recovery_checked=True).count()


def member_counts() -> dict[str, int]:
    """How many members there are, by state."""
    states = list(Member.objects.values_list("state", flat=True))
    return {state.value: states.count(state) for state in State}


def designations_between(first: date, last: date) -> int:
    """How many members were designated from the first to the last day, both included."""
    return Member.objects.filter(designated_on__gte=first, designated_on__lte=last).count()


def endings_between(first: date, last: date) -> dict[str, int]:
    """How many members were de-selected, and how many left by themselves, from the first to the last day."""
    ended = Member.objects.filter(state=State.ENDED, ended_on__gte=first, ended_on__lte=last)
    left = ended.filter(end_reason__in=BY_THEMSELVES).count()
    return {"de_selections": ended.count() - left, "departures": left}


def _with_key(members: "QuerySet[Member] | Manager[Member]") -> QuerySet[Member]:
    keys = MemberKey.objects.filter(is_retired=False).select_related("confirmed_by")
    return members.select_related("user").prefetch_related(Prefetch("keys", queryset=keys, to_attr="live_keys"))


def designated_and_here(today: date) -> QuerySet[Member]:
    on_leave = Q(leave_from__lte=today) & (Q(leave_until__isnull=True) | Q(leave_until__gte=today))
    return (
        _with_key(Member.objects)
        .filter(state=State.DESIGNATED, user__is_active=True, user__is_member=True)
        .exclude(on_leave)
        .exclude(term_ends_on__lte=today)
    )
