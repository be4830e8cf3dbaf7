"""A body without a length is refused on every route, before anything reads the form."""

import io

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import escape

from peersupport import wsgi
from peersupport.access.body_limits import ANYBODYS_BYTES, STAFF_BYTES
from peersupport.access.public_routes import ANONYMOUS_ROUTES, FORMLESS_ROUTES
from peersupport.program import form_tokens
from peersupport.team.models import Member
from tests.access.expected_statuses import EXPECTED
from tests.access.world import ARGUMENTS
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
CHUNKED = {"Transfer-Encoding": "chunked"}
KIND = "application/x-www-form-urlencoded"  # multipart would be read in pieces


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_chunked_body_is_answered_411_everywhere(client: Client, method: str) -> None:
    for name in EXPECTED:
        if name not in ARGUMENTS:
            answer = getattr(client, method)(reverse(name), headers=CHUNKED)
            assert (answer.status_code, "That didn't come through" in answer.content.decode()) == (411, True), name
            assert "no-store" in answer["Cache-Control"] and not answer.cookies


@pytest.mark.parametrize("length", ["", "-5", "abc", "1e3"])
def test_a_length_that_is_no_number_is_none(client: Client, length: str) -> None:
    assert client.post("/request/", {"message": "x"}, CONTENT_LENGTH=length).status_code == 411


def test_a_page_is_shown_however_it_is_asked_for(client: Client) -> None:
    assert client.get("/request/", headers=CHUNKED).status_code == 200


def test_pages_that_take_no_form_are_those_that_answer_405() -> None:
    refuse = {name for name in ANONYMOUS_ROUTES if set(EXPECTED[name].post.split()) == {"405"}}
    assert refuse == FORMLESS_ROUTES


class Unread(io.BytesIO):
    """A body of which no form may be made: whoever asks for all of it at once, as a form does, fails."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None and 0 < size <= 64 * 1024
        return super().read(size)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/nope/", {}, 404),
        ("/about/", {}, 405),
        ("/healthz", {}, 405),
        ("/request/", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/desk/", {"Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_what_nobody_will_look_at_is_made_no_form(path: str, headers: dict[str, str], expected: int) -> None:
    request = RequestFactory().post(path, "message=".ljust(70_000, "x"), content_type=KIND, headers=headers)
    client = Client(enforce_csrf_checks=True)
    client.handler.load_middleware()
    request._stream = Unread(request.environ["wsgi.input"].read())
    assert client.handler.get_response(request).status_code == expected


@pytest.mark.parametrize("path", ["/request/", "/request/return/", "/sign-in/", "/desk/", "/apply/"])
def test_a_strangers_form_has_a_limit_and_a_person_never_meets_it(client: Client, path: str) -> None:
    assert client.post(path, "m=".ljust(ANYBODYS_BYTES, "x"), content_type=KIND).status_code != 413
    answer = client.post(path, "m=".ljust(ANYBODYS_BYTES + 1, "x"), content_type=KIND)
    assert (answer.status_code, "more than this site can take" in answer.content.decode()) == (413, True)


def test_a_member_may_send_more(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    for size, refused in ((ANYBODYS_BYTES + 1, False), (STAFF_BYTES + 1, True)):
        answer = client.post("/my-page/profile/", "m=".ljust(size, "x"), content_type=KIND)
        assert (answer.status_code == 413) is refused


def test_a_text_of_200_kilobytes_is_refused_in_the_forms_words_and_given_back(client: Client, ana: Member) -> None:
    text = "I don't know where to begin. " * 7000
    answer = client.post("/request/", {"urgency": "now", "message": text, "token": form_tokens.fresh("request")})
    assert answer.status_code == 200 and escape(text.strip()) in answer.content.decode()


def test_a_receipt_is_given_back_no_longer_than_the_field(client: Client) -> None:
    page = client.post("/request/return/", {"receipt": "abcdefgh" * 5000}).content.decode()
    assert page.count("abcdefgh") == 400 // 8


@pytest.mark.parametrize(("sent", "announced"), [(b"abcdef", 6), (b"abcdef", 3), (b"", 0)])
def test_a_whole_body_is_read_to_its_announced_length(sent: bytes, announced: int) -> None:
    for read in (lambda body: body.read(), lambda body: body.read(100), lambda body: body.readline()):
        body = wsgi.WholeBody(io.BytesIO(sent), announced)
        assert read(body) == sent[:announced]
        assert read(body) == b""


@pytest.mark.parametrize("size", [-1, 2, 100])
def test_a_body_that_ends_early_is_an_error(size: int) -> None:
    body = wsgi.WholeBody(io.BytesIO(b"abc"), 5)
    with pytest.raises(ConnectionError):
        while body.read(size):
            pass


def test_a_server_may_hand_on_a_body_in_pieces() -> None:
    class Pieces(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(1)

    assert wsgi.WholeBody(Pieces(b"abcdef"), 6).read() == b"abcdef"


def test_the_application_takes_no_part_of_a_form() -> None:
    environ = RequestFactory().post("/request/", {"message": "x" * 100}).environ
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read()[:40])
    statuses: list[str] = []
    wsgi.application(environ, lambda status, headers: statuses.append(status))
    assert statuses == ["400 Bad Request"]
