"""The ways of a session, of a certificate that a member reports, and of an import. Tables; no Django."""

from enum import StrEnum

from peersupport.core.errors import Refused


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


SESSION_LABELS: dict[SessionState, str] = {
    SessionState.PLANNED: "Planned",
    SessionState.HELD: "Held",
    SessionState.CANCELLED: "Cancelled",
}
SESSION_MOVES: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset({SessionState.PLANNED, SessionState.HELD, SessionState.CANCELLED}),
    SessionState.HELD: frozenset({SessionState.HELD}),  # attendance is noted again, by whoever forgot somebody
    SessionState.CANCELLED: frozenset(),
}
_SESSION_REFUSALS: dict[SessionState, str] = {
    SessionState.PLANNED: "This session is {now}, so it can no longer be changed.",
    SessionState.HELD: "This session is {now}, so nobody can have been there.",
    SessionState.CANCELLED: "This session is {now} already.",
}


def check_session(now: SessionState, to: SessionState) -> None:
    """Raises Refused unless a session may go from one state to the other."""
    if to not in SESSION_MOVES[now]:
        raise Refused(_SESSION_REFUSALS[to].format(now=SESSION_LABELS[now].lower()))


class Delivery(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"


DELIVERY_LABELS: dict[Delivery, str] = {Delivery.IN_PERSON: "In person", Delivery.ONLINE: "Online"}


class Given(StrEnum):
    EDUCATION = "education"
    OUTREACH = "outreach"


GIVEN_LABELS: dict[Given, str] = {Given.EDUCATION: "Education", Given.OUTREACH: "Outreach"}


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    REFUSED = "refused"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DONE = "done"
    LEFT = "left"


IMPORT_LABELS: dict[ImportState, str] = {
    ImportState.UPLOADED: "Being read",
    ImportState.REFUSED: "Cannot be read",
    ImportState.CHECKED: "Waits for you",
    ImportState.CONFIRMED: "Being written",
    ImportState.DONE: "Written",
    ImportState.LEFT: "Left",
}
IMPORT_MOVES: dict[ImportState, frozenset[ImportState]] = {
    ImportState.UPLOADED: frozenset({ImportState.CHECKED, ImportState.REFUSED, ImportState.LEFT}),
    ImportState.CHECKED: frozenset({ImportState.CONFIRMED, ImportState.LEFT}),
    ImportState.CONFIRMED: frozenset({ImportState.DONE}),
    ImportState.REFUSED: frozenset(),
    ImportState.DONE: frozenset(),
    ImportState.LEFT: frozenset(),
}
IMPORTS_TO_WORK_ON = (ImportState.UPLOADED, ImportState.CONFIRMED)


def check_import(now: ImportState, to: ImportState) -> None:
    """Raises Refused unless an import may go from one state to the other."""
    if to not in IMPORT_MOVES[now]:
        raise Refused(f"This import is in another state by now: {IMPORT_LABELS[now].lower()}.")


class ReportState(StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"


REPORT_LABELS: dict[ReportState, str] = {
    ReportState.REPORTED: "To be verified",
    ReportState.VERIFIED: "Verified",
    ReportState.SENT_BACK: "Sent back",
}
REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.REPORTED: frozenset({ReportState.VERIFIED, ReportState.SENT_BACK}),
    ReportState.VERIFIED: frozenset(),
    ReportState.SENT_BACK: frozenset(),
}


def check_report(now: ReportState, to: ReportState) -> None:
    """Raises Refused unless a report may go from one state to the other."""
    if to not in REPORT_MOVES[now]:
        raise Refused(f"Somebody has looked at this already: {REPORT_LABELS[now].lower()}.")
