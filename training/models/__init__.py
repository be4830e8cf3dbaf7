"""Training. It belongs to the team plane: fully recorded."""

# In the order in which /what-we-keep/ lists the tables.
# isort: off
from .external_training import ExternalTraining
from .imports import Import
from .imports import ImportRow
from .reminders import Digest
from .reminders import Reminder
from .sessions import Enrollment
from .sessions import GivenSession
from .sessions import Session
from .sessions import SessionSubject
from .subjects import Record
from .subjects import Requirement
from .subjects import Subject
from .subjects import ValidityRule

# isort: on

__all__ = [
    "Digest",
    "Enrollment",
    "ExternalTraining",
    "GivenSession",
    "Import",
    "ImportRow",
    "Record",
    "Reminder",
    "Requirement",
    "Session",
    "SessionSubject",
    "Subject",
    "ValidityRule",
]
