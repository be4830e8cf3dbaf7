from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from .permissions import Permission, is_allowed

View = Callable[..., HttpResponse]


def require_permission(*permissions: Permission) -> Callable[[View], View]:
    """Answers 404 to a signed-in person with none of the permissions: missing and forbidden look the same."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            roles = request.user.roles  # type: ignore[union-attr]
            if not any(is_allowed(roles, permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
