"""What scripts add for an officer: steps, copying, polling, three presses of Shift to leave."""

from playwright.sync_api import expect

from requests_app.models import Request
from tests.journeys.steps import choose, path_of, press, send_request
from tests.journeys.test_officer_without_javascript import ANSWER, let_peer_answer
from tests.services import wait_until

COUNTED_POLLS = """
    polls = 0; const sent = fetch; fetch = (...what) => { polls++; return sent(...what); };
    timers = 0; const set = setTimeout;
    setTimeout = (what, wait) => { if (wait >= 20000) timers++; return set(what, wait); };
"""


def wait_for_poll(phone):
    """Let the time pass until the page polls, once its script has started the timer."""
    phone.wait_for_load_state()
    phone.clock.fast_forward(21_000)


def test_what_a_poll_brings_changes_nothing_of_when_the_next_comes(phone, ana, ana_key):
    phone.clock.install()
    phone.add_init_script(COUNTED_POLLS)
    send_request(phone, "Today")
    press(phone, "Skip typing them")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request")
    assert wait_until(lambda: phone.evaluate("timers") == 1, seconds=20)
    phone.clock.pause_at(phone.evaluate("Date.now()") / 1000 + 1)
    let_peer_answer((ana, ana_key))
    margin = 6  # seconds that may have passed since the page or the last answer came
    for number, seconds in enumerate([20, 30, 45, 67.5, 101.25, 120, 120]):
        phone.clock.run_for(int((seconds - margin) * 1000))
        assert phone.evaluate("polls") == number
        with phone.expect_event("requestfinished"):
            phone.clock.run_for(margin * 1000)
        # Its answer is worked off, or the time of the next one would begin in the middle of the next step.
        assert wait_until(lambda number=number: phone.evaluate("timers") == number + 2, seconds=20)
        expect(phone.locator("#thread")).to_contain_text(ANSWER)


def test_officer_steps_copies_reads_new_messages_and_leaves_by_three_presses(phone, exit_page, ana, ana_key):
    phone.clock.install()
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.goto("/request/")
    choose(phone, "How soon?", "Today")
    for name in ("#what", "#who", "#send"):
        phone.locator(f"a[href='{name}']").click()
        expect(phone.locator(name)).to_be_focused()
    assert phone.evaluate("history.length") == 2, "the steps leave nothing in the history"
    phone.get_by_label("I have read what stays between you").check()
    press(phone, "Send")

    words = phone.locator("#receipt").inner_text().split()
    press(phone, "Copy")
    expect(phone.get_by_text("Copied.")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()").split() == words
    press(phone, "Skip typing them")
    assert path_of(phone) == "/request/thread/"

    let_peer_answer((ana, ana_key))
    wait_for_poll(phone)
    expect(phone.locator("#thread")).to_contain_text(ANSWER)
    expect(phone.locator("#standing")).to_contain_text("Ana Alvarez accepted your request")

    phone.get_by_text("Check again", exact=True).click()
    phone.get_by_label("Write").fill("half a sentence")
    phone.context.clear_cookies()  # as when 20 minutes have passed
    wait_for_poll(phone)
    expect(phone.get_by_text("You were away for a while")).to_be_visible()
    expect(phone.locator("#thread")).to_be_empty()
    expect(phone.get_by_label("Write")).to_have_value("half a sentence")

    for _ in range(3):
        phone.keyboard.press("Shift")
    phone.wait_for_url(exit_page)
    assert Request.objects.count() == 1
