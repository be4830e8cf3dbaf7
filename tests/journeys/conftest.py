"""A real browser at a real server. What no page may do is collected, and fails the journey at its end."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests import services

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# Generous, because a busy machine is no error.
PATIENCE_MILLISECONDS = 20_000
ALWAYS = ("--no-sandbox", "--disable-gpu")
ASYNC = "DJANGO_ALLOW_ASYNC_UNSAFE"

Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def driver(django_db_setup: None) -> Iterator[Playwright]:
    """Ends with the journeys, because its event loop would disturb every other test.

    While the loop runs, this thread has another connection to the database, which also has to know the data from the
    migrations.
    """
    os.environ[ASYNC] = "true"
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    from_migrations = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = from_migrations
        yield playwright
    del os.environ[ASYNC]


def launch(driver: Playwright, *flags: str, keeps_pages: bool = False, **options: Any) -> Browser:
    """The machine's own Chromium."""
    try:
        executable = services.find_browser(keeps_pages=keeps_pages)
    except services.Missing as missing:
        pytest.skip(str(missing))
    return driver.chromium.launch(executable_path=executable, args=[*ALWAYS, *flags], **options)


@pytest.fixture(scope="package")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for all journeys."""
    browser = launch(driver)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def live_server(chromium: Browser) -> Iterator[LiveServer]:
    server = LiveServer("localhost")
    server.thread.httpd.set_app(in_turns(server.thread.httpd.get_app()))
    # The browser keeps its connections open. A thread that still has one when the server stops would find the
    # database no longer shared, so the browser closes first, and stopping waits for the threads.
    server.thread.httpd.daemon_threads = False
    yield server
    chromium.close()
    server.stop()


def in_turns(pages: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """A database in memory has one connection, so requests take turns here. tests/races has true races."""
    turn = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with turn:
            parts = pages(environ, start_response)
            try:
                return [b"".join(parts)]
            finally:
                parts.close()

    return answer


class PageMonitor:
    """Collects what a page should not do: log an error, break the content policy, miss a file, call another host."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.may_go_to: tuple[str, ...] = ()

    def over(self, context: BrowserContext, address: str) -> None:
        self.may_go_to += (f"{address}/",)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.note("script", str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def note(self, what: str, which: str) -> None:
        self.problems.append(f"{what}: {which}")

    def _console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.note(f"console, {said.text}", said.location["url"])

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.may_go_to):
            self.note("goes elsewhere", request.url)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the person left before the page was complete
            self.note(f"failed, {request.failure}", request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.note(f"answered {response.status}", response.url)


@pytest.fixture
def monitor() -> Iterator[PageMonitor]:
    monitor = PageMonitor()
    yield monitor
    assert monitor.problems == []


@pytest.fixture
def visit_site(chromium: Browser, monitor: PageMonitor) -> Iterator[Visit]:
    """Open that site on a device of one's own."""
    contexts: list[BrowserContext] = []

    def visit(
        address: str, device: dict[str, int], *, javascript: bool = True, browser: Browser = chromium, **more: Any
    ) -> Page:
        context = browser.new_context(base_url=address, viewport=device, java_script_enabled=javascript, **more)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        monitor.over(context, address)
        contexts.append(context)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def visit(visit_site: Visit, live_server: LiveServer, settings: Any) -> Iterator[Visit]:
    """Open the live server on a device of one's own."""
    settings.SITE_URL = live_server.url
    yield partial(visit_site, live_server.url)


@pytest.fixture
def exit_page(settings: Any, live_server: LiveServer, monitor: PageMonitor) -> str:
    """Where Exit leads: another origin, but on this machine."""
    origin = f"http://127.0.0.1:{live_server.thread.port}/"
    settings.EXIT_URL = f"{origin}about/"
    monitor.may_go_to += (origin,)
    return str(settings.EXIT_URL)


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(PHONE)


@pytest.fixture
def desktop(visit: Visit) -> Page:
    return visit(DESKTOP)


@pytest.fixture
def phone_without_javascript(visit: Visit) -> Page:
    return visit(PHONE, javascript=False)


@pytest.fixture
def phone_that_keeps_pages(driver: Playwright, visit: Visit) -> Iterator[Page]:
    """Without JavaScript, and with pages kept for Back as on a real device, unless the program prevents it."""
    browser = launch(driver, keeps_pages=True, ignore_default_args=["--disable-back-forward-cache"])
    yield visit(PHONE, javascript=False, browser=browser)
    browser.close()
