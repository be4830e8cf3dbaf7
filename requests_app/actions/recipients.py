"""Recipients: the members to whom a request is sealed."""

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from peersupport.team.models import MemberKey
from peersupport.team.queries import eligibility

from .. import vault
from ..domain.card import Card
from ..domain.matching import WAIVED_RULES, Need, Peer, relax, shortlist
from ..domain.routing import Recipient, Routing
from ..domain.states import MAX_RECIPIENTS
from ..queries import matching
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
    keys = _current_keys(now)  # read again: a member may have left a moment ago
    ranked = [member_id for member_id in shortlist(need, peers, MAX_RECIPIENTS) if member_id in keys]
    return tuple(
        Recipient(member_id=member_id, key_id=keys[member_id].pk, envelope=sealed)
        for member_id in ranked
        if (sealed := _seal_content_key(keys[member_id], content_key))
    )


def with_recipients(route: Routing, recipients: tuple[Recipient, ...], need: Need) -> Routing:
    """The routing with new recipients, none of whom has been offered the request yet."""
    return replace(
        route, recipients=recipients, over_cap=need.over_cap, wanted=need.wanted, wave=0, due=None, is_held=False
    )


def _seal_content_key(key: MemberKey, content_key: ContentKey) -> str:
    """The envelope for one member; empty where their key is damaged, which must not keep others from helping."""
    try:
        return vault.seal_content_key_to(bytes(key.public_key), content_key)
    except ValueError:
        log.error("a member's key is damaged, so nothing can be sealed to it")
        return ""


def _current_keys(now: datetime) -> dict[int, MemberKey]:
    """The key of each member who serves, verified as it was read here."""
    serving = eligibility.members_who_can_serve(timezone.localdate(now))
    return {member.pk: key for member in serving if (key := member.current_key) is not None and key.is_verified}
