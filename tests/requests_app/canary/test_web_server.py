"""The web server that the demo starts leaves no trace."""

import http.client
import urllib.parse

import pytest

from tests.operations.site import Site
from tests.requests_app.canary.traces import CANARY, HEADERS, WORDS, every_file, found_in, spellings
from tests.requests_app.test_submission import receipt_on, token_on
from tests.services import free_port, wait_until

# As operations/demo/processes.py runs it.
WEB_SERVER = (
    "-m", "granian", "peersupport.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--no-ws",
    "--blocking-threads", "8", "--log-level", "error",
)  # fmt: skip


@pytest.mark.sqlite_only
def test_the_web_server_of_the_demo_writes_nothing_down(demo_site: Site) -> None:
    """Request good, refused and broken pages from an IP address of its own, then search every byte that was written."""
    site, port = demo_site, free_port()
    site.sql(REFUSES)
    with site.process(*WEB_SERVER, "--port", str(port)) as (_, written):
        browser = Browser(port)
        assert wait_until(browser.is_answered, seconds=30), written.read_text()
        page = browser.send("GET", f"/request/?q={CANARY}")[1]
        words = tuple(receipt_on(browser.send("POST", "/request/", {**WORDS, "token": token_on(page)})[1]))
        browser.send("POST", "/request/return/", {"receipt": " ".join(words)})
        answers = [
            browser.send(method, path, typed, **headers)
            for method, path, typed, headers in (
                ("GET", "/request/thread/", None, {}),
                ("POST", "/request/close/", {"text": CANARY}, {}),
                ("POST", "/request/", WORDS, {"Origin": f"https://{CANARY}.example", "Sec-Fetch-Site": ""}),
                ("GET", "/", None, {"Host": f"{CANARY}.example"}),
                ("GET", f"/{CANARY}", None, {}),
                ("DELETE", f"/team/?q={CANARY}", None, {}),
            )
        ]
        assert [status for status, _ in answers] == [200, 503, 403, 400, 404, 405]
        log = written.read_bytes()
    assert b"what an officer typed could not be sent IntegrityError" in log
    kept = every_file(site.var) | {"what it said": log}
    assert {"peersupport.sqlite3", "what it said"} < set(kept)
    assert found_in(kept, Browser.ADDRESS, *spellings(words)) == []
    assert found_in({"what it said": log}, COMPLAINT) == []
    assert COMPLAINT.encode() not in answers[1][1]


COMPLAINT = "complaint52d1"  # it is in the trigger, and so in the database
REFUSES = f"""CREATE TRIGGER refuses BEFORE DELETE ON requests_app_request
    BEGIN SELECT RAISE(ABORT, '{COMPLAINT}'); END"""


class Browser:
    """A browser with an IP address that nobody else has."""

    ADDRESS = "127.0.0.77"

    def __init__(self, port: int) -> None:
        self._port, self._cookie = port, f"{CANARY}={CANARY}"

    def send(self, method: str, path: str, typed: dict[str, str] | None = None, **more: str) -> tuple[int, bytes]:
        headers = {name[5:].replace("_", "-").title(): v for name, v in HEADERS.items() if name.startswith("HTTP_")}
        headers |= {"Host": f"localhost:{self._port}", "Origin": f"http://localhost:{self._port}"}
        headers |= {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded", **more}
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20, source_address=(self.ADDRESS, 0))
        try:
            link.request(method, path, urllib.parse.urlencode(typed or {}), headers)
            answer = link.getresponse()
            set_cookie = answer.getheader("Set-Cookie")
            if set_cookie:
                self._cookie += "; " + set_cookie.partition(";")[0]
            return answer.status, answer.read()
        finally:
            link.close()

    def is_answered(self) -> bool:
        try:
            return self.send("GET", "/about/")[0] == 200
        except OSError:
            return False
