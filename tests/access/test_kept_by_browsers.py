"""No browser types words back into a form that somebody without an account fills in.

Chromium keeps what was typed for Back, also on pages that it may not store, unless the form says autocomplete="off", or
where the field says anything else.
"""

from html.parser import HTMLParser

import pytest
from django.test import Client

from peersupport.access.public_routes import ANONYMOUS_ROUTES
from tests.access.expected_statuses import EXPECTED
from tests.access.world import World, address_of
from tests.requests_app.conftest import OpenRequest
from tests.requests_app.test_threads import return_by_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]  # a sweep, slow, and of no database
NOT_TYPED = {"hidden", "submit", "button", "radio", "checkbox", "file", "password"}


class Typed(HTMLParser):
    """Forms, and fields in which something can be typed, that don't say "off"."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms, self.kept = 0, list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        is_typed = tag == "textarea" or (tag == "input" and values.get("type", "text") not in NOT_TYPED)
        self.forms += tag == "form"
        if (tag == "form" or is_typed) and values.get("autocomplete") != "off":
            self.kept.append(f"{tag} {values.get('name') or values.get('action')}")


def kept_on(page: bytes) -> list[str]:
    return Typed(page.decode()).kept


def test_no_form_of_somebody_without_an_account_is_kept(client: Client, world: World) -> None:
    forms = 0
    for name in sorted(ANONYMOUS_ROUTES):
        address = address_of(name, world)
        answers = [client.get(address)]
        if EXPECTED[name].post.startswith("200"):
            answers.append(client.post(address, {"message": "x", "text": "x"}))
        for answer in answers:
            if "html" in answer.get("Content-Type", "") and answer.status_code == 200:
                page = Typed(answer.content.decode())
                forms += page.forms
                assert page.kept == [], f"{answer.request['REQUEST_METHOD']} {name}"
    assert forms > 12


def test_no_form_of_the_talk_is_kept(officer: Client, contact: OpenRequest) -> None:
    return_by_receipt(officer, contact)
    for address in ("/request/thread/", "/request/change-peer/"):
        page = officer.get(address).content
        assert b"<form" in page and kept_on(page) == []
