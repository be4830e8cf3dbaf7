"""A member who can't get in says so without signing in, and is unavailable: the next peer is asked.

There is no row for it. The link is signed, and dies with the next pause that begins or ends.
"""

from allauth.account.utils import url_str_to_user_pk, user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.urls import reverse

from ..documents.mails import MailKind
from ..models import Member, User
from ..queries import members, pauses
from ..reset_tokens import ResetTokenGenerator
from . import availability, mails, tries


class LinkNotFound(Exception):
    """The link is mistyped, too old, or has done what it can do."""


class _Links(ResetTokenGenerator):
    """Valid for a day, as a link to a new password, and of no use as one."""

    key_salt = "peersupport.team.cannot_get_in"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        changed = pauses.last_change_of_pauses(user.pk)
        return "".join(map(str, (user.pk, user.password, changed, timestamp)))


_links = _Links()
_NOBODY = User(pk=0, password="x" * 100)  # for whom the link is made where nobody gets one


def say_so(*, email: str, is_own_device: bool) -> None:
    """Make the member with this address unavailable, or mail them the link to it. Anybody else gets nothing.

    The same queries are made for every address, and a link, or the time would tell who is a member.

    is_own_device: whether it comes from a device on which they have signed in before.
    """
    member = members.member_at(email)
    if member is not None and is_own_device:
        availability.make_unavailable(member_id=member.pk, by=None)
        return
    link = settings.SITE_URL + reverse("confirm_cannot_get_in", kwargs=link_parts(member.user if member else _NOBODY))
    if member is not None:
        mails.queue_anybodys_link(kind=MailKind.CANNOT_GET_IN, email=email, link=link)
    else:
        mails.take_as_long(kind=MailKind.CANNOT_GET_IN, email=email, link=link)


def link_parts(user: User) -> dict[str, str]:
    return {"uidb36": user_pk_to_url_str(user), "key": _links.make_token(user)}


def member_behind(*, uidb36: str, key: str) -> Member:
    """Raises LinkNotFound."""
    try:
        user = User.objects.filter(pk=url_str_to_user_pk(uidb36), is_active=True).first()
    except (ValueError, OverflowError, ValidationError):
        raise LinkNotFound from None
    member = _member(user)
    if user is None or member is None or not _links.check_token(user, key):
        raise LinkNotFound
    return member


def confirm(*, uidb36: str, key: str) -> None:
    """The member is unavailable from now on. Raises LinkNotFound."""
    member = member_behind(uidb36=uidb36, key=key)
    availability.make_unavailable(member_id=member.pk, by=None)
    tries.forget_mail(kind=MailKind.CANNOT_GET_IN, email=member.user.email)  # its link has done what it can


def _member(user: User | None) -> Member | None:
    return members.member_for(user) if user is not None else None
