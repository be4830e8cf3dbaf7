"""How lists and pages show a state, and for how long."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..domain.onboarding import STAGE_LABELS
from ..domain.states import Tone
from ..models import Application
from ..presenters.progress import age_text
from ..queries.onboarding import Onboarding

register = template.Library()
CLASSES = {Tone.WARM: "badge badge--warm", Tone.PLAIN: "badge", Tone.SOFT: "soft"}


@register.simple_tag
def state_badge(application: Application, onboarding: Mapping[int, Onboarding]) -> SafeString:
    """The state as a badge; for an accepted candidate, the stage of onboarding."""
    progress = onboarding.get(application.pk)
    label = STAGE_LABELS[progress.stage] if progress else application.get_state_display()
    return format_html('<span class="{}">{}</span>', CLASSES[Tone(application.tone)], label)


@register.filter
def age(since: datetime, now: datetime) -> str:
    return age_text((timezone.localdate(now) - timezone.localdate(since)).days)
