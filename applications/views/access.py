"""What the pages of the coordinator and the reviewers ask for."""

from django.http import Http404, HttpRequest

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.views.access import done, signed_in

from ..models import Application
from ..queries import applications

__all__ = ["DECIDE", "PAGE", "SEE", "application_or_404", "done", "may", "signed_in"]

PAGE = ["GET", "HEAD", "POST"]
DECIDE = require_permission(Permission.DECIDE_APPLICATIONS)
# A member sees those they were asked to review: the query decides which.
SEE = require_permission(Permission.SEE_APPLICATIONS, Permission.OWN_PROFILE)


def may(request: HttpRequest, permission: Permission) -> bool:
    return is_allowed(signed_in(request).roles, permission)


def application_or_404(request: HttpRequest, pk: int) -> Application:
    found = applications.application_for(signed_in(request), pk)
    if found is None:
        raise Http404
    return found
