"""Access checks that the views of training share."""

from django.http import Http404, HttpRequest

from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.models import Member
from peersupport.team.views.access import signed_in

from ..models import Session, Subject
from ..queries import records, sessions, subjects


def may(request: HttpRequest, permission: Permission) -> bool:
    return is_allowed(signed_in(request).roles, permission)


def member_or_404(request: HttpRequest, pk: int) -> Member:
    """A member's training is visible to those who see all training, and to that member."""
    member = records.member_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if member is None:
        raise Http404
    return member


def session_or_404(pk: int) -> Session:
    session = sessions.session_by_id(pk)
    if session is None:
        raise Http404
    return session


def subject_or_404(code: str) -> Subject:
    subject = subjects.subject_by_code(code)
    if subject is None:
        raise Http404
    return subject
