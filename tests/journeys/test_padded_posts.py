"""With scripts, what an officer's browser posts has one of a few lengths, and arrives unchanged."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.signals import request_started
from playwright.sync_api import Page, expect
from playwright.sync_api import Request as Sent

from requests_app.models import Request
from requests_app.queries import members
from tests.journeys.steps import choose, press, return_by_receipt, send_request, write_message
from tests.journeys.test_officer_without_javascript import let_peer_answer

ODD = "é 😀 “curly” \"straight\" 'single' & = + % ~*-._\ttab\n\n  indented\nüß end "


class Posted:
    """The forms that this browser sends: their bodies, and how many bytes of each arrived at the server."""

    def __init__(self, page: Page) -> None:
        self.forget()
        page.on("request", self._sent)
        request_started.connect(self._arrived)

    def forget(self) -> None:
        self.bodies: list[bytes] = []
        self.lengths: list[int] = []

    def _sent(self, sent: Sent) -> None:
        if sent.method == "POST":
            self.bodies.append(sent.post_data_buffer or b"")

    def _arrived(self, environ: dict[str, Any], **_: object) -> None:
        if environ["REQUEST_METHOD"] == "POST":
            self.lengths.append(int(environ["CONTENT_LENGTH"]))

    def last(self) -> tuple[float, dict[str, list[str]]]:
        """The length of the only form sent since the last call, in kilobytes, and its fields without the padding."""
        (body,), lengths = self.bodies, self.lengths
        assert lengths == [len(body)]
        self.forget()
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True)
        assert len(fields.pop("padding")) == len(fields.pop("token")) == 1
        return len(body) / 1024, fields


@pytest.mark.parametrize(
    ("text", "kilobytes"),
    [("", 8), (ODD, 8), (ODD * 60, 16), ("a\n" * 300 + "z", 8), ("😀" * 20_000, 256)],
    ids=["nothing", "odd", "long", "lines", "the longest"],
)
def test_a_request_has_a_padded_length_and_arrives_unchanged(phone, ana, ana_key, text, kilobytes):
    posted = Posted(phone)
    words = send_request(phone, "Today", message=text)
    length, fields = posted.last()
    assert (length, fields["message"]) == (kilobytes, [text.replace("\n", "\r\n")])
    press(phone, "Skip typing them")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request")
    assert posted.last() == (8, {"receipt": [" ".join(words)]})
    let_peer_answer((ana, ana_key))
    assert members.contact_for(ana, Request.objects.get().pk, ana_key).words.message == text.strip()


def test_the_forms_of_an_open_request_are_padded_and_keep_their_button(phone, ana, ana_key, ben, ben_key):
    posted, heading = Posted(phone), phone.get_by_role("heading", level=1)
    words = send_request(phone, "Today")
    posted.last()
    return_by_receipt(phone, " ".join(words))
    expect(heading).to_have_text("Your request")
    assert posted.last()[0] == 8

    let_peer_answer((ana, ana_key), (ben, ben_key))
    phone.reload()
    phone.get_by_label("Write").fill(ODD)
    press(phone, "Check again")
    expect(phone.get_by_label("Write")).to_have_value(ODD)
    length, fields = posted.last()
    assert (length, fields["look"], fields["text"]) == (8, ["1"], [ODD.replace("\n", "\r\n")]), "with its button"
    write_message(phone, "Yes.")
    assert posted.last()[0] == 8

    phone.get_by_role("link", name="Talk to someone else").click()
    choose(phone, "What may the next peer read?", "Everything the two of us wrote")
    press(phone, "Ask someone else")
    expect(heading).to_have_text("Your request")
    assert posted.last() == (8, {"turn": ["1"], "next_may_read": ["yes"]})

    phone.get_by_role("main").locator("summary").click()
    press(phone, "Close and erase")
    expect(heading).to_have_text("Closed and erased")
    assert posted.last() == (8, {"turn": ["1"]})


def test_the_button_that_asks_an_untrained_peer_is_padded(phone, ana):
    posted = Posted(phone)
    send_request(phone, "Today", concern="Thoughts of suicide")
    assert posted.last()[0] == 8
    press(phone, "Ask a peer without that training too")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request")
    length, fields = posted.last()
    assert (length, fields.keys()) == (8, {"receipt", "waiver"})


def test_the_button_that_asks_again_is_padded(phone, db):
    posted = Posted(phone)
    send_request(phone, "Today")
    press(phone, "Skip typing them")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request")
    posted.forget()
    press(phone, "Ask again")
    phone.wait_for_load_state()
    assert posted.last() == (8, {"turn": ["0"], "waiver": [""]})
