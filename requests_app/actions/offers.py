"""Offer a request to peers, and pass it on to the next ones."""

from datetime import datetime

from django.utils import timezone

from ..domain import dispatch, routing
from ..domain.dispatch import Dispatch
from ..domain.matching import Peer
from ..domain.routing import Routing
from ..queries import matching
from ..queries.team_now import team_now
from ..queries.unsealing import UnsealedRequest
from . import notify, request_rows
from .erasure import add_pending_tally


def offer(request: UnsealedRequest, route: Routing, peers: list[Peer], now: datetime) -> UnsealedRequest:
    """Offer the request to the first wave that reaches anybody; notify oversight when nobody is left."""
    return apply(request, first_offer(route, peers, now), now)


def first_offer(route: Routing, peers: list[Peer], now: datetime) -> Dispatch:
    """The step to the first wave that reaches anybody; nothing is saved, and nobody notified yet."""
    free, local = matching.free_peers(peers, route), timezone.localtime(now)
    return dispatch.offer(route, free=free, times=team_now(now).times, now=local)


def apply(request: UnsealedRequest, step: Dispatch, now: datetime) -> UnsealedRequest:
    """Notify whom this step notifies, and save the routing that it leads to."""
    announce(step, now)
    return request_rows.save(request, step.routing)


def announce(step: Dispatch, now: datetime) -> None:
    notify.members(step.notified, urgent=True, now=now)  # an offer that can wait has been held until now
    if step.notifies_oversight:
        notify.oversight()


def pass_on(
    request: UnsealedRequest, without: set[int], now: datetime, peers: list[Peer] | None = None
) -> UnsealedRequest:
    """Take these members out, and offer the request to the next ones when no other offer is open.

    peers: everyone who serves, where somebody has read that already.
    """
    route = routing.without(request.routing, without)
    if route.offered_to:
        return request_rows.save(request, route)
    peers = matching.serving_peers(now) if peers is None else peers
    free, local = matching.free_peers(peers, route), timezone.localtime(now)
    return apply(request, dispatch.offer_to_next(route, free=free, times=team_now(now).times, now=local), now)


def take_back_from_peer(request: UnsealedRequest, now: datetime) -> UnsealedRequest:
    """Take the request from its peer, who may still tally what they began, and offer it to the others."""
    peer = request.routing.peer
    if peer is not None and request.routing.is_answered:
        add_pending_tally(peer.member_id, request.routing, timezone.localdate(now))
    return offer(request, routing.take_back_from_peer(request.routing), matching.serving_peers(now), now)
