"""A body without a length is refused on every route, before anything reads the form."""

import io

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from peersupport import wsgi
from tests.access.expected_statuses import EXPECTED
from tests.access.world import ARGUMENTS

pytestmark = pytest.mark.django_db
CHUNKED = {"Transfer-Encoding": "chunked"}


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
