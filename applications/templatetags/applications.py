"""How a state and an age are printed."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..domain.stages import LABELS as STAGE_LABELS
from ..domain.states import Tone
from ..models import Application
from ..presenters.progress import age_words
from ..queries.applications import Accepted

register = template.Library()
CLASSES = {Tone.WARM: "badge badge--warm", Tone.PLAIN: "badge", Tone.SOFT: "soft"}


@register.simple_tag
def standing(application: Application, accepted: Mapping[int, Accepted]) -> SafeString:
    """The state as a badge; for who is accepted, how far they are."""
    found = accepted.get(application.pk)
    words = STAGE_LABELS[found.stage] if found else application.get_state_display()
    return format_html('<span class="{}">{}</span>', CLASSES[Tone(application.tone)], words)


@register.filter
def age(since: datetime, now: datetime) -> str:
    return age_words((timezone.localdate(now) - timezone.localdate(since)).days)
