"""Mails to somebody who isn't signed in, most with a personal link. What they say, and their stored form."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from peersupport.core.mail import ProgramMail
from peersupport.program import queries as program_queries


class MailKind(StrEnum):
    """The team's own mails; a room above has more kinds."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105
    NEW_ADDRESS = "new_address"
    ADDRESS_ASKED = "address_asked"
    ADDRESS_CHANGED = "address_changed"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    NEW_BACKUP_CODES = "new_backup_codes"
    WRONG_CODES = "wrong_codes"
    LIFT_ASKED = "lift_asked"
    LIFT_SECONDED = "lift_seconded"
    LIFT_DONE = "lift_done"
    LIFT_CANCELED = "lift_canceled"
    CANNOT_GET_IN = "cannot_get_in"


# One subject for all of these: what happened to an account is nobody's business who looks over a shoulder.
_ABOUT_ACCOUNT = gettext_lazy("About your account")
_SUBJECTS = {
    MailKind.INVITATION: gettext_lazy("Your invitation to the peer support team"),
    MailKind.NEW_PASSWORD: gettext_lazy("Choose a new password"),
    MailKind.NEW_ADDRESS: gettext_lazy("Confirm your e-mail address"),
}


@dataclass(frozen=True)
class Mail:
    """ics: an iCalendar file to attach under the name `ics_name`; both empty for none."""

    subject: str
    text: str
    ics: str = ""
    ics_name: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Mail":
        return cls(**json.loads(data))


def mail_with_link(*, kind: MailKind, link: str, **details: object) -> Mail:
    """link: empty for a mail that only tells something. details: what else its text names."""
    context = {"link": link, "program": program_queries.settings_now(), **details}
    text = render_to_string(f"team/mails/{kind}.txt", context)
    return Mail(str(_SUBJECTS.get(kind, _ABOUT_ACCOUNT)), text)


def email_message(*, email: str, mail: Mail) -> ProgramMail:
    message = ProgramMail(subject=mail.subject, text=mail.text, to=email)
    if mail.ics:
        message.attach(mail.ics_name, mail.ics, "text/calendar")
    return message
