"""What a member tells only the matching. Pure."""

from dataclasses import dataclass, fields

from . import stored_json


@dataclass(frozen=True)
class MemberPreferences:
    """Codes. not_now: concerns they would rather not take now. experiences: what they have lived through."""

    not_now: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()

    def to_bytes(self) -> bytes:
        return stored_json.to_bytes({"not_now": sorted(self.not_now), "experiences": sorted(self.experiences)})

    @classmethod
    def from_bytes(cls, data: bytes) -> "MemberPreferences":
        """Raises ValueError or TypeError for anything but preferences (see stored_json)."""
        raw = stored_json.fields_in(data, [field.name for field in fields(cls)])
        return cls(frozenset(raw["not_now"]), frozenset(raw["experiences"]))
