"""An officer whose browser runs no script: asking, coming back, writing, leaving, closing, and what Back shows then."""

import re

from django.utils.html import strip_tags
from playwright.sync_api import Error, expect

from peersupport.program import form_tokens
from requests_app.actions import peer as peer_actions
from requests_app.domain import routing
from requests_app.models import ClosingNote, Message, Request
from requests_app.queries import unsealing
from tests.journeys.steps import choose, officer_asks, officer_returns, path_of, press, writes

MESSAGE = "The call in the river does not leave me."
ANSWER = "I have read it. I was at the river too."
MORE = "Then you know what I mean."


def the_peer_answers(*members):
    """Whoever was asked says yes, and writes if nobody has written yet."""
    request = unsealing.opened(Request.objects.get())
    [(member, private_key)] = [pair for pair in members if pair[0].pk in routing.asked(request.routing)]
    of_member = {"member": member, "request_id": request.id, "private_key": private_key}
    assert peer_actions.accept(**of_member) == peer_actions.Answer.ACCEPTED
    if not request.routing.messages:
        peer_actions.write_as_peer(**of_member, token=form_tokens.fresh("write"), text=ANSWER)
    return member


def what_back_shows(page, watch):
    """The page before; nothing where that answered something sent: there the browser asks before it sends again."""
    try:
        page.go_back(wait_until="commit")
        page.locator("footer.foot, body:not(:has(*))").wait_for(state="attached")  # all of it, or where it began
    except Error as error:
        assert "ERR_CACHE_MISS" in error.message
        watch.trouble = [trouble for trouble in watch.trouble if "ERR_CACHE_MISS" not in trouble]
        page.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")
        return ""
    return page.content()


def test_an_officer_asks_returns_writes_leaves_and_closes(
    phone_that_keeps_pages, elsewhere, ana, ana_key, ben, ben_key, watch
):
    page = phone_that_keeps_pages
    page.goto("/request/")
    page.get_by_label("What should the peer know?").fill(MESSAGE)
    page.get_by_role("link", name="Exit").click()
    assert page.url == elsewhere
    assert MESSAGE not in what_back_shows(page, watch)
    expect(page.get_by_label("What should the peer know?")).to_have_value("")

    words = officer_asks(page, "Today", message=MESSAGE)
    expect(page.get_by_text("A peer is being asked now")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert [cookie for cookie in page.context.cookies() if cookie["value"].strip('"')] == []

    page.get_by_role("main").get_by_role("link", name="Open my request").click()
    longest = max(words, key=len)  # a short one without its last letter is near to many
    slipped = "-".join(words).replace(longest, longest[:-1])
    page.get_by_label("Your seven words").fill(slipped)
    press(page, "Open")
    expect(page.get_by_role("alert")).to_contain_text(f"“{longest}”")
    page.get_by_label("Your seven words").fill("-".join(words))
    press(page, "Open")
    assert path_of(page) == "/request/thread/"
    expect(page.locator("#thread")).to_contain_text(MESSAGE)

    peer = the_peer_answers((ana, ana_key), (ben, ben_key))
    page.get_by_text("Look again", exact=True).click()
    expect(page.get_by_text(f"{peer} has read it and is here for you.")).to_be_visible()
    expect(page.locator("#thread")).to_contain_text(ANSWER)
    expect(page.get_by_text("One new message.")).to_be_visible()
    writes(page, MORE)

    page.get_by_role("link", name="Talk to somebody else").click()
    choose(page, "What may the next one read?", "All that the two of us wrote")
    press(page, "Ask somebody else")
    expect(page.get_by_text("may read all of this")).to_be_visible()
    the_peer_answers((ana, ana_key), (ben, ben_key))
    page.get_by_text("Look again", exact=True).click()
    expect(page.locator("#thread")).to_contain_text(MORE)

    page.get_by_role("link", name="Exit").click()
    assert page.url == elsewhere
    assert page.context.cookies() == []
    page.goto("/request/thread/")
    assert path_of(page) == "/request/return/"

    officer_returns(page, " ".join(words))
    page.get_by_role("main").locator("summary").click()
    choose(page, "A last word to your peer?", "I'm okay")
    choose(page, "Did it help?", "It helped, and I would use it again")
    press(page, "Close and erase")
    expect(page.get_by_role("heading", level=1)).to_have_text("Closed and erased")
    assert page.context.cookies() == []
    assert (Request.objects.count(), Message.objects.count(), ClosingNote.objects.count()) == (0, 0, 1)

    seen = []
    while page.url != "about:blank":  # where it all began
        seen.append(what_back_shows(page, watch))
        in_the_boxes = [box.input_value() for box in page.get_by_role("textbox").all()]
        shown = " ".join(strip_tags(seen[-1]).split() + in_the_boxes)
        assert all(text not in shown for text in (MESSAGE, ANSWER, MORE, " ".join(words))), page.url
    assert len(seen) > 5
