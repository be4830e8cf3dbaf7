"""What a real server makes of a body that has no length or doesn't arrive whole: never an empty or a cut form."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

import pytest

from peersupport.access.padding import SIZES
from tests.demo_template import FirstStart
from tests.operations.site import Site
from tests.services import free_port, wait_until

FORM = urlencode({"urgency": "today", "understood": "on", "message": "x" * 900}).encode()


class Web:
    """The web server of a demo without its worker."""

    def __init__(self, site: Site, port: int) -> None:
        self.site, self.port = site, port

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def send(self, path: str, headers: str, body: bytes, *, then_close: bool = False) -> tuple[int, str]:
        """The status and the page. then_close: this side of the connection ends with the body."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=20)) as line:
            line.sendall(head.encode() + body)
            if then_close:
                line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        start, _, page = answer.partition(b"\r\n\r\n")
        return int(start.split()[1]), page.decode()

    def requests(self) -> int:
        return self.site.sql("SELECT count(*) FROM requests_app_request")[0][0]


@pytest.fixture(scope="module")
def web(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("bodies") / "demo"
    shutil.copytree(first_start.var, folder)
    web = Web(Site(folder), free_port())
    options = ["--interface", "wsgi", "--port", str(web.port), "--blocking-threads", "4", "--log-level", "error"]
    with web.site.process("-m", "granian", "peersupport.wsgi:application", *options) as (_, log):
        assert wait_until(web.is_up, seconds=60), log.read_text()
        yield web


def urlencoded(length: int) -> str:
    return f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}"


CHUNKED = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked"


@pytest.mark.parametrize("path", ["/request/", "/request/return/", "/apply/", "/sign-in/", "/desk/", "/nowhere/"])
@pytest.mark.parametrize("lied", ["", "\r\nContent-Length: 3"])
def test_a_chunked_form_is_answered_411_in_our_words(web: Web, path: str, lied: str) -> None:
    before = web.requests()
    status, page = web.send(path, CHUNKED + lied, b"%x\r\n%s\r\n0\r\n\r\n" % (len(FORM), FORM))
    assert (status, "without saying how long it is" in page) == (411, True)
    assert web.requests() == before
    if path.startswith(("/request/", "/nowhere/")):
        assert len(page.encode()) in SIZES


def test_half_a_form_is_no_form(web: Web) -> None:
    """The line breaks in the middle of what somebody wrote: the server hands on what came, and we don't take it."""
    before = web.requests()
    status, page = web.send("/request/", urlencoded(len(FORM)), FORM[:300], then_close=True)
    assert (status, "couldn't read what your browser sent" in page) == (400, True)
    status, _ = web.send("/sign-in/", urlencoded(len(FORM)), FORM[:300], then_close=True)
    assert status == 400
    boundary = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000"
    part = b'--b\r\nContent-Disposition: form-data; name="message"\r\n\r\nhalf'
    assert web.send("/request/", boundary, part, then_close=True)[0] == 400
    assert web.requests() == before


def test_a_whole_form_is_taken(web: Web) -> None:
    status, page = web.send("/request/", urlencoded(len(FORM)), FORM + b"more than announced")
    assert status == 200 and "x" * 900 in page, "the form is back: it has no token"


def test_too_much_is_answered_413_in_our_words(web: Web) -> None:
    body = b"message=" + b"x" * (6 * 1024 * 1024)
    status, page = web.send("/request/", urlencoded(len(body)), body)
    assert (status, "more than this site can take at once" in page) == (413, True)
    assert len(page.encode()) in SIZES


def test_the_log_has_no_word_of_it(web: Web) -> None:
    log = (web.site.var.parent / f"{web.site.var.name}.log").read_text()
    assert "xxx" not in log and "Traceback" not in log
