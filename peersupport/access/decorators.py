from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from .permissions import Permission, is_allowed

View = Callable[..., HttpResponse]


def require_permission(*permissions: Permission) -> Callable[[View], View]:
    """Answer 404 unless the signed-in user has one of the permissions: missing and forbidden must look the same."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            roles = request.user.roles  # type: ignore[union-attr]
            if not any(is_allowed(roles, permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
