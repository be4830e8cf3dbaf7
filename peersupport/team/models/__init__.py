"""The people who serve. The team plane: fully recorded."""

from .accounts import Invitation, Letter, User
from .members import Member, MemberKey

__all__ = ["Invitation", "Letter", "Member", "MemberKey", "User"]
