"""kill -9 in the middle of something: what was sent is there once, and the same press shows the same receipt."""

import http.client
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from operations.serve import front
from tests import services
from tests.bench.load import PlainClient, padded
from tests.bench.returns import come_back
from tests.bench.submissions import TYPED
from tests.notices.test_worker import QUEUE_ONE_EACH, WORKER
from tests.operations.home import Served, copy_of
from tests.operations.installation import KILLED_AT, ROOT
from tests.operations.serve.test_serve import locked_database
from tests.operations.site import Site
from tests.services import free_port, wait_until

from .running import REQUESTS, Browser, kill, launch, receipt_on, send_request, web_server

CELERY = str(Path(sys.executable).with_name("celery"))
CLAIMED = "SELECT count(*) FROM notices_notice WHERE claimed_until IS NOT NULL"
TIME_PASSES = "UPDATE notices_notice SET claimed_until = '2026-01-01 00:00:00'"


def form_of(browser: Browser) -> dict[str, str]:
    """What an officer has typed, with the token of their page."""
    _, page = browser.ask("/request/")
    return {**TYPED, "token": page.partition('name="token" value="')[2].partition('"')[0]}


def keys_in(folder: Path) -> int:
    return len([*(folder / "keyring" / "shred").iterdir()])


# The web server


@pytest.mark.fault(
    "Processes",
    "A web process is killed while it takes a request: before the commit, in it, or before the answer",
    people="the page of that press doesn't come; the same press again shows the receipt, and there is one request",
    heals="by itself: the process is started again; a key without a row is destroyed after an hour",
)
@pytest.mark.parametrize(
    ("step", "is_there"),
    [
        ("peersupport.sealing.keyring:create", False),
        ("requests_app.actions.flood:count_arrival", False),
        ("requests_app.actions.submission:submit", True),
    ],
    ids=["the key is made", "the row is written", "committed, and not answered"],
)
def test_the_same_press_again_is_one_request_with_one_receipt(demo_site: Site, step: str, is_there: bool) -> None:
    port, requests, keys = free_port(), demo_site.sql(REQUESTS)[0][0], keys_in(demo_site.var)
    browser = Browser(port)
    with web_server(demo_site, port, killed_at=step):
        form = form_of(browser)
        with pytest.raises((OSError, http.client.HTTPException)):
            browser.ask("/request/", form)
    assert demo_site.sql(REQUESTS) == [(requests + is_there,)]
    assert keys_in(demo_site.var) == keys + 1
    with web_server(demo_site, port):
        status, page = browser.ask("/request/", form)
        words = receipt_on(page)
        assert (status, len(words.split())) == (200, 7)
        assert receipt_on(browser.ask("/request/", form)[1]) == words
        come_back(PlainClient(port), words)
    assert demo_site.sql(REQUESTS) == [(requests + 1,)]


@pytest.fixture(scope="module")
def served(home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with launch(copy_of(home_template, tmp_path_factory.mktemp("killed") / "home")).serve() as served:
        yield served


def port_of(served: Served) -> int:
    return urlsplit(served.address).port or 0


def kill_web_processes(served: Served) -> None:
    """All of them, and wait until others answer."""
    webs = served.home.processes("peersupport.wsgi")
    kill(*webs)
    assert wait_until(lambda: is_well(served), seconds=30), served.output
    assert not set(webs) & set(served.home.processes("peersupport.wsgi"))


def is_well(served: Served) -> bool:
    try:
        return Browser(port_of(served)).ask("/request/")[0] == 200
    except OSError:
        return False


@contextmanager
def pressing(browser: Browser, form: dict[str, str]) -> Iterator[list[tuple[int, str]]]:
    """Send is pressed, and the answer comes at the end of the block."""
    answers: list[tuple[int, str]] = []
    press = threading.Thread(target=lambda: answers.append(browser.ask("/request/", form)))
    press.start()
    yield answers
    press.join(30)


@contextmanager
def half_sent(served: Served) -> Iterator[None]:
    """A form of which a part has come; the rest comes at the end of the block, and shows the seven words."""
    body = padded(urlencode(form_of(Browser(port_of(served)))).encode())
    with closing(http.client.HTTPConnection("localhost", port_of(served), timeout=30)) as line:
        line.putrequest("POST", "/request/")
        for name, value in PlainClient(port_of(served)).origin.items():
            line.putheader(name, value)
        line.putheader("Content-Length", str(len(body)))
        line.endheaders(body[:100])
        yield
        line.send(body[100:])
        answer = line.getresponse()
        assert (answer.status, len(receipt_on(answer.read().decode()).split())) == (200, 7)


@pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
@pytest.mark.fault(
    "Processes",
    "All web processes are killed while a request waits in one of them",
    people="a page that says “We'll be back soon”, with the crisis lines; the same press again is taken",
    heals="by itself, in seconds: `serve` starts them again",
)
def test_a_request_that_waited_in_a_killed_process_is_sent_by_the_same_press_again(served: Served) -> None:
    browser, requests = Browser(port_of(served)), served.home.sql(REQUESTS)[0][0]
    form = form_of(browser)
    with locked_database(served.home), pressing(browser, form) as answers:
        assert wait_until(lambda: keys_in(served.home.folder) > requests + 1, seconds=20), "it has begun"
        kill(*served.home.processes("peersupport.wsgi"))
    [(status, page)] = answers
    assert (status, "We'll be back soon" in page, "988" in page) == (503, True, True)
    assert wait_until(lambda: is_well(served), seconds=30), served.output
    assert served.home.sql(REQUESTS) == [(requests,)]
    status, page = browser.ask("/request/", form)
    assert (status, len(receipt_on(page).split())) == (200, 7)
    assert served.home.sql(REQUESTS) == [(requests + 1,)]


@pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
@pytest.mark.fault(
    "Processes",
    "All web processes are killed while a form is still on its way",
    people="nothing: the front holds what has come of it until it is whole",
    heals="by itself, in seconds: `serve` starts them again",
)
def test_a_form_that_is_on_its_way_when_all_web_processes_are_killed_is_taken(served: Served) -> None:
    requests = served.home.sql(REQUESTS)[0][0]
    with half_sent(served):
        kill_web_processes(served)
    assert served.home.sql(REQUESTS) == [(requests + 1,)]


@pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)
@pytest.mark.fault(
    "Upgrade",
    "New code is taken up (SIGHUP) while officers send without a pause",
    people="nothing: every request gets its seven words, and they open it",
    heals="nothing has to: the old processes answer what they have begun, and the new ones all else",
)
def test_no_request_is_lost_while_new_processes_take_over(served: Served) -> None:
    requests, sent, failed, is_over = served.home.sql(REQUESTS)[0][0], list[str](), list[str](), threading.Event()

    def send_on_and_on() -> None:
        while not is_over.is_set():
            try:
                sent.append(send_request(port_of(served)))
            except Exception as error:
                failed.append(repr(error))

    officers = [threading.Thread(target=send_on_and_on) for _ in range(3)]
    reloaded = served.output.count('"reloaded"')
    for officer in officers:
        officer.start()
    try:
        assert wait_until(lambda: len(sent) > 3, seconds=20), failed
        with half_sent(served):
            served.process.send_signal(signal.SIGHUP)
            assert wait_until(lambda: served.output.count('"reloaded"') > reloaded, seconds=60), served.output
    finally:
        is_over.set()
        for officer in officers:
            officer.join()
    assert (failed, served.home.sql(REQUESTS)) == ([], [(requests + len(sent) + 1,)])
    for words in sent[::10]:
        come_back(PlainClient(port_of(served)), words)


# The worker


@pytest.mark.fault(
    "Processes",
    "The worker is killed before or after it has claimed a mail, or once the mail is sent and its row is still there",
    people="the mail comes later, by five to ten minutes; where it was sent already, it comes twice",
    heals="by itself: another worker is started, and the claim of the killed one lapses",
)
@pytest.mark.parametrize(
    ("step", "is_claimed", "sent_before"),
    [
        ("peersupport.notices.queries:due", False, 0),
        ("peersupport.notices.actions.outbox:_claim", True, 0),
        ("peersupport.notices.actions.outbox:_move_quiet_time", True, 1),
    ],
    ids=["before the claim", "claimed", "sent"],
)
def test_a_mail_of_a_killed_worker_leaves_at_least_once(
    demo_site: Site, step: str, is_claimed: bool, sent_before: int
) -> None:
    demo_site.sql("DELETE FROM notices_notice")
    for leftover in (demo_site.var / "mail").iterdir():
        leftover.unlink()
    demo_site.run(QUEUE_ONE_EACH)
    demo_site.sql("DELETE FROM notices_notice WHERE NOT is_urgent")
    killed = Site(demo_site.var, PYTHONPATH=str(ROOT))
    with killed.process(str(KILLED_AT), step, "1", CELERY, *WORKER[2:]) as (worker, log):
        assert worker.wait(60) == -9, log.read_text()
    assert (demo_site.sql(CLAIMED), len(demo_site.mails)) == ([(int(is_claimed),)], sent_before)
    if is_claimed:
        demo_site.sql(TIME_PASSES)
        demo_site.sql("DELETE FROM notices_quiettime")
    demo_site.run("from peersupport.notices.tasks import send_urgent\nsend_urgent()")
    assert demo_site.sql("SELECT * FROM notices_notice") == []
    assert len(demo_site.mails) == sent_before + 1
