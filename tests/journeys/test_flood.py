"""While a flood comes in: the browser solves silently what nobody sees; without scripts the page says whom to call."""

import pytest
from playwright.sync_api import expect

from requests_app.domain import flood
from tests.journeys.steps import choose, press, send_request
from tests.requests_app.conftest import submit_request

LINE = "Many requests are coming in right now"


@pytest.fixture
def braked(ana, settings, monkeypatch) -> None:
    monkeypatch.setattr(flood, "LEAST_COST", 10)  # the least that shows that it was done
    settings.BRAKE_AT = 1
    for _ in range(2):
        submit_request()


def test_a_browser_solves_while_somebody_types_and_is_offered_first(phone, braked):
    phone.goto("/request/")
    before = phone.locator("main").inner_text()
    choose(phone, "How soon?", "Today")
    phone.get_by_label("What should the peer know?").fill("three nights now")
    expect(phone.locator("input[name=proof]")).not_to_have_value("")  # it is solved
    assert phone.locator("main").inner_text() == before, "nothing shows"
    phone.get_by_label("I have read what stays between").check()
    press(phone, "Send")
    expect(phone.locator(".lead")).to_have_text("A peer is being asked now. If they can't, the next one is asked. "
                                                "Check back in an hour or two.")  # fmt: skip


def test_who_presses_send_at_once_need_not_press_again(phone, braked):
    send_request(phone, "Today")
    expect(phone.locator(".lead")).not_to_contain_text(LINE)


def test_a_double_click_on_send_waits_for_the_proof_and_says_so(phone, braked):
    phone.clock.install()
    phone.add_init_script("""
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (...work) { window.solve = () => postMessage.apply(this, work); };
    """)
    phone.goto("/request/")
    choose(phone, "How soon?", "Today")
    phone.get_by_label("I have read what stays between").check()
    phone.clock.pause_at(phone.evaluate("Date.now()") + 60_000)
    phone.get_by_role("button", name="Send", exact=True).dblclick()
    status = phone.locator("[data-sending-text]")
    expect(status).to_have_text("")
    phone.clock.run_for(1_000)
    expect(status).to_have_text("Sending…")
    phone.evaluate("solve()")
    expect(phone.locator("#receipt")).to_be_visible()
    expect(phone.locator(".lead")).not_to_contain_text(LINE)


def test_without_scripts_the_request_is_stored_and_the_numbers_come_first(phone_without_javascript, braked):
    phone = phone_without_javascript
    send_request(phone, "Today")
    expect(phone.locator(".lead")).to_contain_text(LINE)
    card, words = (phone.locator(name).bounding_box()["y"] for name in (".crisis-card", "#receipt"))
    assert card < words
