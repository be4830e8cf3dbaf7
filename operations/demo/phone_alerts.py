"""The demo's telephone: an alert to demo://somebody is written to a file, because the demo contacts nobody outside.

Apprise loads this by its path.
"""

from typing import Any
from uuid import uuid4

from apprise.decorators import notify
from django.conf import settings
from django.utils import timezone


@notify(on="demo", name="Demo")
def write_alert(body: str, title: str, notify_type: str, *args: Any, meta: dict[str, Any], **kwargs: Any) -> bool:
    now = timezone.localtime()
    file = settings.VAR / "bells" / f"{now:%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.log"
    file.write_text(f"To: {meta['host']}\n\n{title}\n\n{body}")
    return True
