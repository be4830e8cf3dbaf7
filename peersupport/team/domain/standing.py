"""Where a member stands on one day: whether they can serve, and are on call, with the days that a page names. Pure."""

from dataclasses import dataclass
from datetime import date

from .serving import NotServing
from .states import MembershipState


@dataclass(frozen=True)
class Standing:
    """not_serving: why they can't serve; empty where they can, and for somebody who has left the team.

    leave_until: last day of the leave they are on, None while it is open. leave_from: first day of a planned leave.
    back_on: when they return from the pause they are on. term_ended_on: when their term ended; None while it runs.
    """

    state: MembershipState
    not_serving: tuple[NotServing, ...] = ()
    is_on_call: bool = False
    leave_until: date | None = None
    leave_from: date | None = None
    back_on: date | None = None
    term_ended_on: date | None = None

    @property
    def first_reason(self) -> NotServing | None:
        """What a page says that says one; None where they can serve."""
        return next(iter(self.not_serving), None)

    @property
    def is_unreachable(self) -> bool:
        """Whether they can't get in, and are unavailable until they say that they are back."""
        return NotServing.UNREACHABLE in self.not_serving
