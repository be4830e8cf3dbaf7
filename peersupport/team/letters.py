"""The texts of the two mails that carry a personal link, and how they leave."""

from enum import StrEnum

from django.core.mail import send_mail
from django.template.loader import render_to_string

from peersupport.program import queries as program_queries


class Kind(StrEnum):
    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105


_SUBJECTS = {
    Kind.INVITATION: "Your invitation to the peer support team",
    Kind.NEW_PASSWORD: "Choosing a new password",
}


def send(*, kind: Kind, email: str, link: str) -> None:
    """Raises what the mail server raises."""
    text = render_to_string(f"team/letters/{kind.value}.txt", {"link": link, "program": program_queries.settings_now()})
    send_mail(_SUBJECTS[kind], text, None, [email])
