"""The doorbell wakes tasks by name: after the commit, and in a web request after the response was sent."""

import ast
import gc
import logging
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

import peersupport
from peersupport.celery import ROUNDS, app
from peersupport.core import doorbell
from peersupport.core.doorbell import DoorbellMiddleware
from peersupport.settings.logs import CodesOnlyFormatter
from tests.services import wait_until

pytestmark = pytest.mark.django_db
ROOT = Path(peersupport.__file__).parents[1]
ROOMS = ("peersupport", "applications", "training", "stats", "requests_app", "dashboard", "operations")


class FakeTask:
    """Records each time that it is woken, or fails as a broker does that can't be reached."""

    def __init__(self) -> None:
        self.rings = 0
        self.fault: Exception | None = None

    def apply_async(self, *, retry: bool) -> None:
        assert not retry, "nobody waits for a second attempt"
        if self.fault:
            raise self.fault
        self.rings += 1


task, other_task = FakeTask(), FakeTask()
TASK, OTHER_TASK = f"{__name__}.task", f"{__name__}.other_task"


@pytest.fixture(autouse=True)
def _tasks_are_new() -> None:
    for each in (task, other_task):
        each.__init__()  # type: ignore[misc]


def answer(view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """What the server gets from the middleware, before it sends the body and closes the response."""
    return DoorbellMiddleware(view)(RequestFactory().get("/"))


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable) -> Callable[..., None]:
    """Rings for the tasks in a transaction that commits."""

    def commit(*tasks: str) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            for each in tasks:
                doorbell.ring(each)

    return commit


# Transactions


@pytest.mark.django_db(transaction=True)
def test_a_task_is_woken_after_the_commit_and_not_before() -> None:
    with transaction.atomic():
        doorbell.ring(TASK)
        assert task.rings == 0
    assert task.rings == 1


@pytest.mark.django_db(transaction=True)
def test_a_rollback_wakes_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        doorbell.ring(TASK)
        raise ZeroDivisionError
    with transaction.atomic(), pytest.raises(ZeroDivisionError), transaction.atomic():
        doorbell.ring(TASK)
        raise ZeroDivisionError
    assert task.rings == 0


# Web requests


def test_in_a_request_each_task_is_woken_once_when_the_response_is_closed(committed: Callable[..., None]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        committed(TASK, TASK, OTHER_TASK)
        committed(TASK)
        return HttpResponse("done")

    response = answer(view)
    assert (task.rings, other_task.rings) == (0, 0)
    response.close()
    assert (task.rings, other_task.rings) == (1, 1)
    response.close()
    assert (task.rings, other_task.rings) == (1, 1), "a second close() rings nobody"


def test_a_streamed_response_rings_after_its_last_part(committed: Callable[..., None]) -> None:
    def view(request: HttpRequest) -> StreamingHttpResponse:
        committed(TASK)
        return StreamingHttpResponse(iter([b"one", b"two"]))

    response = answer(view)
    assert b"".join(response) == b"onetwo" and task.rings == 0  # type: ignore[arg-type]
    response.close()
    assert task.rings == 1


def test_a_view_that_fails_after_its_commit_still_rings(committed: Callable[..., None]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        committed(TASK)
        raise ZeroDivisionError

    response = answer(convert_exception_to_response(view))
    assert (response.status_code, task.rings) == (500, 0)
    response.close()
    assert task.rings == 1


def test_a_response_that_cannot_be_closed_still_rings(committed: Callable[..., None]) -> None:
    class Unclosable(HttpResponse):
        def close(self) -> None:
            raise ZeroDivisionError

    def view(request: HttpRequest) -> HttpResponse:
        committed(TASK)
        return Unclosable()

    with pytest.raises(ZeroDivisionError):
        answer(view).close()
    assert task.rings == 1


def test_an_answered_page_is_forgotten_at_once() -> None:
    """Without waiting for the garbage collector: an officer's opened thread must not linger in memory."""
    gc.disable()
    try:
        response = answer(lambda request: HttpResponse("words"))
        remembered = weakref.ref(response)
        response.close()
        del response
        assert remembered() is None
    finally:
        gc.enable()


def test_after_a_request_nothing_is_collected_any_more(committed: Callable[..., None]) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    answer(lambda request: HttpResponse())
    with pytest.raises(ZeroDivisionError):
        answer(fails)
    committed(TASK, TASK)
    assert task.rings == 2


def test_every_page_has_its_length_so_that_nobody_waits_for_the_end_of_the_body(client: Client) -> None:
    """Granian ends a body of unknown length only after close(), which is when the middleware rings."""
    for address in ("/", "/nowhere/", "/sign-in/", "/members/"):
        response = client.get(address)
        assert response["Content-Length"] == str(len(response.content)), address


# The broker


def test_a_silent_broker_reaches_nobody(committed: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        committed(OTHER_TASK, TASK)
        return HttpResponse()

    task.fault = ConnectionError("redis://canary-7f3a")
    committed(TASK)
    answer(view).close()
    assert other_task.rings == 1, "the other task is woken all the same"
    assert [(record.levelno, record.args) for record in caplog.records] == [(logging.WARNING, ())] * 2
    logged = "".join(CodesOnlyFormatter().format(record) for record in caplog.records)
    assert "ConnectionError" in logged and "canary" not in logged and __name__ not in logged


# Names


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def is_ring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "ring"
        and isinstance(node.value, ast.Name)
        and node.value.id == "doorbell"
    )


def names_rung_for(tree: ast.Module) -> list[object]:
    """What each call gives; None for one that gives no literal, and for `doorbell.ring` without a call."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_ring(node.func)]
    given = [
        call.args[0].value if len(call.args) == 1 and isinstance(call.args[0], ast.Constant) else None for call in calls
    ]
    mentions = sum(is_ring(node) for node in ast.walk(tree))
    return [*given, *[None] * (mentions - len(calls))]


def imports_of_the_doorbell(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                if name.name == "doorbell" or (node.module or "").endswith("doorbell"):
                    yield ast.unparse(node)
        elif isinstance(node, ast.Import) and any("doorbell" in name.name for name in node.names):
            yield ast.unparse(node)


def test_every_name_that_is_rung_for_is_a_task_in_the_rounds() -> None:
    """A wrong name would only be logged, and the work would wait for a round that doesn't exist."""
    names = {name for _, tree in sources() for name in names_rung_for(tree)}
    assert names >= {"peersupport.notices.tasks.send_urgent", "peersupport.team.tasks.send_mails"}
    assert names - ROUNDS.keys() == set()
    app.loader.import_default_modules()
    assert {name: import_string(str(name)) for name in names} == {name: app.tasks[name] for name in names}


def test_the_doorbell_is_imported_as_a_module_so_that_the_names_are_found() -> None:
    found = {line for _, tree in sources() for line in imports_of_the_doorbell(tree)}
    assert found == {"from peersupport.core import doorbell"}


# Many rings at once


@pytest.fixture
def with_a_pause(settings: Any) -> None:
    settings.DOORBELL_PAUSE_SECONDS = 0.3
    doorbell._last_rung.clear()


def test_many_rings_wake_it_at_once_and_once_more_after_the_last(with_a_pause: None) -> None:
    began = time.monotonic()
    for _ in range(20):
        doorbell._send(TASK)
    assert task.rings == 1 and time.monotonic() - began < 0.3
    assert wait_until(lambda: task.rings == 2, seconds=5)
    time.sleep(0.4)
    assert task.rings == 2 and not doorbell._later


def test_another_task_does_not_wait(with_a_pause: None) -> None:
    doorbell._send(TASK)
    doorbell._send(OTHER_TASK)
    assert (task.rings, other_task.rings) == (1, 1)


def test_a_ring_after_the_pause_is_at_once(with_a_pause: None) -> None:
    doorbell._send(TASK)
    time.sleep(0.35)
    doorbell._send(TASK)
    assert task.rings == 2
