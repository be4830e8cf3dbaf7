"""Permissions and lookups that the staff pages of applications share."""

from django.http import Http404, HttpRequest

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.views.access import signed_in

from ..models import Application
from ..queries import applications

DECIDE = require_permission(Permission.DECIDE_APPLICATIONS)
# A member passes too; the query then shows only what they were asked to review.
SEE = require_permission(Permission.SEE_APPLICATIONS, Permission.OWN_PROFILE)


def application_or_404(request: HttpRequest, pk: int) -> Application:
    application = applications.application_for(signed_in(request), pk)
    if application is None:
        raise Http404
    return application
