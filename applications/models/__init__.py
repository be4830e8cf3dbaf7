"""From a candidate's first word to the decision. The team plane: recorded, and purged in its time."""

from .applications import Application, Link, Move, PastOutcome
from .interviews import Interview, InterviewTime
from .mails import MailedToday
from .panel import Review, Score
from .references import Reference
from .settings import ApplicationSettings

__all__ = [
    "Application",
    "ApplicationSettings",
    "Interview",
    "InterviewTime",
    "Link",
    "MailedToday",
    "Move",
    "PastOutcome",
    "Reference",
    "Review",
    "Score",
]
