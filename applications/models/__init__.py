"""Applications from draft to decision. On the team plane: recorded, and purged when their time is up."""

from .applications import Application, LinkPurpose, Move, PastOutcome, PrivateLink
from .daily_mail import DailyMailCount
from .interviews import Interview, InterviewTime
from .references import Reference
from .reviews import Review, Score
from .settings import ApplicationSettings

__all__ = [
    "Application",
    "ApplicationSettings",
    "DailyMailCount",
    "Interview",
    "InterviewTime",
    "LinkPurpose",
    "Move",
    "PastOutcome",
    "PrivateLink",
    "Reference",
    "Review",
    "Score",
]
