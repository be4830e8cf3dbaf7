"""The people who serve. All on the team plane: what happens here is fully recorded."""

from .accounts import Invitation, Letter, User
from .availability import Pause, ShiftHandover, WeeklyHours
from .members import Member, MemberKey
from .service_record import Agreement, EarlierService, RosterImport, TermRenewal

__all__ = [
    "Agreement",
    "EarlierService",
    "Invitation",
    "Letter",
    "Member",
    "MemberKey",
    "Pause",
    "RosterImport",
    "ShiftHandover",
    "TermRenewal",
    "User",
    "WeeklyHours",
]
