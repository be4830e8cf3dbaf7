"""What is nicer for an officer whose browser runs scripts: steps, copying, news by itself, three presses to leave."""

from playwright.sync_api import expect

from requests_app.models import Request
from tests.journeys.steps import choose, path_of, press
from tests.journeys.test_officer_without_javascript import ANSWER, the_peer_answers


def after_a_while(phone):
    """As long as the page waits before it looks by itself: once its script has begun to count."""
    phone.wait_for_load_state()
    phone.clock.fast_forward(21_000)


def test_an_officer_steps_copies_is_shown_what_is_new_and_leaves_by_three_presses(phone, elsewhere, ana, ana_key):
    phone.clock.install()
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.goto("/request/")
    choose(phone, "How soon?", "Today")
    for name in ("#what", "#who", "#send"):
        phone.locator(f"a[href='{name}']").click()
        expect(phone.locator(name)).to_be_focused()
    assert phone.evaluate("history.length") == 2, "the steps leave nothing in the history"
    phone.get_by_label("I have read what stays between us").check()
    press(phone, "Send")

    words = phone.locator("#receipt").inner_text().split()
    press(phone, "Copy")
    expect(phone.get_by_text("Copied.")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()").split() == words
    press(phone, "Skip typing them")
    assert path_of(phone) == "/request/thread/"

    the_peer_answers((ana, ana_key))
    after_a_while(phone)
    expect(phone.locator("#thread")).to_contain_text(ANSWER)
    expect(phone.locator("#standing")).to_contain_text("Ana Alvarez has read it")

    phone.get_by_text("Look again", exact=True).click()
    phone.get_by_label("Write").fill("half a sentence")
    phone.context.clear_cookies()  # as when 20 minutes have passed
    after_a_while(phone)
    expect(phone.get_by_text("You were away for a while")).to_be_visible()
    expect(phone.locator("#thread")).to_be_empty()
    expect(phone.get_by_label("Write")).to_have_value("half a sentence")

    for _ in range(3):
        phone.keyboard.press("Shift")
    phone.wait_for_url(elsewhere)
    assert Request.objects.count() == 1
