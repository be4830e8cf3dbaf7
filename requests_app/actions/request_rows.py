"""Request rows: locked until the transaction ends, checked for whose they are, and saved."""

from dataclasses import replace
from uuid import UUID

from django.db import connection

from peersupport.sealing import envelope
from peersupport.sealing.receipt import Credentials
from peersupport.team.models import Member

from .. import vault
from ..domain.routing import Routing
from ..models import Request
from ..queries import officers, outlines, unsealing
from ..queries.unsealing import UnsealedRequest
from ..vault import RowKey

SUPPORT_PLANE_LOCK = 784  # first half of the advisory lock's key; no other lock of this database begins with it


class RequestUnavailable(Exception):
    """The request is closed, isn't this person's, or isn't in a state in which they can do this."""


class PeerChanged(Exception):
    """The request has another peer than on the page that was submitted. Nothing was done."""


class UnreadMessages(Exception):
    """The officer wrote something that this peer hasn't seen yet. Nothing was done."""


def serialize_member(member: Member) -> None:
    """Serialize what one member does on the support plane, until the transaction ends.

    A lock on the member's row would leave the transaction's number on it, and that would let PostgreSQL tell whose
    request is whose. SQLite locks the whole database anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SUPPORT_PLANE_LOCK, member.pk])


def lock(request_id: UUID) -> UnsealedRequest:
    """Lock and unseal a request. Raises RequestUnavailable where it is closed or damaged."""
    row = Request.objects.select_for_update().filter(pk=request_id).first()
    try:
        request = unsealing.unseal(row) if row else None
    except envelope.CannotOpen as error:
        outlines.drop(request_id)
        raise RequestUnavailable from error
    if request is None:
        raise RequestUnavailable
    return request


def lock_own(creds: Credentials) -> UnsealedRequest:
    """Lock the officer's own request. Raises RequestUnavailable."""
    request = officers.request_of(creds)
    if request is None:
        raise RequestUnavailable
    return lock(request.id)


def lock_contact(member: Member, request_id: UUID) -> UnsealedRequest:
    """Lock a request that this member has accepted. Raises RequestUnavailable."""
    request = lock(request_id)
    if not request.routing.is_contact_of(member.pk):
        raise RequestUnavailable
    return request


def lock_contact_if_read(member: Member, request_id: UUID, seen: int | None) -> UnsealedRequest:
    """Lock a contact of which this member has read everything. Raises RequestUnavailable and UnreadMessages.

    seen: the number of the last message on the page that was submitted; None where the page doesn't say.
    """
    request = lock_contact(member, request_id)
    route = request.routing
    if route.messages > min(route.seen_by_peer, route.messages if seen is None else seen):
        raise UnreadMessages
    return request


def put_routing(row: Request, key: RowKey, route: Routing) -> None:
    """Seal the routing into the row, which the caller saves, under a new stamp."""
    row.stamp = vault.new_stamp()
    row.routing = vault.seal_routing(key, route, row.stamp)


def save(request: UnsealedRequest, route: Routing) -> UnsealedRequest:
    """Seal and save the request's new routing."""
    if route != request.routing:
        put_routing(request.row, request.key, route)
        request.row.save(update_fields=["stamp", "routing"])
    return replace(request, routing=route)
