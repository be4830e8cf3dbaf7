"""What the pages of training ask for."""

from django.http import Http404, HttpRequest

from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.models import Member
from peersupport.team.views.access import done, download, own_member, signed_in

from ..models import Session, Subject
from ..queries import records, sessions, subjects

__all__ = ["done", "download", "may", "member_or_404", "own_member", "session_or_404", "signed_in", "subject_or_404"]


def may(request: HttpRequest, permission: Permission) -> bool:
    return is_allowed(signed_in(request).roles, permission)


def member_or_404(request: HttpRequest, pk: int) -> Member:
    """A member's training is seen by whoever sees all training, and by that member."""
    found = records.member_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if found is None:
        raise Http404
    return found


def session_or_404(pk: int) -> Session:
    found = sessions.session_by_id(pk)
    if found is None:
        raise Http404
    return found


def subject_or_404(code: str) -> Subject:
    found = subjects.subject_by_code(code)
    if found is None:
        raise Http404
    return found
