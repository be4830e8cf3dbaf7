"""Mails to somebody who is not signed in: what they say, how one lies in its row, and how it leaves."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from peersupport.program import queries as program_queries


class Kind(StrEnum):
    """The team's own; a room above has others."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105


_SUBJECTS = {
    Kind.INVITATION: "Your invitation to the peer support team",
    Kind.NEW_PASSWORD: "Choosing a new password",
}


@dataclass(frozen=True)
class Mail:
    """calendar: an iCalendar file that goes with it, or nothing."""

    subject: str
    text: str
    calendar: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Mail":
        return cls(**json.loads(data))


def with_link(*, kind: Kind, link: str) -> Mail:
    text = render_to_string(f"team/letters/{kind}.txt", {"link": link, "program": program_queries.settings_now()})
    return Mail(_SUBJECTS[kind], text)


def message(*, email: str, mail: Mail) -> EmailMessage:
    made = EmailMessage(mail.subject, mail.text, None, [email])
    if mail.calendar:
        made.attach("interview.ics", mail.calendar, "text/calendar")
    return made
