"""Of whoever asks for help nothing stays: not when it goes well, not when it is refused, not when the code fails.

Everything that a browser sends bears a canary here, and so does every error. Then it is looked for wherever this
program writes: its log, the outbox, the mail, the broker's folder, and every byte of the database.
"""

import base64
import http.client
import io
import json
import logging
import re
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peersupport.access.pages import ANONYMOUS
from peersupport.celery import app as celery
from peersupport.notices import actions as notices
from peersupport.notices.models import Notice
from peersupport.running.demo_processes import Running
from peersupport.running.processes import wait_until
from peersupport.sealing import envelope
from peersupport.settings.logs import CodesOnlyFormatter
from peersupport.team.models import Member, User
from requests_app import actions, officer_session, tokens
from requests_app.models import Request
from stats import actions as stats
from tests.cast import sign_in
from tests.running.site import Site
from tests.services import free_port

from .conftest import Asked
from .test_asking import FORM, receipt_on, token_on

CANARY = "canary7f3aK9"
ADDRESS = "203.0.113.77"
HOST = f"{CANARY.lower()}.example.org"
HEADERS = {
    "HTTP_HOST": HOST,
    "REMOTE_ADDR": ADDRESS,
    "REMOTE_HOST": f"{CANARY}.example.net",
    "HTTP_X_FORWARDED_FOR": f"{ADDRESS}, 10.0.0.1",
    "HTTP_X_REAL_IP": ADDRESS,
    "HTTP_FORWARDED": f"for={ADDRESS};host={CANARY}",
    "HTTP_USER_AGENT": f"Mozilla/5.0 ({CANARY})",
    "HTTP_REFERER": f"http://{HOST}/{CANARY}?{CANARY}",
    "HTTP_ACCEPT_LANGUAGE": f"en, x-{CANARY}",
    "HTTP_X_REQUEST_ID": CANARY,
    "HTTP_AUTHORIZATION": f"Bearer {CANARY}",
    "HTTP_ORIGIN": f"http://{HOST}",
    "HTTP_SEC_FETCH_SITE": "same-origin",
}
WORDS = {**FORM, "message": f"{CANARY} has not slept", "contact": f"{CANARY} 555-0100", "unknown": CANARY}
CALM = b"Something broke, and it was not you"
PUBLISHED = 2020
ARGUMENTS = {"results:year": [PUBLISHED]}  # of the addresses that have any


# Where it is looked for


def disguises(secret: str) -> set[bytes]:
    """The secret as it is, and as it would look in hexadecimal, in an address or in base64."""
    plain = secret.encode()
    in_base64 = {base64.b64encode(b"." * shift + plain)[4:-4] for shift in range(3)}
    return {plain, plain.hex().encode(), urllib.parse.quote(secret).encode(), *in_base64}


def found_in(kept: dict[str, bytes], *receipt: str) -> list[tuple[str, str]]:
    """Where anything of the canary, the address or the receipt stands."""
    sought = {form.lower(): secret for secret in (CANARY, ADDRESS) for form in disguises(secret)}
    sought |= {spelling.encode(): spelling for spelling in receipt}
    lower = {place: data.lower() for place, data in kept.items()}
    return sorted({(place, sought[form]) for place, data in lower.items() for form in sought if form in data})


def spellings(words: tuple[str, ...]) -> list[str]:
    """A receipt, and any three neighbors of it, however they are put together."""
    parts = [words, *zip(words, words[1:], words[2:], strict=False)]
    return [between.join(part) for part in parts for between in (" ", "-", "", ", ", '", "')]


def every_table() -> dict[str, bytes]:
    """Every value of every row: outbox, cache and sessions are among the tables."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values = [value for row in cursor.fetchall() for value in row]
            kept[table] = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in map(plain, values))
    return kept | in_redis()


def in_redis() -> dict[str, bytes]:
    """The cache, where it is no table."""
    if "Redis" not in django_settings.CACHES["default"]["BACKEND"]:
        return {}
    redis = cache._cache.get_client()
    return {f"redis {key!r}": redis.get(key) or b"" for key in redis.keys("*")}


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def database_file() -> dict[str, bytes]:
    """The whole database as bytes: what was deleted and overwritten, or was not, included."""
    if connection.vendor != "sqlite":
        return {}
    connection.ensure_connection()
    return {"database file": connection.connection.serialize()}


def every_file(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() + file.name.encode() for file in files}


def every_mail() -> dict[str, bytes]:
    return {"mail": b"".join(letter.message().as_bytes() for letter in mail.outbox)}


class Log:
    """What the program's own logging writes, and whatever else reaches standard output and error."""

    def __init__(self, stream: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
        self._stream, self._capfd, self._said = stream, capfd, ""

    @property
    def said(self) -> str:
        captured = self._capfd.readouterr()
        self._said += captured.out + captured.err
        return self._stream.getvalue() + self._said

    def kept(self) -> dict[str, bytes]:
        return {"log": self.said.encode()}


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[Log]:
    handlers = logging.getLogger("django.request").handlers
    (console,) = (h for h in handlers if isinstance(h.formatter, CodesOnlyFormatter))  # pytest listens too
    assert isinstance(console, logging.StreamHandler)
    stream = io.StringIO()
    before = console.setStream(stream)
    yield Log(stream, capfd)
    console.setStream(before)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Path]:
    """The demo's kind of broker, so that a bell that rings is a file."""
    folder = tmp_path / "broker"
    folder.mkdir()
    changed = {
        "task_always_eager": False,
        "broker_transport_options": {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder},
    }
    before = {name: celery.conf[name] for name in changed}
    celery.conf.update(changed)
    celery._after_fork()  # forgets the broker it was connected with
    yield folder
    celery.conf.update(before)
    celery._after_fork()


@pytest.fixture
def officer(settings: Any) -> Client:
    """A browser whose every header bears the canary."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    client = Client(raise_request_exception=False, **HEADERS)
    for name in ("sessionid", "csrftoken", "peerkey", CANARY):
        client.cookies[name] = CANARY
    return client


@pytest.fixture
def returned(officer: Client, contact: Asked) -> Client:
    """The same officer with their receipt's cookie."""
    answer = officer.post("/request/return/", {"receipt": " ".join(contact.words)})
    assert set(answer.cookies) == {officer_session.cookie_name()}
    return officer


def address_of(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, []))


@pytest.fixture
def published_year(director: User) -> None:
    stats.open_year(year=PUBLISHED)
    stats.close_year(year=PUBLISHED, by=director)
    stats.publish(year=PUBLISHED, shows_concern=True, by=director)


# Where the code fails


class Fault:
    """An error that bears everything: in its message, in its arguments, and in what stands around it."""

    def __init__(self, kind: type[Exception]) -> None:
        self.kind, self.has_struck = kind, False

    def strike(self, *_: object, **__: object) -> Any:
        typed, client = CANARY, ADDRESS
        self.has_struck = True
        raise self.kind(f"Key (message, address)=({typed}, {client}) already exists.", {"typed": typed})


Break = Callable[[Fault], AbstractContextManager[None]]


def statement(number: int) -> Break:
    """The database refuses the statement of this number."""

    @contextmanager
    def broken(fault: Fault) -> Iterator[None]:
        left = number

        def execute(go_on: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal left
            if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                left -= 1
                if left == -1:
                    fault.strike()
            return go_on(sql, params, many, context)

        with connection.execute_wrapper(execute):
            yield

    return broken


@contextmanager
def page_template(fault: Fault) -> Iterator[None]:
    """Every template but the one for a broken server breaks, when most of it has been rendered."""
    render = Template._render

    def half_rendered(template: Template, context: Any) -> Any:
        page = render(template, context)
        return page if context.template.name == "500.html" else fault.strike(page)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", half_rendered)
        yield


@contextmanager
def every_template(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", fault.strike)
        yield


@contextmanager
def cipher(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ChaCha20Poly1305", "HKDF"):
            patch.setattr(envelope, name, fault.strike)
        yield


@contextmanager
def cookies(fault: Fault) -> Iterator[None]:
    """The last step of the pages that set or end the officer's session."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("set_cookie", "delete_cookie"):
            patch.setattr(HttpResponse, name, fault.strike)
        yield


@contextmanager
def request_body(fault: Fault) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.handlers.wsgi.WSGIRequest._load_post_and_files", fault.strike)
        yield


@contextmanager
def keyring_folder(fault: Fault) -> Iterator[None]:
    """Nothing faked: a file lies where the folder should be, and its name is in the error."""
    before = Path(django_settings.KEYRING)
    lies_there = before.parent / CANARY
    lies_there.touch()
    django_settings.KEYRING = lies_there
    try:
        yield
    finally:
        django_settings.KEYRING = before


BREAKS: dict[str, tuple[Break, type[Exception]]] = {
    "page template": (page_template, RuntimeError),
    "every template": (every_template, KeyError),
    "cipher": (cipher, RuntimeError),
    "cookies": (cookies, TypeError),
    "request body": (request_body, RuntimeError),
    "keyring folder": (keyring_folder, OSError),
}


def all_breaks(request: Callable[[], HttpResponse]) -> Iterator[tuple[str, Fault, HttpResponse]]:
    """The page's answer to everything that can break on its way, one thing at a time."""
    for name, (broken, kind) in BREAKS.items():
        yield name, *answer_when(broken, Fault(kind), request)
    for number in range(1000):
        kind = (IntegrityError, RuntimeError)[number % 2]
        fault, answer = answer_when(statement(number), Fault(kind), request)
        if not fault.has_struck:
            return
        yield f"statement {number}", fault, answer


def answer_when(broken: Break, fault: Fault, request: Callable[[], HttpResponse]) -> tuple[Fault, HttpResponse]:
    with broken(fault):
        return fault, request()


def typed_into(name: str, asked: Asked) -> dict[str, str]:
    """What reaches the depth of each page; a page that is not named here gets the canary in a field of no name."""
    written = {
        "requests_app:ask": {**WORDS, "token": tokens.fresh("ask")},
        "requests_app:return": {"receipt": " ".join(asked.words), "text": CANARY},
        "requests_app:thread": {"token": tokens.fresh("write"), "text": CANARY},
    }
    return written.get(name, {"text": CANARY, "message": CANARY})


@pytest.mark.sqlite_only
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(ANONYMOUS))
def test_wherever_a_page_fails_it_says_nothing(
    returned: Client, contact: Asked, published_year: None, log: Log, name: str, method: str
) -> None:
    address = f"{address_of(name)}?q={CANARY}&address={ADDRESS}"
    typed = typed_into(name, contact) if method == "POST" else {}
    receipt = spellings(contact.words)
    cookies_before = dict(returned.cookies)

    def visit() -> HttpResponse:
        """And everything as it was before."""
        with transaction.atomic():
            answer = getattr(returned, method.lower())(address, typed)
            assert found_in(database_file(), *receipt) == []
            transaction.set_rollback(True)
        returned.cookies.clear()
        returned.cookies.update(cookies_before)
        return answer

    well = visit()
    assert well.status_code in {200, 302, 405, 503}
    struck = 0
    for what, fault, answer in all_breaks(visit):
        has_broken = fault.has_struck or (what == "keyring folder" and answer.status_code != well.status_code)
        if not has_broken:
            assert answer.status_code == well.status_code, what
            continue
        struck += 1
        if is_anticipated(name, answer):
            continue
        assert answer.status_code == 500, what
        plain = what == "every template"
        assert (CALM in answer.content) and (plain or b"<h1>" in answer.content), what
        assert found_in({"answer": answer.content + repr(answer.headers).encode()}, *receipt) == [], what
        assert not answer.cookies, what
    if well.status_code != 405:
        assert struck > 0, f"nothing broke {name}: what does it stand on?"
        assert f"status=500 view={name}" in log.said
    assert found_in(log.kept() | every_mail() | every_table(), *receipt) == []


def is_anticipated(name: str, answer: HttpResponse) -> bool:
    """Health says what is broken; a form that could not be sent comes back with what was typed."""
    if answer.status_code != 503:
        return False
    if name == "running:healthz":
        return "unreachable" in json.loads(answer.content).values()
    assert name in {"requests_app:ask", "requests_app:thread"}
    assert b"What you typed is all here" in answer.content and CANARY.encode() in answer.content
    return True


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_what_the_database_itself_complains_of_is_not_written_down(returned: Client, log: Log) -> None:
    """Nothing faked: a trigger quotes what it refuses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TRIGGER refuses BEFORE DELETE ON requests_app_request "
            f"BEGIN SELECT RAISE(ABORT, '{CANARY} {ADDRESS}'); END"
        )
    answer = returned.post("/request/close/", {"text": CANARY})
    assert (answer.status_code, CALM in answer.content) == (500, True)
    assert "view=requests_app:close IntegrityError at" in log.said
    assert Request.objects.count() == 1
    assert found_in(log.kept() | {"answer": answer.content} | database_file() | every_table()) == []


@pytest.mark.sqlite_only
def test_the_log_leaves_values_out(log: Log) -> None:
    """Also of what a library says, and of an error that somebody logs in place of a sentence."""
    library = logging.getLogger("some.library")
    try:
        raise ValueError(CANARY) from KeyError(ADDRESS)
    except ValueError as error:
        library.warning("could not take %s", CANARY, exc_info=True)
        library.error(error)
        library.error({"typed": CANARY})
    said = log.said
    assert re.sub(r" at .*", "", said) == (
        "WARNING some.library could not take %s ValueError\nERROR some.library ValueError\nERROR some.library dict\n"
    )
    assert found_in({"log": said.encode()}) == []


# What is refused


def too_much(client: Client, settings: Any) -> HttpResponse:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    return client.post("/request/", {**WORDS, "message": CANARY * 1000})


def too_many_fields(client: Client, settings: Any) -> HttpResponse:
    return client.post("/request/", {f"{CANARY}{number}": CANARY for number in range(1001)})


def raw(path: str, body: str, content_type: str) -> Callable[[Client, Any], HttpResponse]:
    return lambda client, settings: client.generic("POST", path, body, content_type=content_type)


def with_headers(path: str, method: str = "POST", **headers: str) -> Callable[[Client, Any], HttpResponse]:
    return lambda client, settings: client.generic(method, path, CANARY, **headers)


REFUSED: dict[str, tuple[Callable[[Client, Any], HttpResponse], int]] = {
    "too much": (too_much, 400),
    "too many fields": (too_many_fields, 400),
    "no boundary": (raw("/request/", CANARY, f"multipart/form-data; {CANARY}"), 400),
    "cut short": (raw("/request/return/", f"--x\r\n{CANARY}", "multipart/form-data; boundary=x"), 200),
    "bad charset": (raw("/request/", CANARY, "application/x-www-form-urlencoded; charset=latin-1"), 400),
    "wrong host": (with_headers("/request/", HTTP_HOST=f"{CANARY}.elsewhere.example"), 400),
    "no host at all": (with_headers("/", "GET", HTTP_HOST=f"[{CANARY}"), 400),
    "from elsewhere": (with_headers("/request/", HTTP_ORIGIN=f"https://{CANARY}.example"), 403),
    "from nowhere": (with_headers("/request/close/", HTTP_ORIGIN=f"http://[{CANARY}"), 403),
    "cross-site": (with_headers("/request/return/", HTTP_SEC_FETCH_SITE=CANARY), 403),
    "not there": (with_headers(f"/{CANARY}/{ADDRESS}", "GET"), 404),
    "strange bytes": (with_headers(f"/%00%ff{CANARY}", "GET"), 404),
    "not here": (with_headers(f"/request/{CANARY}/?q={ADDRESS}"), 404),
    "no such method": (with_headers("/request/", "DELETE"), 405),
    "only read": (with_headers(f"/team/?q={CANARY}"), 405),
    "a method of its own": (with_headers("/", CANARY.upper()), 405),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_not_written_down(officer: Client, settings: Any, log: Log, case: str) -> None:
    send, status = REFUSED[case]
    answer = send(officer, settings)
    assert answer.status_code == status
    assert log.said == ""
    assert not answer.cookies
    assert found_in({"answer": answer.content + repr(answer.headers).encode()}) == []
    assert found_in(every_mail() | every_table() | database_file()) == []


# What goes well


@pytest.mark.django_db(transaction=True)
def test_whoever_asked_leaves_no_trace(
    officer: Client, ana: Member, ana_key: bytes, log: Log, broker: Path, own_keyring: Path
) -> None:
    for name in sorted(ANONYMOUS - {"requests_app:ask"}):
        officer.get(f"{address_of(name)}?q={CANARY}")
    page = officer.get("/request/")
    words = tuple(receipt_on(officer.post("/request/", {**WORDS, "token": token_on(page.content)}).content))
    assert len(words) == 7

    def everything() -> dict[str, bytes]:
        files = {f"broker/{name}": data for name, data in every_file(broker).items()} | every_file(own_keyring)
        return log.kept() | every_mail() | files | every_table() | database_file()

    assert len(list(broker.glob("*.msg"))) == Notice.objects.count() == 1, "there must be something that could leak"
    assert found_in(everything(), *spellings(words)) == []

    actions.accept(member=ana, request_id=Request.objects.get().pk, private_key=ana_key)
    officer.post("/request/return/", {"receipt": ", ".join(words), "text": f"{CANARY} again"})
    page = officer.get("/request/thread/").content
    assert officer.post("/request/thread/", {"token": token_on(page), "text": CANARY}).status_code == 302
    assert CANARY.encode() in officer.get("/request/thread/").content
    notices.send(urgent=True, now=timezone.now())
    assert found_in(everything(), *spellings(words)) == []

    assert b"Closed and erased" in officer.post("/request/close/", {"q": CANARY}).content
    notices.send(urgent=False, now=timezone.now())
    assert len(mail.outbox) == 2
    assert found_in(everything(), *spellings(words)) == []
    assert log.said == "ERROR django.request status=503 view=running:healthz\n", "health alone had something to say"


@pytest.mark.django_db
def test_a_member_who_asks_for_help_is_nobody(ana: Member) -> None:
    """Their cookies come along, and change nothing: the same pages, no session read, none written."""
    member, nobody = sign_in(Client(), ana), Client()
    session_before = dict(member.session.items())
    cookies_before = {name: morsel.value for name, morsel in member.cookies.items()}
    assert {"sessionid", "peerkey"} <= set(cookies_before)
    form = {**WORDS, "token": token_on(nobody.get("/request/").content)}
    with CaptureQueriesContext(connection) as made:
        for send in (
            lambda browser: browser.get("/request/"),
            lambda browser: browser.post("/request/", {**form, "urgency": ""}),
            lambda browser: browser.post("/request/", form),
            lambda browser: browser.post("/request/return/", {"receipt": "abacus " * 7}),
            lambda browser: browser.get("/request/thread/"),
        ):
            answers = [send(browser) for browser in (member, nobody)]
            assert without_tokens(answers[0]) == without_tokens(answers[1])
            assert "Cookie" not in answers[0].get("Vary", "") and not answers[0].cookies
    read = " ".join(query["sql"] for query in made)
    assert "django_session" not in read and "last_login" not in read.replace('"team_user"."last_login"', "")
    assert {name: morsel.value for name, morsel in member.cookies.items()} == cookies_before
    assert dict(member.session.items()) == session_before


def without_tokens(answer: HttpResponse) -> tuple[object, ...]:
    page = re.sub(rb'name="token" value="[^"]+"', b"", answer.content)
    return answer.status_code, sorted(answer.headers.items()), page


# The web server that the demo starts


@pytest.mark.sqlite_only
def test_the_demos_web_server_writes_nothing_down(tmp_path: Path) -> None:
    """Good, refused and broken pages, asked for from an address of its own; then every byte that was written."""
    site, port = Site(tmp_path / "var"), free_port()
    site.run(SET_UP)
    with site.process("-m", *Running(port=port, site_url="")._web()) as (_, written):
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
                ("POST", "/request/", WORDS, {"Origin": f"https://{CANARY}.example"}),
                ("GET", "/", None, {"Host": f"{CANARY}.example"}),
                ("GET", f"/{CANARY}", None, {}),
                ("DELETE", f"/team/?q={CANARY}", None, {}),
            )
        ]
        assert [status for status, _ in answers] == [200, 500, 403, 400, 404, 405]
        log = written.read_bytes()
    assert b"view=requests_app:close IntegrityError" in log
    kept = every_file(site.var) | {"what it said": log}
    assert {"peersupport.sqlite3", "what it said"} < set(kept)
    assert found_in(kept, Browser.ADDRESS, *spellings(words)) == []
    assert found_in({"what it said": log, "broken page": answers[1][1]}, COMPLAINT) == []


COMPLAINT = "complaint52d1"  # it stands in the trigger, and so in the database
SET_UP = f"""
from django.core.management import call_command
from django.db import connection
from peersupport.sealing import keyring
keyring.prepare()
call_command("migrate", verbosity=0)
call_command("createcachetable")
connection.cursor().execute('''CREATE TRIGGER refuses BEFORE DELETE ON requests_app_request
    BEGIN SELECT RAISE(ABORT, '{COMPLAINT}'); END''')
"""


class Browser:
    """One that comes from an address that nobody else has."""

    ADDRESS = "127.0.0.77"

    def __init__(self, port: int) -> None:
        self._port, self._cookie = port, f"{CANARY}={CANARY}"

    def send(self, method: str, path: str, typed: dict[str, str] | None = None, **more: str) -> tuple[int, bytes]:
        headers = {name[5:].replace("_", "-").title(): v for name, v in HEADERS.items() if name.startswith("HTTP_")}
        headers |= {"Host": f"localhost:{self._port}", "Origin": f"http://localhost:{self._port}"}
        headers |= {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded", **more}
        way = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20, source_address=(self.ADDRESS, 0))
        try:
            way.request(method, path, urllib.parse.urlencode(typed or {}), headers)
            answer = way.getresponse()
            set_cookie = answer.getheader("Set-Cookie")
            if set_cookie:
                self._cookie += "; " + set_cookie.partition(";")[0]
            return answer.status, answer.read()
        finally:
            way.close()

    def is_answered(self) -> bool:
        try:
            return self.send("GET", "/about/")[0] == 200
        except OSError:
            return False
