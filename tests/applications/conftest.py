"""A candidate, and the shortest ways to each state of an application."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from applications.actions import candidate as candidate_actions
from applications.actions import decisions, reviews, settings
from applications.actions.links import make_link
from applications.domain.states import State
from applications.models import Application, PrivateLink
from applications.queries import applications
from peersupport.program import form_tokens
from peersupport.team.actions.letters import send_letters
from peersupport.team.models import User

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


def typed(*named: candidate_actions.Named, resume: bytes | None = None, **changed: object) -> candidate_actions.Typed:
    return candidate_actions.Typed({**CORY, **ANSWERS, **changed}, named, resume)


def read_mail() -> list:
    """All that waits leaves, and what is new is handed over."""
    send_letters()
    found = list(mail.outbox)
    mail.outbox.clear()
    return found


def link_in(letter: object) -> str:
    """The secret of the one private link in a letter."""
    (address,) = re.findall(r"http://testserver(/[^\s]+)", letter.body)
    return address.rstrip("/").rpartition("/")[2]


def sent(*named: candidate_actions.Named, **changed: object) -> Application:
    """Confirmed, and with the coordinator."""
    read_mail()
    candidate_actions.send_new(token=form_tokens.fresh("apply"), typed=typed(*named, **changed))
    (letter,) = read_mail()
    candidate_actions.confirm(link=link_in(letter))
    return Application.objects.latest("pk")


def status_link(application: Application) -> str:
    return make_link(application, PrivateLink.Purpose.STATUS)


def last(application: Application) -> dict[str, int]:
    return {"application_id": application.pk, "after_move": applications.last_move(application)}


def take_up(application: Application, by: User) -> None:
    reviews.take_up(**last(application), by=by)


def decide(application: Application, decision: State, by: User, letter: str = "Dear Cory,\n\nthank you.") -> None:
    decisions.decide(**last(application), decision=decision, letter=letter, by=by)


@pytest.fixture
def application(db: None) -> Application:
    return sent()


@pytest.fixture
def under_review(application: Application, coordinator: User) -> Application:
    take_up(application, coordinator)
    application.refresh_from_db()
    return application


@pytest.fixture
def set_up(coordinator: User) -> Callable[..., None]:
    def change(**values: object) -> None:
        settings.change_settings(values=values, by=coordinator)

    return change


@pytest.fixture
def candidate() -> Client:
    return Client()
