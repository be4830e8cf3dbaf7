"""Lifting a lost second factor: one office asks, another seconds, the owner has 24 hours to cancel.

Every action locks its people in one order and then the row, so that two presses at once wait for each other.
"""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions.outbox import notify_all

from ..documents.mails import MailKind
from ..domain import lifting as rules
from ..domain.lifting import LIFTING, LiftState
from ..models import FactorLift, User
from ..presenters import lifting as presenter
from ..queries import accounts
from ..queries import lifting as queries
from . import availability, mails, sessions
from .invitations import hash_token


class LinkNotFound(Exception):
    """The link is mistyped, or what it could cancel is over."""


@transaction.atomic
def ask(*, user_id: int, by: User) -> str | None:
    """Ask to lift somebody's second factor; return the secret of the link with which they can cancel. Raises Refused.

    None if this person has asked already: twice is harmless.

    The owner can't get in, so as a member they are unavailable from now on, until they say that they are back, or it is
    stopped.
    """
    owner, now = _locked(user_id, by.pk)[user_id], timezone.now()
    asker = _in_office(by.pk, owner)
    open_lift = _open_lift(user_id)
    if open_lift is not None and not _settle(open_lift, now):
        if open_lift.asked_by == asker:
            return None
        raise Refused(LIFTING.refusal[LiftState.ASKED])  # type: ignore[index]
    if not owner.is_active or not queries.has_factor(owner):
        raise Refused(_("This account has no second factor that could be lifted."))
    if queries.has_asked_enough(asker, user_id, now):
        raise Refused(presenter.asked_enough())
    token = secrets.token_urlsafe(32)
    FactorLift.objects.create(
        user=owner, asked_by=asker, asked_office=_first_office(asker), asked_at=now,
        factors=queries.factors_of(user_id), roles=queries.role_codes(owner), token_hash=hash_token(token),
    )  # fmt: skip
    member_id = queries.member_id_of(user_id)
    if member_id is not None:
        availability.make_unavailable_by_lift(member_id=member_id, by=asker, now=now)
    mails.tell_owner(
        user_id=user_id, kind=MailKind.LIFT_ASKED, link=_link(token),
        office=presenter.office(_first_office(asker)), is_member=member_id is not None,
    )  # fmt: skip
    notify_all(user_ids=queries.who_could_second(owner, asker))
    audit.record(action="factor_lift_asked", by=asker.pk, about=f"user:{user_id}")
    return token


@transaction.atomic
def second(*, user_id: int, by: User) -> None:
    """Agree, as somebody of another office; the owner gets another link. Twice is harmless. Raises Refused.

    Whoever asked must still hold an office at this moment, and both until it takes effect.
    """
    now, asked_by = timezone.now(), _asked_by(user_id)
    people = _locked(user_id, by.pk, asked_by)
    seconder, lift = _in_office(by.pk, people[user_id]), _open_lift(user_id)
    if lift is None or lift.asked_by_id != asked_by or rules.due_state(queries.as_it_stands(lift), now):
        raise Refused(_("This is over already. Look again."))
    if lift.asked_by_id == seconder.pk:
        raise Refused(_("You asked for it. Someone else, of another office, has to second it."))
    if lift.seconded_by_id == seconder.pk:
        return
    LIFTING.check(LiftState(lift.state), LiftState.SECONDED)
    offices = rules.two_offices(lift.asked_by.roles, seconder.roles)
    if offices is None:
        raise Refused(_("Someone of your own office asked. It takes two different ones."))
    token = secrets.token_urlsafe(32)
    lift.state, lift.seconded_by, lift.seconded_at = LiftState.SECONDED, seconder, now
    lift.asked_office, lift.seconded_office = offices[0].value, offices[1].value
    lift.second_token_hash = hash_token(token)
    lift.save()
    mails.tell_owner(
        user_id=user_id, kind=MailKind.LIFT_SECONDED, link=_link(token),
        first_office=presenter.office(offices[0].value), second_office=presenter.office(offices[1].value),
        moment=presenter.moment_in_mail(rules.takes_effect_at(now)),
    )  # fmt: skip
    audit.record(action="factor_lift_seconded", by=seconder.pk, about=f"user:{user_id}")


@transaction.atomic
def take_back(*, user_id: int, by: User) -> None:
    """One of the two who decided has thought better of it. Harmless if it is over. Raises Refused for anybody else."""
    _locked(user_id, by.pk)
    lift = _open_lift(user_id)
    if lift is None:
        return
    if by.pk not in (lift.asked_by_id, lift.seconded_by_id):
        raise Refused(_("Only those who decided it can take it back, or the owner of the account."))
    _end(lift, LiftState.CANCELED, by=by.pk)


@transaction.atomic
def cancel_by_link(*, token: str) -> None:
    """Whoever has the mail that its owner got cancels it. Raises LinkNotFound.

    Nobody is signed in, so the record names nobody, and says that it was the link.
    """
    found = queries.lift_by_token_hash(hash_token(token))
    if found is None:
        raise LinkNotFound
    _locked(found.user_id)
    lift = _open_lift(found.user_id)
    if lift is None or hash_token(token) not in (lift.token_hash, lift.second_token_hash):
        raise LinkNotFound
    _end(lift, LiftState.CANCELED, by=None, recorded_as="factor_lift_canceled_by_link")


@transaction.atomic
def cancel_own(*, by: User) -> None:
    """The owner is signed in, and so hasn't lost it. Harmless if it is over."""
    _locked(by.pk)
    lift = _open_lift(by.pk)
    if lift is not None:
        _end(lift, LiftState.CANCELED, by=by.pk)


def settle_all(*, now: datetime) -> int:
    """Lift what is due, and let lapse what nobody seconded or is no longer what was decided. Returns how many ended."""
    user_ids = list(queries.open_lifts().values_list("user_id", flat=True))
    return sum(_settle_one(user_id, now) for user_id in user_ids)


@transaction.atomic
def _settle_one(user_id: int, now: datetime) -> bool:
    _locked(user_id, *_deciders(user_id))
    lift = _open_lift(user_id)
    return lift is not None and _settle(lift, now)


def _settle(lift: FactorLift, now: datetime) -> bool:
    """Whether it ended by itself."""
    state = rules.due_state(queries.as_it_stands(lift), now)
    if state is None:
        return False
    if state == LiftState.LIFTED:
        Authenticator.objects.filter(user=lift.user_id).delete()
        sessions.end_all(user_id=lift.user_id)
    _end(lift, state, by=None)
    return True


_TOLD = {LiftState.LIFTED: MailKind.LIFT_DONE, LiftState.CANCELED: MailKind.LIFT_CANCELED}
_RECORDED = {
    LiftState.LIFTED: "factor_lifted",
    LiftState.CANCELED: "factor_lift_canceled",
    LiftState.LAPSED: "factor_lift_lapsed",
}


def _end(lift: FactorLift, state: LiftState, *, by: int | None, recorded_as: str = "") -> None:
    """The links of a lifting that is over find nothing anymore. recorded_as: where the state doesn't say it all."""
    LIFTING.check(LiftState(lift.state), state)
    lift.state = state
    lift.save(update_fields=["state"])
    if state in _TOLD:
        is_member = queries.member_id_of(lift.user_id) is not None
        mails.tell_owner(user_id=lift.user_id, kind=_TOLD[state], is_member=is_member)
    if state == LiftState.CANCELED:
        _let_back(lift, by)
    audit.record(action=recorded_as or _RECORDED[state], by=by, about=f"user:{lift.user_id}")


def _let_back(lift: FactorLift, by: int | None) -> None:
    """The owner gets in after all: end what asking began. Whatever they said themselves stays."""
    member_id = queries.member_id_of(lift.user_id)
    if member_id is not None:
        availability.take_back_unavailable_by_lift(member_id=member_id, asked_at=lift.asked_at, by=by)


def _locked(*user_ids: int | None) -> dict[int, User]:
    """These people. Roles that are taken at the same moment count or wait."""
    return accounts.locked(user_id for user_id in user_ids if user_id is not None)


def _open_lift(user_id: int) -> FactorLift | None:
    """With its people as they are after the lock. Locked through its owner, whom everybody locks first."""
    return queries.open_lifts().filter(user=user_id).first()


def _asked_by(user_id: int) -> int | None:
    lift = _open_lift(user_id)
    return lift.asked_by_id if lift else None


def _deciders(user_id: int) -> list[int | None]:
    lift = _open_lift(user_id)
    return [lift.asked_by_id, lift.seconded_by_id] if lift else []


def _in_office(user_id: int, owner: User) -> User:
    """Whoever decides, read after the lock. Raises Refused."""
    decider = User.objects.get(pk=user_id)
    if decider == owner:
        raise Refused(_("This is your own account. Two others have to decide it."))
    if not rules.holds_office(decider.roles):
        raise Refused(_("Only the coordinator, the clinical director and the operator can decide this."))
    return decider


def _first_office(user: User) -> str:
    """Until it is seconded: then both count for the offices that differ."""
    return next(office.value for office in rules.OFFICES if office in user.roles)


def _link(token: str) -> str:
    return str(settings.SITE_URL + reverse("team:cancel_lift", args=[token]))
