"""What members are trained in. The team plane: fully recorded."""

from .sessions import Enrolment, GivenSession, Session, SessionSubject
from .subjects import Record, Requirement, Subject, ValidityRule

__all__ = [
    "Enrolment",
    "GivenSession",
    "Record",
    "Requirement",
    "Session",
    "SessionSubject",
    "Subject",
    "ValidityRule",
]
