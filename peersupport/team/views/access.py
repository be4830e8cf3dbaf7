"""What views of the team, and of the rooms above it, share: who is signed in, and submitting a form to an action."""

import logging
from collections.abc import Callable
from typing import cast

from django.db import Error
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from peersupport.core import full_disk
from peersupport.core.errors import Refused

from ..forms.base import PageForm
from ..models import Member, User
from ..queries import members

logger = logging.getLogger("peersupport.team")
DISK_IS_FULL = _(
    "The server's disk is full, so this might not have been saved. What you typed is still here. Once the operator has "
    "made room, send it again."
)


def submit(form: PageForm, action: Callable[[], object]) -> bool:
    """Run the action if the form is valid. False if it isn't, the action refuses or the disk is full.

    The form then shows why, with what was typed.
    """
    if not form.is_valid():
        return False
    try:
        action()
    except Refused as refused:
        form.add_refusal(refused)
        return False
    except (OSError, Error) as error:
        if not full_disk.is_cause(error):
            raise
        logger.exception("what somebody typed could not be saved")
        form.add_refusal(Refused(DISK_IS_FULL))
        return False
    return True


def signed_in(request: HttpRequest) -> User:
    """The signed-in user, typed. For views that nobody reaches without signing in."""
    return cast(User, request.user)


def own_member(request: HttpRequest) -> Member:
    """The member that the signed-in user is; 404 if they are none."""
    member = members.member_for(signed_in(request))
    if member is None:
        raise Http404
    return member


def member_or_404(pk: int) -> Member:
    member = members.member_by_id(pk)
    if member is None:
        raise Http404
    return member
