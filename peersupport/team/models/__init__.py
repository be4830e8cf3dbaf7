"""The people who serve. The team plane: fully recorded."""

from .accounts import Invitation, Letter, User
from .activations import Activation, CallOut, GroupSession
from .hours import Handover, Pause, WeeklyHours
from .members import Member, MemberKey
from .service import Agreement, EarlierService, Renewal, RosterFile

__all__ = [
    "Activation",
    "Agreement",
    "CallOut",
    "EarlierService",
    "GroupSession",
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
