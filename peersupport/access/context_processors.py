from django.http import HttpRequest

from .permissions import Permission, is_allowed


def viewer(request: HttpRequest) -> dict[str, object]:
    """For templates: what the signed-in person may do, as a set of codes; empty on anonymous pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"viewer": None, "may": frozenset()}
    return {"viewer": user, "may": frozenset(p.value for p in Permission if is_allowed(user.roles, p))}
