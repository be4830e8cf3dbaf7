"""A consultation: a member asks to be called by the clinical director or a designee. Pure."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from peersupport.core.sentences import gettext_noop as _

from . import stored_json
from .half_hours import HALF_HOUR, half_hour_of


class ConsultationUrgency(StrEnum):
    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"


URGENCY_LABELS: dict[ConsultationUrgency, str] = {
    ConsultationUrgency.NOW: _("Within the hour"),
    ConsultationUrgency.TODAY: _("Today"),
    ConsultationUrgency.THIS_WEEK: _("This week"),
}
# After this long without an answer, everyone who may answer is notified once more.
REMIND_AFTER: dict[ConsultationUrgency, timedelta] = {
    ConsultationUrgency.NOW: timedelta(minutes=30),
    ConsultationUrgency.TODAY: timedelta(hours=4),
    ConsultationUrgency.THIS_WEEK: timedelta(days=3),
}
KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class ConsultationRequest:
    """One member's request to be called. It carries no text about anybody, by design.

    user_id: the account that is asked to call; None for whoever can first. since: the half hour of the request (see
    half_hours.half_hour_of).
    """

    id: UUID
    member_id: int
    user_id: int | None
    how_soon: ConsultationUrgency
    since: int
    is_reminded: bool = False

    @property
    def label(self) -> str:
        return URGENCY_LABELS[self.how_soon]

    def is_due(self, now: datetime) -> bool:
        """Whether it has waited too long and no reminder was sent yet."""
        return not self.is_reminded and self._is_older_than(REMIND_AFTER[self.how_soon], now)

    def is_over(self, now: datetime) -> bool:
        """Whether it is to be deleted unanswered."""
        return self._is_older_than(KEPT_FOR, now)

    def to_bytes(self) -> bytes:
        """Without the id, which the sealing binds."""
        return stored_json.to_bytes({**asdict(self), "id": None})

    @classmethod
    def from_bytes(cls, data: bytes, id: UUID) -> "ConsultationRequest":
        """Raises ValueError or TypeError for anything but a consultation (see stored_json)."""
        raw = stored_json.fields_in(data, [field.name for field in fields(cls)])
        return cls(**{**raw, "id": id, "how_soon": ConsultationUrgency(raw["how_soon"])})

    def _is_older_than(self, age: timedelta, now: datetime) -> bool:
        return half_hour_of(now) - self.since >= age // HALF_HOUR
