"""All that changes what is on record of training. Each action is one transaction and stands in the audit."""

from .designating import designate
from .imports import confirm_import, leave_import, receive_import, work_on_imports
from .records import check_facts, record, take_back_record
from .reminders import remind, send_digest
from .reports import report_training, send_back_report, verify_report
from .sessions import (
    cancel_session,
    change_session,
    enrol,
    note_attendance,
    plan_session,
    record_given,
    take_back_given,
    withdraw,
)
from .subjects import add_subject, change_subject, require, retire_subject, set_validity, take_up_subject

__all__ = [
    "add_subject",
    "cancel_session",
    "change_session",
    "change_subject",
    "check_facts",
    "confirm_import",
    "designate",
    "enrol",
    "leave_import",
    "note_attendance",
    "plan_session",
    "receive_import",
    "record",
    "record_given",
    "remind",
    "report_training",
    "require",
    "retire_subject",
    "send_back_report",
    "send_digest",
    "set_validity",
    "take_back_given",
    "take_back_record",
    "take_up_subject",
    "verify_report",
    "withdraw",
    "work_on_imports",
]
