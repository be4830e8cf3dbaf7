"""Lists that follow from who can serve (`team.queries.serving`)."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from ..domain.serving import AWAY, KEPT_BY_THEIR_PEER, KEY_TO_SEE_TO, PASSING, QUIETLY_AWAY, NotServing
from ..models import Member, MemberKey, Pause
from . import Serving, members, reasons_of, serving


def members_who_can_serve(today: date) -> QuerySet[Member]:
    """Members who may be offered a request today, as far as the team knows."""
    able = [member_id for member_id, reasons in serving(today).items() if not reasons]
    return Member.objects.select_related("user").filter(pk__in=able)


def can_serve(member: Member) -> bool:
    """Whether this member may be offered a request today, as far as the team knows."""
    return reasons_of([member.pk], timezone.localdate()).get(member.pk) == ()


def public_roster(today: date) -> QuerySet[Member]:
    """Members named on the public team page, and to be asked for or left out by name; by name.

    Whoever is on a pause stays, and whose key waits to be confirmed: a page without their name would tell the public
    that they rest or lost a phone, and nobody could leave them out who may have it next week.
    """
    return members.current_members().filter(pk__in=_named(today))


def names_on_public_roster(today: date) -> list[tuple[int, str]]:
    """Id and name of each of them."""
    return members.names_of(_named(today))


def _named(today: date) -> list[int]:
    return _kept_by_nothing_but(QUIETLY_AWAY | KEY_TO_SEE_TO, serving(today))


def able_unless_away(team: Serving) -> list[int]:
    """Of these, the ids of the members who can serve, or could if they weren't away."""
    return _kept_by_nothing_but(AWAY, team)


def in_service(team: Serving) -> list[int]:
    """Of these, the ids of who serves as the year goes: they may be away today, or have a key to be seen to."""
    return _kept_by_nothing_but(PASSING, team)


def _kept_by_nothing_but(allowed: frozenset[NotServing], team: Serving) -> list[int]:
    return [member_id for member_id, reasons in team.items() if allowed.issuperset(reasons)]


def unreachable() -> set[int]:
    """The ids of the members who were made unavailable because they can't get in, until they say that they are back."""
    return set(Pause.objects.filter(back_on__isnull=True).values_list("member_id", flat=True))


def confirmed_keys(today: date) -> dict[int, int]:
    """Key id by member id: the confirmed key of each designated, present member, paused or not.

    These members can still open what was sealed to that key. So it isn't asked whether the confirmation verifies, nor
    whether a new recovery code was typed back: that decides what is sealed to a key from now on, and nobody should lose
    their peer over it.
    """
    stay = set(_kept_by_nothing_but(KEPT_BY_THEIR_PEER, serving(today)))
    keys = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=False).values_list("member_id", "pk")
    return {member_id: key_id for member_id, key_id in keys if member_id in stay}
