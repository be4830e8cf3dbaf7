"""The first three people: who has their role, who is invited, and who is invited now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from peersupport.access.permissions import ROLE_LABELS, Role
from peersupport.team.actions import invitations, mails
from peersupport.team.documents.mails import MailKind
from peersupport.team.models import Invitation, QueuedMail, User

from .rules import Person

ROLES = {"operator": Role.OPERATOR, "coordinator": Role.COORDINATOR, "director": Role.CLINICAL_DIRECTOR}


class State(Enum):
    VACANT = "nobody has it, and nobody is invited"
    EXPIRED = "an invitation that nobody used in time"
    INVITED = "an invitation that still works"
    FILLED = "somebody accepted"


@dataclass(frozen=True)
class Standing:
    """How far one of the roles is. person: who is invited, or was. addresses: of who has it, or is invited."""

    state: State
    person: Person | None = None
    valid_until: datetime | None = None
    addresses: frozenset[str] = frozenset()


def standings(now: datetime) -> dict[str, Standing]:
    """By the name of the question that asks for the person."""
    invited = list(Invitation.objects.order_by("valid_until"))
    return {name: _standing(role, invited, now) for name, role in ROLES.items()}


def _standing(role: Role, invited: Iterable[Invitation], now: datetime) -> Standing:
    holders = User.objects.filter(is_active=True, **{f"is_{role.value}": True})
    if addresses := frozenset(holders.values_list("email", flat=True)):
        return Standing(State.FILLED, addresses=addresses)
    latest = next((each for each in reversed(list(invited)) if role.value in each.roles), None)
    if latest is None:
        return Standing(State.VACANT)
    state = State.INVITED if latest.valid_until > now else State.EXPIRED
    return Standing(state, Person(latest.name, latest.email), latest.valid_until, frozenset({latest.email}))


def invite(wanted: dict[str, Person], *, say: Callable[[str], None]) -> None:
    """Invite each of them, one invitation for one person, and say the link.

    It is said before it holds: cut off in between, the next run makes another, and nobody is left without a link.
    """
    for person in dict.fromkeys(wanted.values()):
        names = [name for name, each in wanted.items() if each.email == person.email]
        with transaction.atomic():
            _discard_expired({ROLES[name] for name in names})
            link = _invite(person, {ROLES[name] for name in names})
            say(f"  {said_roles(names)}, {person}:\n    {link}")


def _invite(person: Person, roles: set[Role]) -> str:
    """Takes the place of an earlier invitation, and so gives what that one gave too."""
    earlier = Invitation.objects.filter(email=person.email, valid_until__gt=timezone.now()).first()
    roles |= {Role(code) for code in earlier.roles} if earlier else set()
    ordered = [role for role in Role if role in roles]
    token = invitations.invite(email=person.email, name=person.name, roles=ordered, by=None)
    return f"{settings.SITE_URL}{reverse('team:invitation', args=[token])}"


def _discard_expired(roles: set[Role]) -> None:
    """Nobody answered in time, and the roles are now for whoever is invited next."""
    for invitation in Invitation.objects.filter(valid_until__lte=timezone.now()):
        if {Role(code) for code in invitation.roles} <= roles:
            invitations.cancel_invitation(invitation_id=invitation.pk, by=None)


def send() -> bool:
    """Send what is queued, as the worker would. Returns whether every invitation is out."""
    if QueuedMail.objects.filter(kind=MailKind.INVITATION).exists():
        mails.send_mails()
    return not QueuedMail.objects.filter(kind=MailKind.INVITATION).exists()


def said_roles(names: Iterable[str]) -> str:
    return " and ".join(str(ROLE_LABELS[ROLES[name]]) for name in names)


def said(name: str, standing: Standing) -> str:
    """What an earlier run left, in a line."""
    if standing.state is State.FILLED:
        return f"{said_roles([name])}: has an account."
    assert standing.valid_until is not None  # noqa: S101  # invited people have it
    day = date_format(timezone.localtime(standing.valid_until), "DATE_FORMAT")
    return f"{said_roles([name])}: {standing.person} is invited, and the link works until {day}."


def said_kept(name: str, standing: Standing) -> str:
    """That another person was named, and where the role is given to them."""
    kept = f"  --{name} names somebody else, and nothing was changed."
    if standing.state is State.FILLED:
        return f"{kept} Roles are given and taken on {settings.SITE_URL}{reverse('team:accounts')}"
    page = f"{settings.SITE_URL}{reverse('team:invite')}"
    return f"{kept} An operator corrects or cancels the invitation on {page}; or run setup again once it has run out."
