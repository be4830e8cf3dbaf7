import re

from django.utils import timezone

from .models import Entry

# Codes and numbers only: no space, no "@", no capital letter, so that no name or address fits.
_ACTION = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ABOUT = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_-]+)*")
_MAX_ABOUT_LENGTH = 80


def record(*, action: str, by: int | None, about: str = "") -> None:
    """Record what was done on the team plane, in the caller's transaction.

    action: a code such as "member_designated". by: the account's id; None for a scheduled task. about: a code with a
    number or random id, such as "member:12". Raises ValueError for anything else, so that no name gets in.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError("not the code of an action")
    if about and (len(about) > _MAX_ABOUT_LENGTH or not _ABOUT.fullmatch(about)):
        raise ValueError("about is a code and a number, such as member:12")
    Entry.objects.create(at=timezone.now(), by_id=by, action=action, about=about)
