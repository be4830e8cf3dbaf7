"""A browser full of canaries, and fixtures that catch the program's log and broker."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from peersupport.celery import app as celery
from peersupport.settings.logs import CodesOnlyFormatter
from peersupport.team.models import User
from requests_app import officer_session
from stats import actions as stats
from tests.requests_app.canary.traces import CANARY, HEADERS, HOST, PUBLISHED, Log
from tests.requests_app.conftest import OpenRequest


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[Log]:
    handlers = logging.getLogger("django.request").handlers
    (console,) = (h for h in handlers if isinstance(h.formatter, CodesOnlyFormatter))  # pytest listens too
    assert isinstance(console, logging.StreamHandler)
    stream = io.StringIO()
    before = console.setStream(stream)
    yield Log(stream, capfd)
    console.setStream(before)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Path]:
    """The demo's kind of broker, so that every task that is sent is a file."""
    folder = tmp_path / "broker"
    folder.mkdir()
    changed = {
        "task_always_eager": False,
        "broker_transport_options": {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder},
    }
    before = {name: celery.conf[name] for name in changed}
    celery.conf.update(changed)
    celery._after_fork()  # forget the connection to the old broker
    yield folder
    celery.conf.update(before)
    celery._after_fork()


@pytest.fixture
def officer(settings: Any) -> Client:
    """A browser with the canary in every header."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    client = Client(raise_request_exception=False, **HEADERS)
    for name in ("sessionid", "csrftoken", "peerkey", CANARY):
        client.cookies[name] = CANARY
    return client


@pytest.fixture
def returned(officer: Client, contact: OpenRequest) -> Client:
    """The same browser, with the cookie of the officer's session."""
    answer = officer.post("/request/return/", {"receipt": " ".join(contact.receipt_words)})
    assert set(answer.cookies) == {officer_session.cookie_name()}
    return officer


@pytest.fixture
def published_year(director: User) -> None:
    stats.open_year(year=PUBLISHED)
    stats.close_year(year=PUBLISHED, by=director)
    stats.publish(year=PUBLISHED, shows_concern=True, by=director)
