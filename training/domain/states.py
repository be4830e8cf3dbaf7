"""The workflows of a session, of an import, and of training that a member took elsewhere."""

from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _
from peersupport.core.transitions import Workflow


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


SESSION_WORKFLOW = Workflow(
    labels={
        SessionState.PLANNED: _("Planned"),
        SessionState.HELD: _("Held"),
        SessionState.CANCELLED: _("Canceled"),
    },
    moves={
        SessionState.PLANNED: {SessionState.PLANNED, SessionState.HELD, SessionState.CANCELLED},
        SessionState.HELD: {SessionState.HELD},  # attendance can be corrected
        SessionState.CANCELLED: set(),
    },
    refusal={
        SessionState.PLANNED: _("This session is over or canceled, so it can't be changed."),
        SessionState.HELD: _("Attendance can't be taken for this session."),
        SessionState.CANCELLED: _("This session is over or already canceled."),
    },
)


class SessionDelivery(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"


SESSION_DELIVERY_LABELS: dict[SessionDelivery, str] = {
    SessionDelivery.IN_PERSON: _("In person"),
    SessionDelivery.ONLINE: _("Online"),
}


class GivenSessionKind(StrEnum):
    """Kinds of sessions that the team gives to others."""

    EDUCATION = "education"
    OUTREACH = "outreach"


GIVEN_SESSION_LABELS: dict[GivenSessionKind, str] = {
    GivenSessionKind.EDUCATION: _("Education"),
    GivenSessionKind.OUTREACH: _("Outreach"),
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
        ImportState.UPLOADED: _("Being read"),
        ImportState.REFUSED: _("Can't be read"),
        ImportState.CHECKED: _("Ready to review"),
        ImportState.CONFIRMED: _("Being imported"),
        ImportState.DONE: _("Imported"),
        ImportState.DISCARDED: _("Discarded"),
    },
    moves={
        ImportState.UPLOADED: {ImportState.CHECKED, ImportState.REFUSED, ImportState.DISCARDED},
        ImportState.CHECKED: {ImportState.CONFIRMED, ImportState.DISCARDED},
        ImportState.CONFIRMED: {ImportState.DONE},
        ImportState.REFUSED: set(),
        ImportState.DONE: set(),
        ImportState.DISCARDED: set(),
    },
    refusal=_("This import has changed since you opened the page."),
)
IMPORTS_TO_WORK_ON = (ImportState.UPLOADED, ImportState.CONFIRMED)


class ExternalTrainingState(StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"


EXTERNAL_TRAINING_WORKFLOW = Workflow(
    labels={
        ExternalTrainingState.REPORTED: _("Waiting for review"),
        ExternalTrainingState.VERIFIED: _("Verified"),
        ExternalTrainingState.SENT_BACK: _("Sent back"),
    },
    moves={
        ExternalTrainingState.REPORTED: {ExternalTrainingState.VERIFIED, ExternalTrainingState.SENT_BACK},
        ExternalTrainingState.VERIFIED: set(),
        ExternalTrainingState.SENT_BACK: set(),
    },
    refusal=_("Someone has already reviewed this."),
)
