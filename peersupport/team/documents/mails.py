"""Mails to somebody who isn't signed in, most with a personal link. What they say, and their stored form."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from peersupport.program import queries as program_queries


class MailKind(StrEnum):
    """The team's own mails; a room above has more kinds."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105


_SUBJECTS = {
    MailKind.INVITATION: "Your invitation to the peer support team",
    MailKind.NEW_PASSWORD: "Choosing a new password",
}


@dataclass(frozen=True)
class Mail:
    """calendar: an iCalendar file to attach, or empty."""

    subject: str
    text: str
    calendar: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Mail":
        return cls(**json.loads(data))


def mail_with_link(*, kind: MailKind, link: str) -> Mail:
    text = render_to_string(f"team/mails/{kind}.txt", {"link": link, "program": program_queries.settings_now()})
    return Mail(_SUBJECTS[kind], text)


def email_message(*, email: str, mail: Mail) -> EmailMessage:
    message = EmailMessage(mail.subject, mail.text, None, [email])
    if mail.calendar:
        message.attach("interview.ics", mail.calendar, "text/calendar")
    return message
