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


_OLD_ADDRESS = gettext_lazy("About your account")
_SUBJECTS = {
    MailKind.INVITATION: gettext_lazy("Your invitation to the peer support team"),
    MailKind.NEW_PASSWORD: gettext_lazy("Choose a new password"),
    MailKind.NEW_ADDRESS: gettext_lazy("Confirm your e-mail address"),
    MailKind.ADDRESS_ASKED: _OLD_ADDRESS,
    MailKind.ADDRESS_CHANGED: _OLD_ADDRESS,
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


def mail_with_link(*, kind: MailKind, link: str) -> Mail:
    """link: empty for a mail that only tells something."""
    text = render_to_string(f"team/mails/{kind}.txt", {"link": link, "program": program_queries.settings_now()})
    return Mail(str(_SUBJECTS[kind]), text)


def email_message(*, email: str, mail: Mail) -> ProgramMail:
    message = ProgramMail(subject=mail.subject, text=mail.text, to=email)
    if mail.ics:
        message.attach(mail.ics_name, mail.ics, "text/calendar")
    return message
