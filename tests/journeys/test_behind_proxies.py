"""Real proxies that add or drop something: whoever asks, comes back or signs in behind them notices nothing."""

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PATIENCE_MILLISECONDS
from tests.journeys.steps import return_by_receipt, send_request, sign_in


@dataclass(frozen=True)
class Habit:
    """What a proxy does besides handing on."""

    adds: dict[str, str]
    drops_port: bool = False
    ends_tls: bool = False  # and doesn't say so to the program


HABITS = {
    "adds Referrer-Policy: no-referrer": Habit({"Referrer-Policy": "no-referrer"}),
    "drops the port": Habit({}, drops_port=True),
    "makes http of https": Habit({}, ends_tls=True),
    "does all of it": Habit({"Referrer-Policy": "no-referrer"}, drops_port=True, ends_tls=True),
}


def handler(habit: Habit, upstream: tuple[str, int]) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        def hand_on(self) -> None:
            headers = dict(self.headers.items())
            if habit.drops_port:
                headers["Host"] = headers["Host"].partition(":")[0]
            body = self.rfile.read(int(headers.get("Content-Length", 0)))
            line = http.client.HTTPConnection(*upstream)
            line.request(self.command, self.path, body, {**headers, "Connection": "close"})
            answer = line.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            kept = [(name, value) for name, value in answer.getheaders() if name.title() not in habit.adds]
            for name, value in [*kept, *habit.adds.items()]:
                if name.lower() not in {"connection", "content-length", "transfer-encoding", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            line.close()

        do_GET = do_POST = hand_on

        def log_message(self, *args: object) -> None:
            pass

    return Proxy


def certificate(folder: Path) -> Path:
    """A key and a certificate for localhost that nobody signed, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "localhost.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form) + built.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def proxy(habit: Habit, port: int, folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("localhost", 0), handler(habit, ("localhost", port)))
    if habit.ends_tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if habit.ends_tls else 'http'}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def through(chromium: Browser, live_server: object, tmp_path: Path) -> Iterator[Callable[[Habit], Page]]:
    """Open the site through a proxy with this habit. SITE_URL stays another, so that nothing else lets a form in."""
    left = []

    def open_page(habit: Habit) -> Page:
        running = proxy(habit, live_server.thread.port, tmp_path)
        address = running.__enter__()
        context = chromium.new_context(base_url=address, viewport=DESKTOP, ignore_https_errors=True)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        left.extend([context.close, lambda: running.__exit__(None, None, None)])
        return context.new_page()

    yield open_page
    for close in left:
        close()


@pytest.mark.parametrize("name", HABITS)
def test_asking_coming_back_and_signing_in(
    name: str, through: Callable[[Habit], Page], ana: object, coordinator: object
) -> None:
    page, posted = through(HABITS[name]), []
    page.on("request", lambda request: posted.append(request.all_headers()) if request.method == "POST" else None)
    words = send_request(page, "Today", message="The call in the river does not leave me.")
    return_by_receipt(page, " ".join(words))
    expect(page.locator("body")).to_contain_text("The call in the river does not leave me.")
    sign_in(page, coordinator)
    assert page.url.endswith("/home/")
    if "Referrer-Policy" in HABITS[name].adds:
        assert {headers["origin"] for headers in posted} == {"null"}, "the browser did what this is about"
