"""A client that is half gone: its request arrived whole, and its connection is not what it was."""

import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from operations.serve import front
from tests import services
from tests.faults.visitor import Answer, Visitor
from tests.operations.home import Served, copy_of
from tests.services import wait_until

pytestmark = pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
TYPED = "I have not slept since the call on Tuesday"
LAUNCH = """
from peersupport.program import queries
from peersupport.program.models import CrisisLinesConfirmation, Launch
Launch.objects.create(pk=1, launched_on="2026-01-01")
CrisisLinesConfirmation.objects.create(pk=1, confirmed_on="2026-01-01", lines_digest=queries.crisis_lines_digest())
"""


@pytest.fixture(scope="module")
def served(home_template, tmp_path_factory) -> Iterator[Served]:
    """An agency's own server, nginx and all, after its launch."""
    home = copy_of(home_template, tmp_path_factory.mktemp("network") / "home")
    home.run(LAUNCH)
    with home.serve() as served:
        yield served


def requests(served: Served) -> int:
    return served.home.sql("SELECT count(*) FROM requests_app_request")[0][0]


def press_send(served: Served, form: dict[str, str]) -> socket.socket:
    """The whole request has left; nobody has read the answer."""
    site = urlsplit(served.address)
    body = urlencode({**form, "urgency": "today", "understood": "on", "message": TYPED}).encode()
    head = (
        f"POST /request/ HTTP/1.1\r\nHost: {site.netloc}\r\nOrigin: {served.address}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    line = socket.create_connection(("localhost", site.port), timeout=20)
    line.sendall(head.encode() + body)
    return line


def read(line: socket.socket) -> Answer:
    start, _, page = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")
    return Answer(int(start.split()[1]), page.decode())


@pytest.mark.fault(
    "Network",
    "A client closes its half of the connection once it has sent its request",
    people="Nothing: the receipt arrives",
    heals="Nothing to heal. Without nginx in front, the answer is lost, and the same press again shows the receipt.",
)
def test_a_half_closed_client_gets_its_receipt(served: Served) -> None:
    form, before = Visitor(served.address).open("/request/").form("understood"), requests(served)
    with closing(press_send(served, form)) as line:
        line.shutdown(socket.SHUT_WR)
        answer = read(line)
    assert (answer.status, requests(served)) == (200, before + 1)
    assert TYPED in Visitor(served.address).return_by(answer.receipt).words


@pytest.mark.fault(
    "Network",
    "A client goes away once it has sent its request, and comes back with the same form",
    people="The receipt, if they press again within two minutes; after that, that it was sent and not sent twice",
    heals="By itself: the first press was stored, and the second is the same request",
)
def test_who_comes_back_with_the_same_form_reads_the_same_receipt(served: Served) -> None:
    form, before = Visitor(served.address).open("/request/").form("understood"), requests(served)
    press_send(served, form).close()
    assert wait_until(lambda: requests(served) == before + 1, seconds=20)
    receipts = set()
    for _ in range(2):
        with closing(press_send(served, form)) as line:
            receipts.add(read(line).receipt)
    (receipt,) = receipts
    assert TYPED in Visitor(served.address).return_by(receipt).words
    assert requests(served) == before + 1
