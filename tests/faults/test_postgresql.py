"""PostgreSQL is stopped and started again while officers write."""

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest

from tests import services
from tests.operations.home import Home, Served
from tests.services import free_port, wait_until

AT_ONCE = 4  # officers
AWAY_SECONDS, TYPING_SECONDS = 2, 0.4
MEMBER = """
from datetime import date
from operations.preparation import prepare
prepare()
from peersupport.access.permissions import Role
from peersupport.program import queries
from peersupport.program.models import CrisisLinesConfirmation, Launch
from tests.cast import make_member, make_user
Launch.objects.create(pk=1, launched_on=date.today())
CrisisLinesConfirmation.objects.create(
    pk=1, confirmed_on=date.today(), lines_digest=queries.crisis_lines_digest()
)
make_member("Ana Alvarez", confirmed_by=make_user("Carla Coordinator", Role.COORDINATOR))
"""


@dataclass
class Answer:
    """typed: what was in the form; empty where a page was only asked for."""

    status: int
    page: str
    typed: str = ""

    @property
    def receipt(self) -> str:
        found = re.search(r'id="receipt"[^>]*>(.*?)</p>', self.page, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


@dataclass
class Officers:
    """Browsers that send one request after the other, and all that they were answered."""

    address: str
    answers: list[Answer] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    longest_seconds: float = 0

    def ask(self, path: str, typed: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        if typed is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if typed is None else "POST", path, typed and urlencode(typed), headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        return Answer(response.status, page, (typed or {}).get("message", ""))

    def send(self, words: str, urgency: str = "today") -> Answer:
        """Press Send until there is a receipt, always on the same form."""
        token = None
        while token is None:
            form = self.ask("/request/")
            token = re.search(r'name="token" value="([^"]+)"', form.page)
            if token is None:
                self.answers.append(form)
                time.sleep(TYPING_SECONDS)
        while True:
            time.sleep(TYPING_SECONDS)
            began = time.monotonic()
            typed = {"token": token[1], "urgency": urgency, "understood": "on", "message": words}
            answer = self.ask("/request/", typed)
            self.longest_seconds = max(self.longest_seconds, time.monotonic() - began)
            self.answers.append(answer)
            if answer.receipt:
                return answer

    def write_on_and_on(self, name: int) -> None:
        number = 0
        while not self.is_over.is_set():
            number += 1
            self.send(f"kept words of officer {name}, number {number}")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        writing = [threading.Thread(target=self.write_on_and_on, args=(name,)) for name in range(AT_ONCE)]
        for each in writing:
            each.start()
        try:
            yield
        finally:
            self.is_over.set()
            for each in writing:
                each.join(40)

    @property
    def receipts(self) -> list[str]:
        return [answer.receipt for answer in self.answers if answer.receipt]


@pytest.fixture(scope="module")
def server() -> Iterator[services.PostgreSQL]:
    try:
        with services.PostgreSQL() as started:
            yield started
    except services.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def served(server: services.PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = Home(tmp_path_factory.mktemp("served") / "home")
    home.folder.mkdir(mode=0o700)
    home.set(
        PEERSUPPORT_SECRET_KEY="only for tests: a secret key of fifty characters or more",
        PEERSUPPORT_HOST_SECRET="only for tests: a host secret of a home",
        PEERSUPPORT_SITE_URL=f"http://localhost:{free_port()}",
        PEERSUPPORT_EMAIL_URL="files",
        PEERSUPPORT_FROM_EMAIL="peer-support@example.org",
        PEERSUPPORT_DATABASE_URL=server.url(),
        PEERSUPPORT_BRAKE_AT="100000",
        PEERSUPPORT_QUIET_MINUTES="0",
    )
    home.run(MEMBER)
    with home.serve() as started:
        yield started


@pytest.mark.fault(
    "PostgreSQL",
    "Stopped and started again while officers write",
    people="who presses Send just then reads that part of the site isn't answering, and gets back what they typed",
    heals="by itself, as soon as it answers again: web processes and worker connect anew",
)
def test_a_restart_under_load_loses_no_receipt_and_no_typed_word(served: Served, server: services.PostgreSQL) -> None:
    officers, open_before = Officers(served.address), open_requests(server)
    with officers.at_work():
        assert wait_until(lambda: len(officers.receipts) >= 10, seconds=30)
        server.stop()
        time.sleep(AWAY_SECONDS)
        before = len(officers.receipts)
        server.start()
        assert wait_until(lambda: len(officers.receipts) >= before + 2 * AT_ONCE, seconds=15), "it heals by itself"
    away = [answer for answer in officers.answers if not answer.receipt]
    assert {answer.status for answer in away} == {503}
    assert sum(bool(answer.typed) for answer in away) >= AT_ONCE, "they pressed Send while it was away"
    for answer in away:
        page = unescape(answer.page)
        assert answer.typed in page, "what was typed is given back"
        assert "isn't answering. You did nothing wrong." in page or "What you typed is still here" in page
    receipts = officers.receipts
    assert len(set(receipts)) == len(receipts) == open_requests(server) - open_before
    for receipt in receipts:
        assert officers.ask("/request/return/", {"receipt": receipt}).status == 302, receipt
    mails = len(served.home.mails)
    assert officers.send("the worker goes on too", "now").receipt
    assert wait_until(lambda: len(served.home.mails) > mails, seconds=15)
    assert wait_until(lambda: officers.ask("/healthz").status == 200, seconds=5)


@pytest.mark.fault(
    "PostgreSQL",
    "Every table is written anew, as each night, while officers write",
    people="nothing: who presses Send meanwhile waits for a fraction of a second",
    heals="nothing is to be healed; a table that somebody holds is left for the next night",
)
def test_tables_are_rewritten_while_officers_write(served: Served, server: services.PostgreSQL) -> None:
    officers = Officers(served.address)
    of_the_program = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    names = server.psql("-c", f"SELECT relname {of_the_program}").split()
    each = [word for name in names for word in ("-c", f"SELECT peersupport_rewrite('{name}')")]
    rewritten: list[str] = []
    with officers.at_work():
        assert wait_until(lambda: len(officers.receipts) >= AT_ONCE, seconds=30)
        for _night in range(20):
            rewritten += server.psql(*each).split()
    assert rewritten.count("t") > 20 * len(names) * 0.9, "hardly a table was held for long"
    assert all(answer.receipt for answer in officers.answers)
    assert officers.longest_seconds < 5


def open_requests(server: services.PostgreSQL) -> int:
    return int(server.psql("-c", "SELECT count(*) FROM requests_app_request"))
