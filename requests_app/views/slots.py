"""What this room adds to pages of rooms below, which name a slot for it: settings.TEMPLATE_SLOT_VIEWS."""

from django.template.context import Context
from django.utils import timezone

from ..presenters import intake as presenter
from ..queries import intake


def home_closed(page: Context) -> dict[str, object]:
    """On the front page: that the form takes nothing right now, and until when."""
    closed = intake.closed_for(timezone.now())
    return {"closed": presenter.closed_text(closed) if closed else ""}
