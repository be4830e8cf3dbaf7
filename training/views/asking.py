"""What every page of training does with a form: obey the form, then the rules."""

from collections.abc import Callable

from django.http import Http404, HttpRequest

from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.models import Member
from peersupport.team.page_forms import PageForm
from peersupport.team.views.asking import signed_in

from .. import queries
from ..models import Subject
from ..refusals import Refused

__all__ = ["done", "may", "member_or_404", "signed_in", "subject_or_404"]


def done(form: PageForm, act: Callable[[], object]) -> bool:
    """Whether the form was good and the rules of training said yes; otherwise the form says what is wrong."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    return True


def may(request: HttpRequest, permission: Permission) -> bool:
    return is_allowed(signed_in(request).roles, permission)


def member_or_404(request: HttpRequest, pk: int) -> Member:
    """A member's training is seen by whoever sees all training, and by that member."""
    found = queries.member_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if found is None:
        raise Http404
    return found


def subject_or_404(code: str) -> Subject:
    found = queries.subject_by_code(code)
    if found is None:
        raise Http404
    return found
