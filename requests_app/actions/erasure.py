"""The end of a request: its row goes and its key is destroyed. What is left is a tally to make."""

from datetime import date, datetime
from uuid import uuid4

from django.utils import timezone

from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from stats import queries as stats_queries

from .. import leftovers_vault, vault
from ..domain import routing
from ..domain.routing import Routing
from ..domain.states import PENDING_TALLY_KEPT_FOR
from ..domain.tally import UncountedContact
from ..models import PendingTally
from ..queries.unsealing import UnsealedRequest


def erase(request: UnsealedRequest, now: datetime, *, is_counted: bool = True) -> None:
    """Delete the row and condemn its key in the same transaction. Leaves its peer a tally, where it counts."""
    condemn(key_id=request.row.key_id)
    peer = request.routing.peer
    if peer is not None and is_counted:
        add_pending_tally(peer.member_id, request.routing, timezone.localdate(now))
    request.row.delete()


def add_pending_tally(member_id: int, route: Routing, today: date) -> None:
    """Leave this member a pending tally."""
    key_id = keyring.create()
    contact = UncountedContact(
        id=uuid4(),
        member_id=member_id,
        year=stats_queries.current_period(today).year,
        response=routing.response_code(route),
        keep_until=today + PENDING_TALLY_KEPT_FOR,
    )
    body = leftovers_vault.seal_pending_tally(vault.row_key(contact.id, key_id), contact)
    PendingTally.objects.create(id=contact.id, key_id=key_id, body=body)
