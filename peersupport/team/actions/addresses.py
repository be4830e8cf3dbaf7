"""The e-mail address of an account. Somebody who signs in changes it alone; before that, whoever may invite them."""

import base64
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.access.permissions import Role, roles_invitable_by
from peersupport.audit import actions as audit
from peersupport.core import slow_hashes
from peersupport.core.errors import Refused
from peersupport.sealing import envelope, host_secret
from peersupport.sealing.envelope import CannotOpen

from ..documents.mails import MailKind
from ..models import AddressChange, Invitation, QueuedMail, User
from ..queries import addresses
from . import mails, tries
from .invitations import delete_invitation, hash_token, mail_anew

CHANGE_IS_VALID = timedelta(hours=24)
_TAKEN = gettext_lazy("Someone here already has this address.")


class LinkNotFound(Exception):
    """The link is mistyped, used, replaced or too old, or the address belongs to somebody else by now."""


@slow_hashes.seat()
@transaction.atomic
def request_change(*, user_id: int, email: str, password: str) -> str:
    """Mail a link to the new address and a notice to the old one; return the link's secret. Replaces an earlier one.

    A taken address gets no link, and otherwise all is the same: nobody learns who has an account. Raises CannotOpen for
    a wrong password.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.check_password(password):
        raise CannotOpen
    token = _change_token(user, email)
    _drop_unsent_link(user, keep=email)
    AddressChange.objects.update_or_create(
        user=user,
        defaults={"email": email, "token_hash": hash_token(token), "valid_until": timezone.now() + CHANGE_IS_VALID},
    )
    if not addresses.is_taken(email):
        mails.queue_anybodys_link(kind=MailKind.NEW_ADDRESS, email=email, link=_link(token))
    mails.queue_anybodys_link(kind=MailKind.ADDRESS_ASKED, email=user.email, link="")
    audit.record(action="address_change_asked", by=user.pk, about=f"user:{user.pk}")
    return token


def confirm_change(*, token: str) -> None:
    """Use the new address from now on. What was mailed to the old one no longer works. Raises LinkNotFound."""
    try:
        with transaction.atomic():
            _confirm(token)
    except IntegrityError:  # two people may have asked for one address, and the other was first
        raise LinkNotFound from None


def correct(*, old: str, new: str, by: User) -> bool:
    """Correct the address of somebody who has never signed in: their invitation, their account, or both.

    Returns whether a link was mailed to the new address; the one to the old address no longer works. Raises Refused.
    """
    try:
        with transaction.atomic():
            return _correct(old, new, by)
    except IntegrityError:
        raise Refused(_TAKEN) from None


@transaction.atomic
def discard_old() -> int:
    """Delete changes that nobody confirmed in time; returns how many."""
    return AddressChange.objects.filter(valid_until__lte=timezone.now()).delete()[0]


def _confirm(token: str) -> None:
    found = addresses.change_by_token_hash(hash_token(token), timezone.now())
    if found is None:
        raise LinkNotFound
    # The account first, as in request_change: two presses wait for each other and never lock each other out.
    user = User.objects.select_for_update(no_key=True).get(pk=found.user_id)
    change = AddressChange.objects.select_for_update().filter(pk=found.pk, token_hash=found.token_hash).first()
    if change is None or not user.is_active or addresses.is_taken(change.email):
        raise LinkNotFound
    old = user.email
    _move(user, change.email)
    change.delete()
    _forget_address(old, by=user)
    mails.queue_notice(kind=MailKind.ADDRESS_CHANGED, email=old)
    audit.record(action="address_changed", by=user.pk, about=f"user:{user.pk}")


def _correct(old: str, new: str, by: User) -> bool:
    user = User.objects.select_for_update(no_key=True).filter(email=old).first()
    invitation = Invitation.objects.select_for_update().filter(email=old).first()
    _check_may_correct(invitation, user, by)
    if addresses.is_taken(new):
        raise Refused(_TAKEN)
    if user is not None:
        _move(user, new)
        audit.record(action="address_corrected", by=by.pk, about=f"user:{user.pk}")
    if invitation is not None:
        mail_anew(invitation, new)
        audit.record(action="invitation_redirected", by=by.pk, about=f"invitation:{invitation.pk}")
    return invitation is not None


def _check_may_correct(invitation: Invitation | None, user: User | None, by: User) -> None:
    if invitation is None and user is None:
        raise Refused(_("Nobody here has the old address anymore. Please look again."))
    if user is not None and user.has_usable_password():
        raise Refused(_("This person signs in with this address. Only they can change it, on their own page."))
    roles = {Role(code) for code in invitation.roles} if invitation else set()
    if not roles | (user.roles if user else set()) <= roles_invitable_by(by.roles):
        raise Refused(_("You can't invite anyone to these roles, so you can't change where the invitation goes."))


def _move(user: User, email: str) -> None:
    user.email = email
    user.save(update_fields=["email"])


def _change_token(user: User, email: str) -> str:
    """The link's secret. Asking again on the same day makes the same, so that the mail of before has a link that works.

    Nobody can make one up without the host secret, and none works unless the row has its hash.
    """
    key = envelope.derive(host_secret.current(), salt=b"", info=envelope.context("address change"))
    asked = envelope.context(user.pk, user.email, user.password, email, timezone.localdate().isoformat())
    return base64.urlsafe_b64encode(hmac.digest(key, asked, "sha256")).rstrip(b"=").decode()


def _drop_unsent_link(user: User, keep: str) -> None:
    """To the address that they asked for before: it no longer works."""
    for email in AddressChange.objects.filter(user=user).exclude(email=keep).values_list("email", flat=True):
        if QueuedMail.objects.filter(kind=MailKind.NEW_ADDRESS, email=email).delete()[0]:
            tries.forget_mail(kind=MailKind.NEW_ADDRESS, email=email)


def _forget_address(old: str, by: User) -> None:
    """An invitation to it would make a second account of the same person. A link to a new password is bound to it."""
    invitation = Invitation.objects.filter(email=old).first()
    if invitation is not None:
        delete_invitation(old)
        audit.record(action="invitation_canceled", by=by.pk, about=f"invitation:{invitation.pk}")
    QueuedMail.objects.filter(kind=MailKind.NEW_PASSWORD, email=old).delete()


def _link(token: str) -> str:
    return str(settings.SITE_URL + reverse("team:confirm_address", args=[token]))
