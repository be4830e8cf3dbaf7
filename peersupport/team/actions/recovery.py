"""The last way back into an account, for whoever runs the server."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction

from peersupport.audit import actions as audit

from ..documents.mails import MailKind
from ..models import User
from ..queries.invitations import invitation_to
from . import mails


class NoSuchAccount(Exception):
    """No active account has this address."""


class NeverSignedIn(Exception):
    """The person came with an imported roster: an invitation is the way in, and gives them a key."""


class Invited(Exception):
    """The person hasn't accepted their invitation. valid_until: of its link."""

    def __init__(self, valid_until: datetime) -> None:
        super().__init__()
        self.valid_until = valid_until


@transaction.atomic
def send_new_password_link(*, email: str) -> str:
    """Mail a link to a new password, valid for 24 hours, and return it. No second factor is lifted.

    Raises Invited, NoSuchAccount and NeverSignedIn.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or not user.has_usable_password():
        if invitation := invitation_to(email):
            raise Invited(invitation.valid_until)
        raise NeverSignedIn if user else NoSuchAccount
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    link = str(get_adapter().get_reset_password_from_key_url(key))
    mails.queue_link(kind=MailKind.NEW_PASSWORD, email=user.email, link=link)
    audit.record(action="account_recovery_begun", by=None, about=f"user:{user.pk}")
    return link
