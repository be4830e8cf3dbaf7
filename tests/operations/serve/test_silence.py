"""No visitor can silence it: 384 clients that stall in every way at once, and pages that answer all the same."""

import contextlib
import http.client
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import pytest

from operations.serve import front
from tests import services
from tests.operations.home import copy_of
from tests.services import wait_until

pytestmark = pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
CLIENTS = 128
HEAD = (
    "POST /request/return/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {length}\r\n"
    "Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.fixture(scope="module")
def port(home_template, tmp_path_factory):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    with copy_of(home_template, tmp_path_factory.mktemp("silence") / "home").serve() as served:
        yield urlsplit(served.address).port


def stalled_body(port: int) -> bytes:
    """Ten thousand bytes are promised and one comes."""
    return f"{HEAD.format(port=port, length=10_000)}\r\nr".encode()


def stalled_headers(port: int) -> bytes:
    return HEAD.format(port=port, length=10).encode()


def slow_reader(port: int) -> bytes:
    """Asks for the padded page, and reads none of it."""
    return f"GET /request/ HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()


@contextmanager
def clients(port: int, what: bytes, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as all_of_them:
        opened = []
        for _ in range(count):
            client = all_of_them.enter_context(closing(socket.socket()))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(5)
            client.connect(("127.0.0.1", port))
            client.sendall(what)
            opened.append(client)
        yield opened


def seconds_for_a_page(port: int) -> float:
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as visitor:
        visitor.request("GET", "/request/", headers={"Host": f"localhost:{port}"})
        answer = visitor.getresponse()
        answer.read()
        assert answer.status == 200
    return time.monotonic() - began


def test_a_page_answers_beside_clients_that_stall_in_every_way(port):
    seconds_for_a_page(port)
    with (
        clients(port, stalled_body(port), CLIENTS),
        clients(port, stalled_headers(port), CLIENTS),
        clients(port, slow_reader(port), CLIENTS),
    ):
        # The pages for those who read nothing are made first.
        assert wait_until(lambda: seconds_for_a_page(port) < 1, seconds=9)
        times = []
        for _ in range(8):
            times.append(seconds_for_a_page(port))
            time.sleep(0.3)
    assert max(times) < 1, times


def test_a_client_that_never_ends_its_headers_is_let_go(port):
    with clients(port, stalled_headers(port), 1) as [client]:
        client.settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1000) == b""
