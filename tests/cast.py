"""The named people of the tests, each with exactly the permissions of their role.

`coordinator`, `director`, `designee` and `operator` are users. `ana` and `ben` are members (their account is
`ana.user`): designated, with a confirmed key, on call. `ana_key` and `ben_key` are their private keys.
`sign_in(client, somebody)` accepts either.
"""

from datetime import UTC, datetime
from functools import cache

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from peersupport.access.permissions import Role
from peersupport.team import asking_again, key_confirmation, key_pair, session_ends
from peersupport.team.domain.states import HoursPurpose, MemberKind, MembershipState
from peersupport.team.models import Agreement, Member, MemberKey, User, WeeklyHours

CAST_PASSWORD = "a quiet word at night"
ONE_DAY = "2026-01-15"
LONG_AGO = datetime(2026, 1, 15, tzinfo=UTC)
SIGNED_AT = datetime(2026, 1, 14, 12, tzinfo=UTC)

__all__ = [
    "CAST_PASSWORD",
    "ana",
    "ana_key",
    "ben",
    "ben_key",
    "coordinator",
    "designee",
    "director",
    "make_invited",
    "make_member",
    "operator",
    "request_of",
    "sign_in",
    "sign_in_directly",
]


def make_user(name: str, *roles: Role) -> User:
    user = User(
        name=name, email=f"{name.split()[0].lower()}@example.org", **{f"is_{role.value}": True for role in roles}
    )
    user.set_password(CAST_PASSWORD)
    user.save()
    return user


def make_member(name: str, *, confirmed_by: User | None = None, on_call: bool = True, **fields: object) -> Member:
    """A designated member who has signed, on call at all hours; with `confirmed_by` also with a confirmed key."""
    designated = {"state": MembershipState.DESIGNATED, "designated_on": ONE_DAY, "designated_by": "The sheriff"}
    member = Member.objects.create(user=make_user(name, Role.MEMBER), **{**designated, **fields})
    if on_call:
        WeeklyHours.objects.create(member=member, purpose=HoursPurpose.ON_CALL, since=LONG_AGO)
    Agreement.objects.create(member=member, version=0, text="I keep it.", signed_name=name, signed_at=SIGNED_AT)
    if confirmed_by is not None:
        pair, _ = pair_of(name)
        give_key(member, pair, confirmed_by=confirmed_by, confirmed_on=ONE_DAY, recovery_checked=True)
    return member


def make_invited(name: str, *, on_call: bool = False, **fields: object) -> Member:
    """Somebody from an imported roster, designated on paper: invited, and never signed in."""
    member = make_member(name, on_call=on_call, **fields)
    member.user.set_password(None)
    member.user.save()
    return member


def give_key(member: Member, pair: key_pair.KeyPair, **fields: object) -> MemberKey:
    key = MemberKey.objects.create(member=member, **vars(pair), **fields)
    if key.confirmed_on:
        key.confirmation = key_confirmation.confirmation_of(key.as_confirmed)
        key.save(update_fields=["confirmation"])
    return key


def give_factor(user: User) -> Authenticator:
    """An app's codes, as far as whoever lifts it is concerned."""
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"})


def take_back_confirmations(**of: object) -> None:
    """As if nobody had confirmed these keys yet."""
    MemberKey.objects.filter(**of).update(confirmed_by=None, confirmed_on=None, confirmation=b"")


@cache
def pair_of(name: str) -> tuple[key_pair.KeyPair, str]:
    """The key pair of this person and its recovery code: made once, because password hashes are slow on purpose."""
    return key_pair.new_key_pair(CAST_PASSWORD)


def recovery_code_of(member: Member) -> str:
    return pair_of(member.user.name)[1]


@cache
def private_key_of(name: str) -> bytes:
    return key_pair.open_by_password(pair_of(name)[0], CAST_PASSWORD)


def sign_in(client: Client, somebody: User | Member) -> Client:
    """Sign in: a member on the real page, so that their key is unlocked; anybody else directly."""
    user = somebody.user if isinstance(somebody, Member) else somebody
    if not user.is_member:
        return sign_in_directly(client, user)
    response = client.post(reverse("account_login"), {"login": user.email, "password": CAST_PASSWORD})
    assert response.status_code == 302, "the password was refused"
    return client


def sign_in_directly(client: Client, user: User) -> Client:
    """Without the page: as if the password had been typed a moment ago, but a member's key stays locked."""
    client.force_login(user)
    request, response = request_of(client, user), HttpResponse()
    session_ends.begin(request, until=None)
    request.session.save()
    session_ends.renew(request, response)
    asking_again.confirm(request, response)
    client.cookies.update(response.cookies)
    return client


def request_of(client: Client, user: User) -> HttpRequest:
    """A request by this person with the cookies of their browser."""
    request = RequestFactory().get("/")
    request.session, request.user = client.session, user
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return request


def take_off_call(member: Member) -> None:
    """Remove all hours on call, as if there had never been any."""
    WeeklyHours.objects.filter(member=member, purpose=HoursPurpose.ON_CALL).delete()


@pytest.fixture
def coordinator(db: None) -> User:
    return make_user("Carla Coordinator", Role.COORDINATOR)


@pytest.fixture
def director(db: None) -> User:
    return make_user("Dora Director", Role.CLINICAL_DIRECTOR)


@pytest.fixture
def designee(db: None) -> User:
    return make_user("Dan Designee", Role.DESIGNEE)


@pytest.fixture
def operator(db: None) -> User:
    return make_user("Otto Operator", Role.OPERATOR)


@pytest.fixture
def ana(coordinator: User) -> Member:
    return make_member("Ana Alvarez", confirmed_by=coordinator, kind=MemberKind.SWORN, unit="Patrol")


@pytest.fixture
def ben(coordinator: User) -> Member:
    return make_member("Ben Brandt", confirmed_by=coordinator, kind=MemberKind.PROFESSIONAL_STAFF, unit="Dispatch")


@pytest.fixture
def ana_key(ana: Member) -> bytes:
    return private_key_of("Ana Alvarez")


@pytest.fixture
def ben_key(ben: Member) -> bytes:
    return private_key_of("Ben Brandt")
