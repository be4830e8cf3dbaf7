"""A candidate, and the shortest way to each state of an application."""

import html
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from applications.actions import candidate as candidate_actions
from applications.actions import decisions, reviews, settings
from applications.actions.links import make_link
from applications.domain.states import ApplicationState
from applications.models import Application, LinkPurpose
from applications.queries import applications
from peersupport.program import form_tokens
from peersupport.team.actions.mails import send_mails
from peersupport.team.models import Tries, User

CORY = {
    "why": "I have been on the other side of the desk.",
    "qualifications": "Twelve years on patrol. Running helped me, and two friends.",
    "benefit": "I speak Spanish, and I work nights.",
    "name": "Cory Candidate",
    "email": "cory@example.org",
    "kind": "sworn",
}
ANSWERS = {
    "phone": "", "unit": "Patrol", "assignment": "", "years_of_service": 12, "languages": "", "training": "",
    "availability": "", "conflicts": [],
}  # fmt: skip


def typed_application(
    *named: candidate_actions.NamedReference, resume: bytes | None = None, **changed: object
) -> candidate_actions.TypedApplication:
    return candidate_actions.TypedApplication({**CORY, **ANSWERS, **changed}, named, resume)


def text_of(response: HttpResponse) -> str:
    """The text without markup, on one line, of the page or of the one to which it leads."""
    if response.status_code == 302:
        response = response.client.get(response.url)
    return " ".join(html.unescape(strip_tags(response.content.decode())).split())


def fresh_form(client: Client, address: str = "/apply/") -> dict[str, str]:
    """The hidden field that a browser sends with the form."""
    return {"token": client.get(address).context["form"]["token"].value() or ""}


def send_form(client: Client, press: str = "send", **changed: object) -> HttpResponse:
    return client.post("/apply/", {**fresh_form(client), **CORY, "press": press, **changed})


def read_mail() -> list:
    """Send what is queued, and return the mails sent since the last call."""
    send_mails()
    mails = list(mail.outbox)
    mail.outbox.clear()
    return mails


def quarter_of_an_hour_later() -> None:
    """As if so long had passed since the last mails that anybody can cause."""
    Tries.objects.all().delete()


def link_in(letter: object) -> str:
    """The secret of the only private link in a mail."""
    (address,) = re.findall(r"http://testserver(/[^\s]+)", letter.body)
    return address.rstrip("/").rpartition("/")[2]


def sent(*named: candidate_actions.NamedReference, **changed: object) -> Application:
    """An application that is confirmed and waits for the coordinator."""
    read_mail()
    candidate_actions.send_new(token=form_tokens.fresh("apply"), typed=typed_application(*named, **changed))
    (letter,) = read_mail()
    candidate_actions.confirm(link=link_in(letter))
    return Application.objects.latest("pk")


def status_link(application: Application) -> str:
    return make_link(application, LinkPurpose.STATUS)


def as_seen(application: Application) -> dict[str, int]:
    return {"application_id": application.pk, "after_move": applications.last_move_id(application)}


def begin_review(application: Application, by: User) -> None:
    reviews.begin_review(**as_seen(application), by=by)


def decide(
    application: Application, decision: ApplicationState, by: User, letter: str = "Dear Cory,\n\nthank you."
) -> None:
    decisions.decide(**as_seen(application), decision=decision, letter=letter, by=by)


@pytest.fixture
def application(db: None) -> Application:
    return sent()


@pytest.fixture
def under_review(application: Application, coordinator: User) -> Application:
    begin_review(application, coordinator)
    application.refresh_from_db()
    return application


@pytest.fixture
def change_settings(coordinator: User) -> Callable[..., None]:
    def change(**values: object) -> None:
        settings.change_settings(values=values, by=coordinator)

    return change


@pytest.fixture
def candidate() -> Client:
    return Client()
