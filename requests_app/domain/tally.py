"""What a contact leaves to its peer when it ends, and what they answer. Pure."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from . import stored_json


@dataclass(frozen=True)
class UncountedContact:
    """A contact that has ended and that its peer has not counted yet; sealed in the row of a pending tally.

    id: of that row. year: in which it ended. response: a code of the vocabulary `response`. keep_until: the last day
    it can be counted; it is deleted the day after.
    """

    id: UUID
    member_id: int
    year: int
    response: str
    keep_until: date

    def to_bytes(self) -> bytes:
        """Without the id, which the sealing binds."""
        return stored_json.to_bytes(
            {
                "member": self.member_id,
                "year": self.year,
                "response": self.response,
                "keep_until": self.keep_until.isoformat(),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, id: UUID) -> "UncountedContact":
        """Raises ValueError or TypeError for anything but a pending tally (see stored_json)."""
        raw = stored_json.fields_in(data, ("member", "year", "response", "keep_until"))
        return cls(id, raw["member"], raw["year"], raw["response"], date.fromisoformat(raw["keep_until"]))


@dataclass(frozen=True)
class TallyAnswers:
    """What a member answers about a contact. codes: by the name of their vocabulary; only those that count."""

    first_this_year: bool
    first_referral: bool = False
    codes: dict[str, str] = field(default_factory=dict)
