"""From a candidate's first word to the decision. The team plane: recorded, and purged in its time."""

from .applications import Application, Move, PastOutcome, PrivateLink
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
    "Move",
    "PastOutcome",
    "PrivateLink",
    "Reference",
    "Review",
    "Score",
]
