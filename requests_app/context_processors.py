"""What any staff page may show of this room."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from peersupport.team.queries.members import member_for

from .presenters.consultation import PendingConsultation, pending
from .queries import consultations


def pending_consultation(request: HttpRequest) -> dict[str, object]:
    """The open consultation of the signed-in member, read only where a page shows it."""
    return {"pending_consultation": SimpleLazyObject(lambda: _own_consultation(request))}


def _own_consultation(request: HttpRequest) -> PendingConsultation | None:
    user = getattr(request, "user", None)
    member = member_for(user) if user is not None and user.is_authenticated else None
    return pending(consultations.consultation_of(member)) if member else None
