"""Everything that can break while a page is made, one thing at a time. Every error carries the canary."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.template.base import Template

from peersupport.sealing import envelope
from tests.requests_app.canary.traces import ADDRESS, CANARY


class Fault:
    """An error with the canary in its message, its arguments and the local variables around it."""

    def __init__(self, kind: type[Exception]) -> None:
        self.kind, self.has_struck = kind, False

    def strike(self, *_: object, **__: object) -> Any:
        typed, client = CANARY, ADDRESS
        self.has_struck = True
        raise self.kind(f"Key (message, address)=({typed}, {client}) already exists.", {"typed": typed})


Break = Callable[[Fault], AbstractContextManager[None]]


def statement(number: int) -> Break:
    """The database refuses the statement with this number."""

    @contextmanager
    def broken(fault: Fault) -> Iterator[None]:
        left = number

        def execute(go_on: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal left
            if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                left -= 1
                if left == -1:
                    fault.strike()
            return go_on(sql, params, many, context)

        with connection.execute_wrapper(execute):
            yield

    return broken


@contextmanager
def page_template(fault: Fault) -> Iterator[None]:
    """Every template except 500.html fails after most of it was rendered."""
    render = Template._render

    def half_rendered(template: Template, context: Any) -> Any:
        page = render(template, context)
        return page if context.template.name == "500.html" else fault.strike(page)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", half_rendered)
        yield


@contextmanager
def every_template(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", fault.strike)
        yield


@contextmanager
def cipher(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ChaCha20Poly1305", "HKDF"):
            patch.setattr(envelope, name, fault.strike)
        yield


@contextmanager
def cookies(fault: Fault) -> Iterator[None]:
    """Setting or deleting a cookie fails: the last step of pages that begin or end the officer's session."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("set_cookie", "delete_cookie"):
            patch.setattr(HttpResponse, name, fault.strike)
        yield


@contextmanager
def request_body(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.handlers.wsgi.WSGIRequest._load_post_and_files", fault.strike)
        yield


@contextmanager
def keyring_folder(fault: Fault) -> Iterator[None]:
    """Nothing is faked: there is a file where the folder should be, and its name is in the error."""
    before = Path(django_settings.KEYRING)
    file_in_place = before.parent / CANARY
    file_in_place.touch()
    django_settings.KEYRING = file_in_place
    try:
        yield
    finally:
        django_settings.KEYRING = before


BREAKS: dict[str, tuple[Break, type[Exception]]] = {
    "page template": (page_template, RuntimeError),
    "every template": (every_template, KeyError),
    "cipher": (cipher, RuntimeError),
    "cookies": (cookies, TypeError),
    "request body": (request_body, RuntimeError),
    "keyring folder": (keyring_folder, OSError),
}


def all_breaks(request: Callable[[], HttpResponse]) -> Iterator[tuple[str, Fault, HttpResponse]]:
    """The page's answer to each thing that can break while it is made, with the name of that thing."""
    for name, (broken, kind) in BREAKS.items():
        yield name, *answer_when(broken, Fault(kind), request)
    for number in range(1000):
        kind = (IntegrityError, RuntimeError)[number % 2]
        fault, answer = answer_when(statement(number), Fault(kind), request)
        if not fault.has_struck:
            return
        yield f"statement {number}", fault, answer


def answer_when(broken: Break, fault: Fault, request: Callable[[], HttpResponse]) -> tuple[Fault, HttpResponse]:
    with broken(fault):
        return fault, request()
