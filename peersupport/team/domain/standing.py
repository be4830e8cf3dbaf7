"""Where a member stands on one day: present, on leave, on a pause, on call. Pure."""

from dataclasses import dataclass
from datetime import date

from .states import MembershipState


@dataclass(frozen=True)
class Standing:
    """leave_until: last day of the leave they are on, None while it is open. leave_from: first day of a planned leave.

    back_on: when they return from the pause they are on. term_ended_on: when their term ended; None while it runs.
    is_unreachable: whether they can't get in, and are unavailable until they say that they are back.
    is_key_unverified: whether the four words of their key have to be compared again.
    """

    state: MembershipState
    is_on_call: bool = False
    is_on_leave: bool = False
    leave_until: date | None = None
    leave_from: date | None = None
    back_on: date | None = None
    term_ended_on: date | None = None
    is_unreachable: bool = False
    is_key_unverified: bool = False
