from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from .permissions import Permission, is_allowed

View = Callable[..., HttpResponse]


def require_permission(permission: Permission) -> Callable[[View], View]:
    """Answers 404 to a signed-in person without the permission: missing and forbidden look the same."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_allowed(request.user.roles, permission):  # type: ignore[union-attr]
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
