"""How long each step of a request may take, as the coordinator has set it."""

from ..domain.escalation import Times
from ..models import RequestSettings


def settings_now() -> RequestSettings:
    """The program's settings; unsaved defaults if nobody has set any."""
    return RequestSettings.objects.filter(pk=1).first() or RequestSettings(pk=1)


def times() -> Times:
    return settings_now().times
