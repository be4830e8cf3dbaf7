from django.http import HttpRequest

from .permissions import Permission, is_allowed


def viewer(request: HttpRequest) -> dict[str, object]:
    """For templates: `viewer` is the signed-in user, `may` the values of their permissions; none on anonymous pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"viewer": None, "may": frozenset()}
    return {"viewer": user, "may": frozenset(p.value for p in Permission if is_allowed(user.roles, p))}
