"""No visitor can silence it: 384 clients that stall in every way at once, and pages that answer all the same."""

import contextlib
import http.client
import resource
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import pytest

from operations.serve import front
from operations.serve.bodies import (
    MOST_LARGE_FROM_ONE_ADDRESS,
    REQUESTS_AT_ONCE_OF_ONE_ADDRESS,
    REQUESTS_PER_SECOND_OF_ONE_ADDRESS,
)
from peersupport.access.body_limits import ANYBODYS_BYTES
from tests import services
from tests.operations.home import copy_of

pytestmark = pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
CLIENTS = 128
SILENT_SECONDS = 5  # a page that takes so long answers nobody
LARGEST_PAGE = "/what-we-keep/"
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
    """Asks for the largest page, and reads a byte a second of it."""
    return f"GET {LARGEST_PAGE} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()


@contextmanager
def clients(port: int, what: bytes, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as all_of_them:
        opened = []
        for _ in range(count):
            client = all_of_them.enter_context(closing(socket.socket()))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(10)
            client.connect(("127.0.0.1", port))
            client.sendall(what)
            opened.append(client)
        yield opened


@contextmanager
def read_slowly(readers: list[socket.socket]) -> Iterator[None]:
    is_over = threading.Event()

    def read() -> None:
        while not is_over.wait(1):
            for reader in readers:
                reader.recv(1)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def is_connected(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def seconds_for_a_page(port: int, visitor: str = "127.0.0.1") -> float:
    """visitor: the address they come from."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(visitor, 0))) as link:
        link.request("GET", "/request/", headers={"Host": f"localhost:{port}"})
        answer = link.getresponse()
        answer.read()
        assert answer.status == 200
    return time.monotonic() - began


def test_a_page_answers_beside_clients_that_stall_in_every_way(port):
    seconds_for_a_page(port)
    with clients(port, slow_reader(port), CLIENTS) as readers:
        for reader in readers:
            assert reader.recv(1)  # its page is made
        with (
            clients(port, stalled_body(port), CLIENTS) as bodies,
            clients(port, stalled_headers(port), CLIENTS) as headers,
        ):
            with read_slowly(readers):
                times = [seconds_for_a_page(port) for _ in range(4)]
            assert [is_connected(client) for client in (*readers, *bodies, *headers)] == [True] * 3 * CLIENTS
    assert max(times) < SILENT_SECONDS, times


def answers_of(clients: list[socket.socket], at_least: int) -> list[bytes]:
    """How they were answered, once so many were, whichever they are: nginx's processes take them in no order."""
    answers, waiting = list[bytes](), list(clients)
    until = time.monotonic() + 8  # before stalled ones are let go
    while len(answers) < at_least and time.monotonic() < until:
        for client in select.select(waiting, [], [], 0.1)[0]:
            answers.append(client.recv(12))
            waiting.remove(client)
    return answers


def test_large_bodies_have_a_bound_and_small_ones_none(port):
    """What they hold of the memory is bounded, and who asks for support from the same address notices nothing."""
    large = HEAD.replace("/request/return/", "/apply/draft/some/").format(port=port, length=11_000_000)
    with clients(port, f"{large}\r\nr".encode(), MOST_LARGE_FROM_ONE_ADDRESS + 2) as stalled:
        assert answers_of(stalled, at_least=2) == [b"HTTP/1.1 503"] * 2
        assert [is_connected(client) for client in stalled].count(True) >= MOST_LARGE_FROM_ONE_ADDRESS
        body = b"receipt=one+two"
        small = f"{HEAD.format(port=port, length=len(body))}\r\n".encode() + body
        with clients(port, small, 1) as [client]:
            assert client.recv(12) in {b"HTTP/1.1 200", b"HTTP/1.1 302", b"HTTP/1.1 403"}
    chunked = HEAD.replace("Content-Length: {length}", "Transfer-Encoding: chunked").format(port=port)
    with clients(port, f"{chunked}\r\n1\r\nr".encode(), MOST_LARGE_FROM_ONE_ADDRESS + 1) as stalled:
        # Others too, while nginx hasn't noticed yet that those above are gone.
        assert set(answers_of(stalled, at_least=1)) == {b"HTTP/1.1 503"}


@contextmanager
def in_a_loop(port: int, what: bytes, count: int) -> Iterator[list[bytes]]:
    """So many clients, each of which sends it again as soon as it is answered; and how each was answered."""
    is_over, answers = threading.Event(), list[bytes]()

    def send() -> None:
        while not is_over.is_set():
            with closing(socket.create_connection(("127.0.0.1", port), 30)) as client, contextlib.suppress(OSError):
                client.sendall(what)
                answers.append(client.recv(12))

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("path", ["/nope", "/request/"])
def test_whole_bodies_that_are_costly_to_read_silence_nobody(port, path):
    """Each is as large as an officer's form may be, and every one of its characters is written in six bytes."""
    body = b"message=" + b"%C3%A9" * ((ANYBODYS_BYTES - 8) // 6)
    head = HEAD.replace("/request/return/", path).format(port=port, length=len(body))
    with in_a_loop(port, f"{head}\r\n".encode() + body, 16) as answers:
        time.sleep(1)
        times = [seconds_for_a_page(port, visitor="127.0.0.2") for _ in range(5)]
    assert max(times) < SILENT_SECONDS, times
    assert answers and set(answers) <= {b"HTTP/1.1 404", b"HTTP/1.1 200", b"HTTP/1.1 503"}


def test_a_flood_of_one_address_slows_nobody_else(port):
    page = f"GET /request/ HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    began = time.monotonic()
    with in_a_loop(port, page, 64) as answers:
        time.sleep(3)
        times = [seconds_for_a_page(port, visitor="127.0.0.2") for _ in range(5)]
    slowed_down = REQUESTS_AT_ONCE_OF_ONE_ADDRESS + REQUESTS_PER_SECOND_OF_ONE_ADDRESS * (time.monotonic() - began)
    assert max(times) < SILENT_SECONDS and len(answers) <= slowed_down + 64, times


def test_a_client_that_never_ends_its_headers_is_let_go(port):
    with clients(port, stalled_headers(port), 1) as [client]:
        client.settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1000) == b""
