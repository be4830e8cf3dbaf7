"""What applications ask of somebody, in sentences. The notices say only that something waits; this is what."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse

from peersupport.team.models import User
from training.presenters.todo import Waiting

from ..domain.states import ReviewState
from ..queries import applications

WITHDRAWN_LATELY = timedelta(days=7)


def for_coordinator(now: datetime) -> Iterator[Waiting]:
    url = reverse("applications:list")
    new = applications.count_new()
    if new:
        words = _many(new, "A new application", "new applications")
        yield Waiting(words, "Nobody has begun to read", url, "Review", new)
    for one in applications.without_a_time():
        page = reverse("applications:detail", args=[one.pk])
        yield Waiting(f"No time suits {one.name}", "Propose others for the interview", page, "Propose times")
    for one in applications.read_by_all():
        page = reverse("applications:detail", args=[one.pk])
        yield Waiting(f"Everybody asked about {one.name} has answered", "You can decide", page, "Decide")
    gone = applications.count_withdrawn(now - WITHDRAWN_LATELY)
    if gone:
        words = _many(gone, "An application was withdrawn", "applications were withdrawn")
        yield Waiting(words, "In the last seven days", f"{url}?state=withdrawn", "See", 0)


def for_reviewer(user: User) -> list[Waiting]:
    asked = [review.application for review in applications.to_review(user) if review.state == ReviewState.ASKED]
    return [
        Waiting(
            f"You are asked to read the application of {one.name}", "", reverse("applications:detail", args=[one.pk])
        )
        for one in asked
    ]


def _many(number: int, one: str, many: str) -> str:
    return one if number == 1 else f"{str(apnumber(number)).capitalize()} {many}"
