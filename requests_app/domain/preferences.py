"""What a member tells only the matching. Pure."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from . import stored_json


def week_of(day: date) -> int:
    """The number of its week, Monday to Sunday, since the first of the calendar."""
    return (day.toordinal() - 1) // 7


@dataclass(frozen=True)
class MemberPreferences:
    """Codes. not_now: concerns they would rather not take now. experiences: what they have lived through.

    saved_in: the week in which they said so. earlier_*: what counted until then.
    """

    not_now: frozenset[str] = frozenset()
    experiences: frozenset[str] = frozenset()
    saved_in: int = 0
    earlier_not_now: frozenset[str] = frozenset()
    earlier_experiences: frozenset[str] = frozenset()

    def in_week(self, week: int) -> "MemberPreferences":
        """What counts in this week. What is saved in it counts from the next one on.

        Otherwise the change would show: whoever was drawn in the morning and isn't in the evening has set "not now".
        """
        if week > self.saved_in:
            return self
        return replace(self, not_now=self.earlier_not_now, experiences=self.earlier_experiences)

    def changed(self, *, not_now: Collection[str], experiences: Collection[str], week: int) -> "MemberPreferences":
        """The preferences that the member saves in this week."""
        earlier = self.in_week(week)
        return MemberPreferences(frozenset(not_now), frozenset(experiences), week, earlier.not_now, earlier.experiences)

    def to_bytes(self) -> bytes:
        codes = {name: sorted(value) for name, value in asdict(self).items() if name != "saved_in"}
        return stored_json.to_bytes({**codes, "saved_in": self.saved_in})

    @classmethod
    def from_bytes(cls, data: bytes) -> "MemberPreferences":
        """Raises ValueError or TypeError for anything but preferences (see stored_json)."""
        try:
            raw = stored_json.fields_in(data, ["not_now", "experiences"])  # saved by an earlier version
        except stored_json.Malformed:
            raw = stored_json.fields_in(data, [field.name for field in fields(cls)])
        saved_in = raw.pop("saved_in", 0)
        if not isinstance(saved_in, int):
            raise stored_json.Malformed("saved_in")
        return cls(saved_in=saved_in, **{name: frozenset(codes) for name, codes in raw.items()})
