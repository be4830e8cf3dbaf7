"""The people who serve. All on the team plane: what happens here is fully recorded."""

from .accounts import AddressChange, Invitation, QueuedMail, User
from .availability import Pause, ShiftHandover, WeeklyHours
from .factors import UsedCode
from .lifting import FactorLift
from .members import Member, MemberKey
from .service_record import Agreement, EarlierService, RosterImport, TermRenewal
from .tries import Tries

__all__ = [
    "AddressChange",
    "Agreement",
    "EarlierService",
    "FactorLift",
    "Invitation",
    "Member",
    "MemberKey",
    "Pause",
    "QueuedMail",
    "RosterImport",
    "ShiftHandover",
    "TermRenewal",
    "Tries",
    "UsedCode",
    "User",
    "WeeklyHours",
]
