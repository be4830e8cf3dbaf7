"""Which applications wait for somebody, in sentences. The notices say only that something waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from peersupport.core.plurals import counted
from peersupport.core.todo import Todo
from peersupport.team.models import User

from ..domain.states import ReviewState
from ..queries import applications, panel

ENTRY = "applications:list"  # of the rail
WITHDRAWN_LATELY = timedelta(days=7)


def for_coordinator(now: datetime) -> Iterator[Todo]:
    """What waits for a coordinator, counted at the rail's entry unless it is only for information."""
    url = reverse(ENTRY)
    new = applications.count_new()
    if new:
        text = _sentence(new, _("A new application"), "new applications")
        yield Todo(text, _("Nobody has begun to read"), url, "Review", entry=ENTRY, count=new)
    for application in applications.without_suitable_time():
        page = reverse("applications:detail", args=[application.pk])
        text = f"No time suits {application.name}"
        yield Todo(text, _("Propose others for the interview"), page, _("Propose times"), entry=ENTRY, count=1)
    for application in panel.fully_reviewed():
        page = reverse("applications:detail", args=[application.pk])
        text = f"Everybody asked about {application.name} has answered"
        yield Todo(text, _("You can decide"), page, "Decide", entry=ENTRY, count=1)
    withdrawn = applications.count_withdrawn(now - WITHDRAWN_LATELY)
    if withdrawn:
        text = _sentence(withdrawn, _("An application was withdrawn"), "applications were withdrawn")
        yield Todo(text, _("In the last seven days"), f"{url}?state=withdrawn", "See")


def for_reviewer(user: User) -> list[Todo]:
    """The applications that this person is named to review and has not answered about."""
    return [
        Todo(
            f"You are asked to read the application of {review.application.name}",
            url=reverse("applications:detail", args=[review.application.pk]),
        )
        for review in panel.assigned_to(user)
        if review.state == ReviewState.ASKED
    ]


def _sentence(number: int, one: str, many: str) -> str:
    return one if number == 1 else counted(number, one, many).capitalize()
