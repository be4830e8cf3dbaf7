"""The two sealed parts of what an officer sends: the card and the words. Pure."""

from dataclasses import asdict, dataclass, field, fields, replace

from . import stored_json
from .matching import WAIVED_RULES, SoftRule, Waiver, Wishes
from .states import Urgency


@dataclass(frozen=True, kw_only=True)
class Card(Wishes):
    """What the peers read to whom a request is offered: how soon, what about, and the officer's wishes.

    concern: a code of the vocabulary `concern`, or empty. relaxed_rules: what the officer waived, or what gave way.
    """

    urgency: Urgency
    concern: str = ""
    relaxed_rules: tuple[SoftRule, ...] = ()

    def to_bytes(self) -> bytes:
        return stored_json.to_bytes({**asdict(self), "excluded_members": sorted(self.excluded_members)})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Card":
        """Raises ValueError or TypeError for anything but a card (see stored_json)."""
        raw = stored_json.fields_in(data, [field.name for field in fields(cls)])
        raw["urgency"] = Urgency(raw["urgency"])
        raw["excluded_members"] = frozenset(raw["excluded_members"])
        raw["relaxed_rules"] = tuple(SoftRule(rule) for rule in raw["relaxed_rules"])
        return cls(**raw)


def waive(card: Card, waiver: Waiver) -> Card:
    """The card without what the officer waives."""
    if waiver == Waiver.NAMED:
        return replace(card, wanted=None, anyone_else=True)
    if waiver in WAIVED_RULES:
        return replace(card, relaxed_rules=(*card.relaxed_rules, WAIVED_RULES[waiver]))
    if waiver == Waiver.SUPERVISORS:
        return replace(card, supervisor_ok=True)
    return replace(card, excluded_members=frozenset())


@dataclass(frozen=True)
class Words:
    """What only the peer who accepts reads. message: up to 20,000 characters. contact: how to reach the officer."""

    message: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)

    def to_bytes(self) -> bytes:
        return stored_json.to_bytes(asdict(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Words":
        """Raises Malformed for anything but these fields (see stored_json)."""
        return cls(**stored_json.fields_in(data, [field.name for field in fields(cls)]))
