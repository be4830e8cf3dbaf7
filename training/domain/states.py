"""The workflows of a session, of an import, and of training that a member took elsewhere."""

from enum import StrEnum

from peersupport.core.transitions import Workflow


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


SESSION_WORKFLOW = Workflow(
    labels={
        SessionState.PLANNED: "Planned",
        SessionState.HELD: "Held",
        SessionState.CANCELLED: "Cancelled",
    },
    moves={
        SessionState.PLANNED: {SessionState.PLANNED, SessionState.HELD, SessionState.CANCELLED},
        SessionState.HELD: {SessionState.HELD},  # attendance can be corrected
        SessionState.CANCELLED: set(),
    },
    refusal={
        SessionState.PLANNED: "This session is over or canceled, so it can't be changed.",
        SessionState.HELD: "Attendance can't be taken for this session.",
        SessionState.CANCELLED: "This session is over or already canceled.",
    },
)


class SessionDelivery(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"


SESSION_DELIVERY_LABELS: dict[SessionDelivery, str] = {
    SessionDelivery.IN_PERSON: "In person",
    SessionDelivery.ONLINE: "Online",
}


class GivenSessionKind(StrEnum):
    """Kinds of sessions that the team gives to others."""

    EDUCATION = "education"
    OUTREACH = "outreach"


GIVEN_SESSION_LABELS: dict[GivenSessionKind, str] = {
    GivenSessionKind.EDUCATION: "Education",
    GivenSessionKind.OUTREACH: "Outreach",
}


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    REFUSED = "refused"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DONE = "done"
    DISCARDED = "discarded"


IMPORT_WORKFLOW = Workflow(
    labels={
        ImportState.UPLOADED: "Being read",
        ImportState.REFUSED: "Cannot be read",
        ImportState.CHECKED: "Waits for you",
        ImportState.CONFIRMED: "Being written",
        ImportState.DONE: "Written",
        ImportState.DISCARDED: "Left",
    },
    moves={
        ImportState.UPLOADED: {ImportState.CHECKED, ImportState.REFUSED, ImportState.DISCARDED},
        ImportState.CHECKED: {ImportState.CONFIRMED, ImportState.DISCARDED},
        ImportState.CONFIRMED: {ImportState.DONE},
        ImportState.REFUSED: set(),
        ImportState.DONE: set(),
        ImportState.DISCARDED: set(),
    },
    refusal="This import has moved on since you opened the page.",
)
IMPORTS_TO_WORK_ON = (ImportState.UPLOADED, ImportState.CONFIRMED)


class ExternalTrainingState(StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"


EXTERNAL_TRAINING_WORKFLOW = Workflow(
    labels={
        ExternalTrainingState.REPORTED: "To be verified",
        ExternalTrainingState.VERIFIED: "Verified",
        ExternalTrainingState.SENT_BACK: "Sent back",
    },
    moves={
        ExternalTrainingState.REPORTED: {ExternalTrainingState.VERIFIED, ExternalTrainingState.SENT_BACK},
        ExternalTrainingState.VERIFIED: set(),
        ExternalTrainingState.SENT_BACK: set(),
    },
    refusal="Somebody has already reviewed this.",
)
