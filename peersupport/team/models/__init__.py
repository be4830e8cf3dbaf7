"""The people who serve. The team plane: fully recorded."""

from .accounts import Invitation, Letter, User
from .hours import Handover, Pause, WeeklyHours
from .members import Member, MemberKey

__all__ = ["Handover", "Invitation", "Letter", "Member", "MemberKey", "Pause", "User", "WeeklyHours"]
