"""`serve`, run as an operator runs it: what it starts, what it says, and what signals and killed children do to it."""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from operations import processes
from operations.serve import front
from tests import services
from tests.operations.home import Home, Served, copy_of
from tests.services import free_port, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX),
]
CANARY = "canary-of-somebody"
HOLD_BACK_SECONDS = 8


@pytest.fixture(scope="module")
def served(home_template, tmp_path_factory):
    home = copy_of(home_template, tmp_path_factory.mktemp("served") / "home")
    with home.serve("--hold-back-seconds", str(HOLD_BACK_SECONDS)) as served:
        yield served


def get(served: Served, path: str = "/healthz", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost", urlsplit(served.address).port, timeout=10)
    with closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def log_of(served: Served) -> list[dict]:
    """The lines of the log; every line of the output but the one for people must be one."""
    lines = served.output.splitlines()
    return [json.loads(line) for line in lines if not line.startswith("Peer Support is ready ")]


def said(served: Served, message: str, **codes) -> bool:
    return any(line["message"] == message and codes.items() <= line.items() for line in log_of(served))


@contextmanager
def locked_database(home: Home):
    """Nobody else can write, as behind a long transaction."""
    with closing(sqlite3.connect(home.folder / "peersupport.sqlite3", timeout=20, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


# Start


def test_it_is_ready_with_data_and_worker(served):
    assert get(served) == (
        200,
        '{"database": "ok", "keyring": "ok", "room": "ok", "worker": "ok", "statistics": "ok", "on_call": "ok", '
        '"stored": "ok"}',
    )  # fmt: skip
    assert get(served, "/")[0] == 200
    page = get(served, "/")[1]
    styles = re.search(r'href="(/static/css/[^"]+)"', page)
    assert styles and get(served, styles[1])[0] == 200


def test_every_line_but_the_one_for_people_is_json(served):
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in log_of(served)))
    started = {line["child"] for line in log_of(served) if line["message"] == "a child started"}
    assert started == {"front", "web", "worker", "beat"}


def test_no_child_leaves_a_core_dump(served):
    """A limit of one byte: no file is made, and no program gets the dump, which a limit of zero would allow."""
    for process in served.home.processes():
        limits = Path(f"/proc/{process}/limits").read_text()
        assert "Max core file size        1                    1" in limits


def test_nobody_else_on_the_machine_reads_or_joins_in(served):
    run = served.home.folder / "run"
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    assert [file for file in served.home.folder.iterdir() if stat.S_IMODE(file.stat().st_mode) & 0o077] == []


def test_the_front_reaches_the_socket_without_being_root(served):
    """As root, no permission is asked, so that this is looked at and not tried."""
    (socket,) = (served.home.folder / "run").glob("web-*.sock")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_a_second_one_in_the_same_home_is_refused(served):
    done = served.home.manage("serve", "--port", str(free_port()), timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Peer Support is running in {served.home.folder}. Stop it first.\n"


def test_an_answer_of_the_front_itself_is_a_page_of_ours(served):
    with closing(http.client.HTTPConnection("localhost", urlsplit(served.address).port, timeout=10)) as client:
        client.putrequest("POST", "/request/")
        client.putheader("Content-Length", "99999999")
        client.endheaders()
        answer = client.getresponse()
        page = answer.read().decode()
    assert (answer.status, answer.headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "That was too large to send" in page and "988" in page


@pytest.mark.parametrize(
    "sent",
    [
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        f"GET /{'x' * 70_000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {'x' * 70_000}\r\n\r\n",
    ],
    ids=["no host", "none at all", "nonsense", "another protocol", "long address", "long header"],
)
def test_what_the_front_cannot_read_is_answered_by_a_page_of_ours(served, sent):
    with closing(socket.create_connection(("localhost", urlsplit(served.address).port), timeout=10)) as client:
        client.sendall(sent.encode())
        head, _, page = b"".join(iter(lambda: client.recv(65536), b"")).decode().partition("\r\n\r\n")
    assert "That didn't come through" in page and "nginx" not in page
    assert "frame-ancestors 'none'" in head and "X-Content-Type-Options: nosniff" in head


@pytest.mark.parametrize("page", ["400", "413", "503"])
def test_the_fronts_own_pages_have_no_address(served, page):
    status, said = get(served, f"/{page}.html")
    assert (status, "There's nothing here" in said, "nginx" in said) == (404, True, False)


# Refusals


def refusal(home: Home) -> str:
    done = home.manage("serve", timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    return done.stderr


def test_an_older_database_asks_for_upgrade(home):
    home.sql("DELETE FROM django_migrations WHERE app = 'dashboard' OR app = 'incidents'")
    said = refusal(home)
    assert said.startswith("the database needs ") and said.endswith(
        " migrations for this version. Run `upgrade` first.\n"
    )


def test_another_host_secret_is_refused(home):
    home.set(PEERSUPPORT_HOST_SECRET="another secret of thirty-two characters")
    assert "PEERSUPPORT_HOST_SECRET is not the one that this keyring was used with." in refusal(home)


def test_a_taken_port_is_refused(home):
    port = free_port()
    home.set(PEERSUPPORT_SITE_URL=f"http://localhost:{port}")
    with closing(socket.create_server(("127.0.0.1", port))):
        assert f"port {port} is taken." in refusal(home)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (
            lambda home: (home.folder / "settings.env").write_text(f"MAIL-URL={CANARY}\n"),
            "Peer Support does not start: line 1 of settings.env is no NAME=value. Correct it, or begin it with #.\n",
        ),
    ],
    ids=["settings.env"],
)
def test_what_is_away_is_said_in_a_line_without_a_secret(home, broken, sentence):
    broken(home)
    said = refusal(home)
    assert sentence in said and CANARY not in said


@pytest.mark.fault(
    "Redis", "Is away when a host starts",
    people="nothing: pages work; notices wait, and `/healthz` says so after three minutes",
    heals="by itself: worker and beat connect once it answers",
)  # fmt: skip
def test_with_redis_away_it_starts_all_the_same_and_says_so(home):
    home.set(PEERSUPPORT_REDIS_URL=f"redis://:{CANARY}@127.0.0.1:9/0")
    with home.serve() as running:
        with closing(http.client.HTTPConnection("localhost", urlsplit(running.address).port, timeout=10)) as line:
            line.request("GET", "/request/")
            assert line.getresponse().status == 200
        assert "Redis doesn't answer (ConnectionError)." in running.output and CANARY not in running.output
    said = home.manage("doctor", "--no-mail", "--json")
    (redis,) = [each for each in json.loads(said.stdout) if each["check"] == "redis"]
    assert redis["level"] == "see_to" and CANARY not in said.stdout


def test_a_home_that_others_can_write_to_is_refused(home):
    home.folder.chmod(0o777)
    assert f"Run: chmod go-w {home.folder}" in refusal(home)


# What goes wrong


@contextmanager
def broken_tables(home: Home):
    """Pages and tasks run into errors whose text has a word that somebody could have typed."""
    tables = ("stats_report", "team_queuedmail")
    broken = "".join(f"ALTER TABLE {table} RENAME TO kept_{table};" for table in tables)
    broken += "".join(f'CREATE VIEW {table} AS SELECT * FROM "{CANARY}";' for table in tables)
    mended = "".join(f"DROP VIEW {table};" for table in tables)
    mended += "".join(f"ALTER TABLE kept_{table} RENAME TO {table};" for table in tables)
    with closing(sqlite3.connect(home.folder / "peersupport.sqlite3", timeout=20)) as database:
        database.executescript(broken)
        try:
            yield
        finally:
            database.executescript(mended)


def broke_in(served: Served, child: str) -> list[str]:
    return [line["where"] for line in log_of(served) if line.get("child") == child and "where" in line]


def failed_pages(served: Served) -> list[dict]:
    return [line for line in log_of(served) if line["message"] == "a page failed" and line["status"] == 500]


def seconds_until_written() -> float:
    return HOLD_BACK_SECONDS - time.time() % HOLD_BACK_SECONDS


def test_the_log_says_where_it_broke_and_neither_when_nor_a_word_of_anybody(served):
    """What an officer's page sets off is written at the next half hour, which is 8 seconds here."""
    wait_until(lambda: seconds_until_written() > HOLD_BACK_SECONDS - 0.5, seconds=HOLD_BACK_SECONDS, every=0.05)
    written_at = time.time() + seconds_until_written()
    with broken_tables(served.home):
        for _ in range(2):
            assert get(served, f"/results/?q={CANARY}", Referer=CANARY, Cookie=CANARY)[0] == 500
        while time.time() < written_at - 0.5:
            assert "a page failed" not in served.output and not broke_in(served, "web")
            time.sleep(0.1)
        assert wait_until(lambda: sum(page["times"] for page in failed_pages(served)) == 2, seconds=20)
        served.home.run("from peersupport.celery import app; app.send_task('peersupport.team.tasks.send_mails')")
        assert wait_until(lambda: broke_in(served, "worker"), seconds=15)
    for page in failed_pages(served):
        assert (page["child"], page["view"]) == ("web", "anonymous")
        until, since = datetime.fromisoformat(page["time"]), datetime.fromisoformat(page["since"])
        assert until.timestamp() % HOLD_BACK_SECONDS == 0
        assert until - since == timedelta(seconds=HOLD_BACK_SECONDS)
    for child in ("web", "worker"):
        assert broke_in(served, child)[0].startswith("OperationalError at ") and ".py:" in broke_in(served, child)[0]
    assert CANARY not in served.output


@pytest.mark.parametrize("name", ["web", "worker", "beat", "front"])
@pytest.mark.fault(
    "Processes",
    "Front, web server, worker or beat is killed",
    people="a page that does not load, for a second or two; or a notice that comes a little later",
    heals="by itself: `serve` starts it again after a second",
)
def test_a_killed_child_is_started_again(served, name):
    child = next(line["pid"] for line in reversed(log_of(served)) if line.get("child") == name and "pid" in line)
    os.kill(child, signal.SIGKILL)

    def is_back():
        lines = [line for line in log_of(served) if line.get("child") == name and "pid" in line]
        return lines[-1]["pid"] != child

    assert wait_until(is_back, seconds=10)
    assert said(served, "a child ended", child=name, code=-9, starts_again_in_seconds=1)
    assert wait_until(lambda: answers(served), seconds=20)


def test_a_web_process_that_is_killed_is_named(served):
    """Only its parent sees it, which starts another."""
    parent = next(line["pid"] for line in reversed(log_of(served)) if line.get("child") == "web" and "pid" in line)
    os.kill(processes.children_of(parent)[-1], signal.SIGKILL)
    ended = "a web process ended by itself and is started again"
    assert wait_until(lambda: said(served, ended, child="web", level="ERROR"), seconds=10)
    assert wait_until(lambda: answers(served), seconds=20)


def answers(served: Served) -> bool:
    try:
        return get(served)[0] == 200
    except OSError:
        return False


@pytest.mark.fault(
    "Processes",
    "No web process runs",
    people="a page that says “We'll be back soon”, with the crisis lines",
    heals="by itself, in seconds: `serve` starts them again",
)
def test_while_no_web_process_runs_visitors_get_a_page_and_monitors_a_word(served):
    webs = served.home.processes("peersupport.wsgi")
    try:
        for process in webs:
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: get(served)[0] != 200, seconds=3, every=0.01)
        port = urlsplit(served.address).port
        with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as visitor:
            visitor.request("POST", "/request/", body=b"message=hello")
            answer = visitor.getresponse()
            status, page = answer.status, answer.read().decode()
        assert (status, "We'll be back soon" in page, "988" in page) == (503, True, True)
        assert get(served) == (503, "{}")  # no word more than strangers get from the program
    finally:
        assert wait_until(lambda: answers(served), seconds=30)


# Reload


def test_reload_takes_up_a_setting_while_visitors_notice_nothing(served):
    webs = served.home.processes("peersupport.wsgi")
    port = urlsplit(served.address).port
    found, is_over = set(), threading.Event()

    def visit():
        while not is_over.is_set():
            try:
                found.add(get(served)[0])
            except OSError as error:
                found.add(repr(error))

    visitors = [threading.Thread(target=visit) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    try:
        assert get(served, "/", Host=f"also.example.org:{port}")[0] == 400
        served.home.set(PEERSUPPORT_HOSTS="also.example.org")
        served.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: said(served, "reloaded"), seconds=60)
        assert wait_until(lambda: get(served, "/", Host=f"also.example.org:{port}")[0] == 200, seconds=10)
        assert wait_until(lambda: not set(webs) & set(served.home.processes("peersupport.wsgi")), seconds=30)
    finally:
        is_over.set()
        for visitor in visitors:
            visitor.join()
    assert found == {200}


@pytest.mark.fault(
    "Upgrade",
    "New settings or new code don't start (SIGHUP)",
    people="nothing: the processes before go on",
    heals="by the operator: the log says what is missing",
)
def test_what_does_not_come_up_leaves_the_old_one_in_place(served):
    served.home.set(PEERSUPPORT_FROM_EMAIL=None)
    try:
        served.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: said(served, "not reloaded: the processes before go on"), seconds=60)
    finally:
        served.home.set(PEERSUPPORT_FROM_EMAIL="peer-support@example.org")
    reasons = [line["reason"] for line in log_of(served) if "reason" in line]
    assert any("PEERSUPPORT_FROM_EMAIL is missing" in reason for reason in reasons)
    assert get(served)[0] == 200


def test_a_host_that_only_works_keeps_its_worker_where_new_settings_do_not_start(home):
    with home.serve("--only", "worker") as running:
        (worker,) = [each for each in home.processes("worker") if each in processes.children_of(running.process.pid)]
        home.set(PEERSUPPORT_FROM_EMAIL=None)
        running.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: said(running, "not reloaded: the processes before go on"), seconds=60)
        assert worker in home.processes("worker")
        home.set(PEERSUPPORT_FROM_EMAIL="peer-support@example.org")
        running.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: said(running, "reloaded"), seconds=60)
        assert wait_until(lambda: worker not in home.processes("worker"), seconds=30)


# The end


@pytest.mark.fault(
    "Processes",
    "`serve` is stopped (SIGTERM) in the middle of a form and of a task",
    people="nothing: who is there is answered",
    heals="nothing has to: it ends when both are done, in 12 seconds at most",
)
def test_requests_and_tasks_in_flight_are_finished(home):
    with home.serve() as served:
        port = urlsplit(served.address).port
        home.sql("DELETE FROM operations_heartbeat")
        with locked_database(home):
            home.run("from peersupport.celery import app; app.send_task('operations.tasks.heartbeat')")
            assert wait_until(lambda: not list((home.folder / "broker").glob("*.msg")), seconds=10)
            with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as client:
                body = b"receipt=one+two"
                head = f"POST /request/return/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n"
                client.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body[:5])
                time.sleep(0.5)
                began = time.monotonic()
                served.process.send_signal(signal.SIGTERM)
                time.sleep(1.5)
                client.sendall(body[5:])
                answer = client.makefile("rb").readline()
            assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 403", b"HTTP/1.1 302")), answer
        assert served.process.wait(20) == 0
    assert time.monotonic() - began < 15
    assert home.processes() == []
    assert home.sql("SELECT count(*) FROM operations_heartbeat") == [(1,)]


@pytest.mark.fault(
    "Processes",
    "`serve` is stopped while a task waits for a locked database",
    people="nothing",
    heals="by itself: the task goes back to the queue, and the next worker does it",
)
def test_a_task_that_does_not_end_goes_back_to_the_queue(home):
    with home.serve() as served:
        with locked_database(home):
            home.run("from peersupport.celery import app; app.send_task('operations.tasks.forget_expired')")
            assert wait_until(lambda: not list((home.folder / "broker").glob("*.msg")), seconds=10)
            began = time.monotonic()
            assert served.interrupt() == 0
    assert time.monotonic() - began < 15
    left = [file.read_text() for file in (home.folder / "broker").glob("*.msg")]
    assert [text for text in left if "operations.tasks.forget_expired" in text]
    assert home.processes() == []
