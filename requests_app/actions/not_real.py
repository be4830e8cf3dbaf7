"""“Not a real request”: two members set a request aside, and either of them can put it back."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peersupport.team.models import Member

from ..domain import routing
from ..domain.states import RequestState
from ..queries import matching, members
from . import offers, request_rows
from .request_rows import RequestUnavailable


@dataclass(frozen=True)
class Marked:
    """How many requests somebody marked, and how many of them nobody is asked about anymore."""

    number: int = 0
    set_aside: int = 0


def mark(*, member: Member, request_ids: Collection[UUID]) -> Marked:
    """Take these requests, which this member doesn't think are real, from their desk.

    Others are still asked. What a second member has marked too is offered to nobody, until its officer sends it again
    or one of the two puts it back.
    """
    now, number, set_aside = timezone.now(), 0, 0
    peers = matching.serving_peers(now)
    for request_id in sorted(request_ids):
        with suppress(RequestUnavailable, routing.NotPossible), transaction.atomic():
            request = request_rows.lock(request_id)
            marked = routing.mark_not_real(request.routing, member.pk, now)
            if marked.state == RequestState.SET_ASIDE:
                request_rows.save(request, marked)
                set_aside += 1
            else:
                offers.pass_on(replace(request, routing=marked), {member.pk}, now, peers)
            number += 1
    return Marked(number, set_aside)


def put_back(*, member: Member) -> int:
    """Offer again what was set aside by a mark of this member's; returns how many. Twice is harmless."""
    now, number = timezone.now(), 0
    peers = matching.serving_peers(now)
    for request_id in members.set_aside_by(member):
        with suppress(RequestUnavailable, routing.NotPossible), transaction.atomic():
            request = request_rows.lock(request_id)
            offers.offer(request, routing.put_back(request.routing, member.pk, now), peers, now)
            number += 1
    return number
