"""Anything at all, sent to the pages without an account: never a broken page, and no trace but what was sent."""

import logging
from urllib.parse import quote_from_bytes

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peersupport.access.public_routes import ANONYMOUS_ROUTES, FORMLESS_ROUTES, MONITORS_ROUTE
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from requests_app import officer_session
from tests.access.test_get_changes_nothing import changed, everything
from tests.access.world import World, address_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]  # a sweep, slow, and of no database
TYPED = "typed52d1"
FIELDS = (
    "token", "urgency", "concern", "message", "contact", "understood", "wanted", "anyone_else", "not_these", "not_unit",
    "other_agency", "supervisor_ok", "language", "kind", "gender", "program_word", "with_names", "padding",
    "receipt", "own_phone", "text", "own_words", "waiver", "turn", "look", "next_may_read", "last_word", "feedback",
    "why", "qualifications", "benefit", "name", "email", "phone", "years_of_service", "conflicts", "reference_1_name",
    "reference_1_email", "resume", "website", "press", "time", "statement", "csrfmiddlewaretoken",
)  # fmt: skip
URLENCODED = "application/x-www-form-urlencoded"
KINDS = (
    URLENCODED, f"{URLENCODED}; charset=utf-16", f"{URLENCODED}; charset=nonsense", "multipart/form-data",
    "multipart/form-data; boundary=b", "multipart/form-data; boundary=", "application/json", "text/plain", "", "é/\x7f",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
PLAUSIBLE = ("", "on", "now", "today", "1", "-1", "send", "save", "none", "decline", "x@example.org", "yes", "training")
ODD = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "\u202e🫂\ufeff".encode(), b"9" * 5000, b"{{ 7*7 }}", b"a" * 70_000)

values = (
    st.sampled_from([each.encode() for each in PLAUSIBLE])
    | st.sampled_from(ODD)
    | st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
pairs = st.lists(st.tuples(st.sampled_from(FIELDS) | st.text(max_size=8), values), max_size=12)


def encoded(typed: list[tuple[str, bytes]]) -> bytes:
    # quote_from_bytes takes lone surrogates as well, which quote() does not.
    names = [(quote_from_bytes(name.encode("utf-8", "surrogatepass")), value) for name, value in typed]
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in names).encode()


def in_parts(typed: list[tuple[str, bytes]]) -> bytes:
    """Multipart, every other field as a file."""
    lines = b""
    for number, (name, value) in enumerate(typed):
        plain = name.encode("utf-8", "replace").replace(b'"', b"").replace(b"\r", b"").replace(b"\n", b"")
        file = b'; filename="a.pdf"' if number % 2 else b""
        head = b'Content-Disposition: form-data; name="' + plain + b'"' + file
        lines += b"--b\r\n" + head + b"\r\n\r\n" + value + b"\r\n"
    return lines + b"--b--\r\n"


def has_sent(answer: HttpResponse) -> bool:
    """Whether something was sent: a receipt, or the way to the next page."""
    return answer.status_code == 302 or b'id="receipt"' in answer.content


@pytest.fixture
def names(world: World) -> dict[str, str]:
    for secret in ("officer-session", "forms", "spent"):
        keyring.lasting(secret)
    return {name: address_of(name, world) for name in sorted(ANONYMOUS_ROUTES - {MONITORS_ROUTE})}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), typed=pairs, kind=st.sampled_from(KINDS), cookie=st.text("0123456789abcdef;é\x00 ", max_size=30))
def test_whatever_is_sent(
    names: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
    typed: list[tuple[str, bytes]],
    kind: str,
    cookie: str,
) -> None:
    name = data.draw(st.sampled_from(sorted(set(names) - FORMLESS_ROUTES)) | st.sampled_from(sorted(names)))
    method = data.draw(st.just("POST") | st.sampled_from(METHODS))
    fresh = form_tokens.fresh(data.draw(st.sampled_from(("request", "write", "return", "apply"))))
    typed = [*typed, ("message", TYPED.encode()), *([("token", fresh.encode())] if len(typed) % 2 else [])]
    body = in_parts(typed) if "boundary=b" in kind else encoded(typed)
    browser = Client(raise_request_exception=False)
    browser.cookies["visit"] = cookie
    caplog.clear()
    before = everything()
    with caplog.at_level(logging.DEBUG):
        answer = browser.generic(
            method, names[name], body, content_type=kind, headers={"Sec-Fetch-Site": "same-origin"}
        )
    assert answer.status_code < 500, (name, method)
    assert set(answer.cookies) <= {officer_session.cookie_name()}, name
    assert TYPED not in caplog.text and not Session.objects.exists()
    if not has_sent(answer):
        assert changed(before, everything()) == [], name


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(typed=pairs, urgency=st.sampled_from(("now", "today", "when_you_can", "never", "")))
@example(typed=[("message", b"x"), ("understood", b"on")], urgency="now")
def test_a_request_is_stored_where_its_receipt_is_shown_and_nowhere_else(
    names: dict[str, str], typed: list[tuple[str, bytes]], urgency: str
) -> None:
    before = everything()["requests_app.Request"]
    form = [("token", form_tokens.fresh("request").encode()), ("urgency", urgency.encode()), ("understood", b"on")]
    answer = Client(raise_request_exception=False).generic(
        "POST", "/request/", encoded([*typed, *form]), content_type=URLENCODED
    )
    after = everything()["requests_app.Request"]
    assert answer.status_code == 200
    assert (len(after) - len(before) == 1) is (b'id="receipt"' in answer.content)  # type: ignore[arg-type]
