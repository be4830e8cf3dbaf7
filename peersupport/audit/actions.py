import re

from django.utils import timezone

from .models import Entry

# Codes and numbers only: no space, no "@", no capital, nothing that a name or an address would need.
_ACTION = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ABOUT = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_-]+)*")
_MOST_ABOUT = 80


def record(*, action: str, by: int | None, about: str = "") -> None:
    """Write down what was done on the team plane, in the caller's transaction.

    action: a code ("member_designated"). by: the account's number, none for the calendar. about: a code and
    a number or random id ("member:12"). Raises ValueError for anything else, so that no name gets in.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError("not the code of an action")
    if about and (len(about) > _MOST_ABOUT or not _ABOUT.fullmatch(about)):
        raise ValueError("about is a code and a number, such as member:12")
    Entry.objects.create(at=timezone.now(), by_id=by, action=action, about=about)
