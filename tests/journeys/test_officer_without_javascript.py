"""An officer whose browser runs no script: asking, coming back, writing, leaving, closing, and what Back shows then."""

import re

import pytest
from django.utils.html import strip_tags
from playwright.sync_api import Error, expect

from requests_app import actions, tokens
from requests_app.models import Message, Request

from .steps import officer_asks, officer_returns, path_of, press, writes

MESSAGE = "The call in the river does not leave me."
ANSWER = "I have read it. I was at the river too."
MORE = "Then you know what I mean."


@pytest.fixture
def elsewhere(settings, live_server, watch):
    """Where Exit leads: another origin, but nothing leaves this machine."""
    origin = f"http://127.0.0.1:{live_server.thread.port}/"
    settings.EXIT_URL = f"{origin}about/"
    watch.may_go_to += (origin,)
    return settings.EXIT_URL


def the_peer_answers(member, private_key):
    request_id = Request.objects.get().pk
    answer = actions.accept(member=member, request_id=request_id, private_key=private_key)
    assert answer == actions.Answer.ACCEPTED
    actions.write_as_peer(
        member=member, request_id=request_id, private_key=private_key, token=tokens.fresh("write"), text=ANSWER
    )


def what_back_shows(page, watch):
    """The page before; nothing where that answered something sent: there the browser asks before it sends again."""
    try:
        page.go_back()
    except Error as error:
        assert "ERR_CACHE_MISS" in error.message
        watch.trouble = [trouble for trouble in watch.trouble if "ERR_CACHE_MISS" not in trouble]
        page.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")
        return ""
    return page.content()


def test_an_officer_asks_returns_writes_leaves_and_closes(phone_without_javascript, elsewhere, ana, ana_key, watch):
    page = phone_without_javascript
    words = officer_asks(page, "Today", message=MESSAGE)
    expect(page.get_by_text("A peer is being asked now")).to_be_visible()
    assert page.context.cookies() == []

    page.get_by_role("main").get_by_role("link", name="Open my request").click()
    page.get_by_label("Your seven words").fill("-".join(words))
    press(page, "Open")
    assert path_of(page) == "/request/thread/"
    expect(page.locator("#thread")).to_contain_text(MESSAGE)

    the_peer_answers(ana, ana_key)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Ana Alvarez has read it and is here for you.")).to_be_visible()
    expect(page.locator("#thread")).to_contain_text(ANSWER)
    writes(page, MORE)

    page.get_by_role("link", name="Exit").click()
    assert page.url == elsewhere
    assert page.context.cookies() == []
    page.goto("/request/thread/")
    assert path_of(page) == "/request/return/"

    officer_returns(page, " ".join(words))
    page.get_by_role("main").locator("summary").click()
    press(page, "Close and erase")
    expect(page.get_by_role("heading", level=1)).to_have_text("Closed and erased")
    assert page.context.cookies() == []
    assert (Request.objects.count(), Message.objects.count()) == (0, 0)

    seen = []
    while page.url != "about:blank":  # where it all began
        seen.append(what_back_shows(page, watch))
        in_the_boxes = [box.input_value() for box in page.get_by_role("textbox").all()]
        shown = " ".join(strip_tags(seen[-1]).split() + in_the_boxes)
        assert all(text not in shown for text in (MESSAGE, ANSWER, MORE, " ".join(words))), page.url
    assert len(seen) > 5
