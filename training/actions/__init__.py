"""All that changes what is on record of training. Each action is one transaction and stands in the audit."""

from .records import check_facts, record, take_back_record
from .sessions import cancel_session, change_session, enrol, note_attendance, plan_session, record_given, withdraw
from .subjects import add_subject, change_subject, require, retire_subject, set_validity, take_up_subject

__all__ = [
    "add_subject",
    "cancel_session",
    "change_session",
    "change_subject",
    "check_facts",
    "enrol",
    "note_attendance",
    "plan_session",
    "record",
    "record_given",
    "require",
    "retire_subject",
    "set_validity",
    "take_back_record",
    "take_up_subject",
    "withdraw",
]
