"""An officer whose browser runs no scripts: submitting, coming back, writing, leaving, closing, and what Back shows."""

import re

from django.utils.html import strip_tags
from playwright.sync_api import Error, expect

from peersupport.program import form_tokens
from requests_app.actions import peer as peer_actions
from requests_app.models import ClosingNote, Message, Request
from requests_app.queries import unsealing
from tests.journeys.steps import choose, path_of, press, return_by_receipt, send_request, write_message
from tests.services import wait_until

MESSAGE = "The call in the river does not leave me."
ANSWER = "I have read it. I was at the river too."
MORE = "Then you know what I mean."


def let_peer_answer(*members):
    """The member with the offer accepts it, and writes if nobody has written yet."""
    request = unsealing.unseal(Request.objects.get())
    [(member, private_key)] = [pair for pair in members if pair[0].pk in request.routing.offered_to]
    of_member = {"member": member, "request_id": request.id, "private_key": private_key}
    assert peer_actions.accept(**of_member) == peer_actions.AcceptOutcome.ACCEPTED
    if not request.routing.messages:
        peer_actions.write(**of_member, token=form_tokens.fresh("write"), text=ANSWER)
    return member


def go_back(page, monitor):
    """The previous page. Empty where it answered a form: there the browser asks before it submits again."""
    try:
        page.go_back(wait_until="commit")
        page.locator("footer.foot, body:not(:has(*))").wait_for(state="attached")  # all of it, or where it began
    except Error as error:
        assert "ERR_CACHE_MISS" in error.message
        monitor.problems = [problem for problem in monitor.problems if "ERR_CACHE_MISS" not in problem]
        page.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")
        return ""
    return page.content()


def sends_again(page):
    """What "resend" does. The browser may still be taking the error's page in, and then has none to load anew."""
    try:
        page.reload()
    except Error as error:
        assert "Not attached to an active page" in error.message
        return False
    return True


def test_officer_submits_returns_writes_leaves_and_closes(
    phone_that_keeps_pages, exit_page, ana, ana_key, ben, ben_key, monitor
):
    page = phone_that_keeps_pages
    page.goto("/request/")
    page.get_by_label("What should the peer know?").fill(MESSAGE)
    page.get_by_role("link", name="Exit").click()
    assert page.url == exit_page
    assert MESSAGE not in go_back(page, monitor)
    expect(page.get_by_label("What should the peer know?")).to_have_value("")

    words = send_request(page, "Today", message=MESSAGE)
    expect(page.get_by_text("A peer is being asked now")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert [(cookie["name"], cookie["expires"]) for cookie in page.context.cookies()] == [("visit", -1)]

    page.get_by_role("link", name="Exit").click()
    assert go_back(page, monitor) == ""
    assert wait_until(lambda: sends_again(page), seconds=10)
    expect(page.get_by_text("This was sent. Nothing was sent twice.")).to_be_visible()
    assert not any(f">{word}<" in page.content() for word in words)

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

    peer = let_peer_answer((ana, ana_key), (ben, ben_key))
    page.get_by_text("Check again", exact=True).click()
    expect(page.get_by_text(f"{peer} accepted your request and is here for you.")).to_be_visible()
    expect(page.locator("#thread")).to_contain_text(ANSWER)
    expect(page.get_by_text("One new message.")).to_be_visible()
    write_message(page, MORE)

    page.get_by_role("link", name="Talk to someone else").click()
    choose(page, "What may the next peer read?", "Everything the two of us wrote")
    press(page, "Ask someone else")
    expect(page.get_by_text("may read everything here")).to_be_visible()
    let_peer_answer((ana, ana_key), (ben, ben_key))
    page.get_by_text("Check again", exact=True).click()
    expect(page.locator("#thread")).to_contain_text(MORE)

    page.get_by_role("link", name="Exit").click()
    assert page.url == exit_page
    assert page.context.cookies() == []
    page.goto("/request/thread/")
    assert path_of(page) == "/request/return/"

    return_by_receipt(page, " ".join(words))
    page.get_by_role("main").locator("summary").click()
    choose(page, "Leave your peer a note?", "I'm okay")
    choose(page, "Did it help?", "It helped, and I would use it again")
    press(page, "Close and erase")
    expect(page.get_by_role("heading", level=1)).to_have_text("Closed and erased")
    assert page.context.cookies() == []
    assert (Request.objects.count(), Message.objects.count(), ClosingNote.objects.count()) == (0, 0, 1)

    seen = []
    while page.url != "about:blank":  # where it all began
        seen.append(go_back(page, monitor))
        in_the_boxes = [box.input_value() for box in page.get_by_role("textbox").all()]
        shown = " ".join(strip_tags(seen[-1]).split() + in_the_boxes)
        assert all(text not in shown for text in (MESSAGE, ANSWER, MORE, " ".join(words))), page.url
    assert len(seen) > 5


def test_what_a_candidate_typed_does_not_come_back_after_exit(phone_that_keeps_pages, exit_page, db, monitor):
    page = phone_that_keeps_pages
    page.goto("/apply/")
    typed = {"Your name": "Cory Candidate", "Your e-mail address": "cory@example.org", "Unit": "Patrol North"}
    for label, words in typed.items():
        page.get_by_label(label, exact=True).fill(words)
    page.locator("[name=why]").fill(MESSAGE)
    page.get_by_role("link", name="Exit").click()
    assert page.url == exit_page
    go_back(page, monitor)
    for name in ("why", "name", "email", "unit"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
