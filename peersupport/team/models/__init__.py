"""The people who serve. The team plane: fully recorded."""

from .accounts import Invitation, Letter, User
from .hours import Handover, Pause, WeeklyHours
from .members import Member, MemberKey
from .service import Agreement, EarlierService, Renewal, RosterFile

__all__ = [
    "Agreement",
    "EarlierService",
    "Handover",
    "Invitation",
    "Letter",
    "Member",
    "MemberKey",
    "Pause",
    "Renewal",
    "RosterFile",
    "User",
    "WeeklyHours",
]
