"""Recipients: the members to whom a request is sealed."""

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from .. import vault
from ..domain.card import Card
from ..domain.matching import WAIVED_RULES, Need, Peer, may_be_offered, relax, shortlist
from ..domain.routing import Recipient, Routing
from ..domain.states import MAX_RECIPIENTS
from ..queries import matching
from ..queries.team_now import team_now
from ..vault import ContentKey

log = logging.getLogger("peersupport.requests")


def relax_card(card: Card, request_id: UUID, peers: list[Peer], now: datetime) -> tuple[Card, Need]:
    """The card with the rules that are relaxed because no peer meets them all, and the need that remains.

    now: when these peers were read. What the officer has waived stays waived for this request.
    """
    waived = tuple(rule for rule in WAIVED_RULES.values() if rule in card.relaxed_rules)
    need, rules = relax(matching.need_of(replace(card, relaxed_rules=waived), request_id, now), peers)
    return replace(card, relaxed_rules=(*waived, *rules)), need


def recipients_for(need: Need, peers: list[Peer], content_key: ContentKey, now: datetime) -> tuple[Recipient, ...]:
    """Seal the content key to the best of these peers, best first."""
    able = [peer for peer in peers if may_be_offered(need, peer)]
    keys = team_now(now).keys  # a member may have left a moment ago
    ranked = shortlist(need, matching.with_preferences(able, now), MAX_RECIPIENTS)
    return tuple(
        Recipient(member_id=member_id, key_id=keys[member_id].key_id, envelope=sealed)
        for member_id in ranked
        if member_id in keys and (sealed := _seal_content_key(keys[member_id].public_key, content_key))
    )


def with_recipients(route: Routing, recipients: tuple[Recipient, ...], need: Need) -> Routing:
    """The routing with new recipients, none of whom has been offered the request yet."""
    return replace(
        route, recipients=recipients, over_cap=need.over_cap, wanted=need.wanted, wave=0, due=None, is_held=False
    )


def _seal_content_key(public_key: bytes, content_key: ContentKey) -> str:
    """The envelope for one member; empty where their key is damaged, which must not keep others from helping."""
    try:
        return vault.seal_content_key_to(public_key, content_key)
    except ValueError:
        log.error("a member's key is damaged, so nothing can be sealed to it")
        return ""
