"""On phones, the officer's without JavaScript: the word on a printed card shows the names; an own phone stays in."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from peersupport.program import form_tokens
from peersupport.program.models import ProgramSettings
from requests_app.actions import peer, sweep
from requests_app.models import Request
from requests_app.queries import unsealing
from tests.journeys.conftest import PHONE
from tests.journeys.steps import choose, path_of, press, return_by_receipt, sign_in, write_message

WORD = "bluebonnet"


def test_word_on_the_card_shows_the_names_and_typed_text_outlives_the_session(
    visit, phone_without_javascript, coordinator, ana, ana_key, ben, time_machine
):
    ProgramSettings.objects.create(pk=1, program_word=WORD)
    office, officer = visit(PHONE), phone_without_javascript
    sign_in(office, coordinator)
    office.goto("/words/")
    with office.expect_download() as card:
        office.get_by_role("listitem").filter(has_text="Pocket card").get_by_role("link").click()
    assert WORD in PdfReader(card.value.path()).pages[0].extract_text()

    officer.goto("/team/")
    expect(officer.get_by_text("Ana Alvarez")).to_have_count(0)
    officer.get_by_label("word").fill("Blue Bonnet")
    press(officer, "Show the team")
    expect(officer.get_by_text("Ana Alvarez")).to_be_visible()
    press(officer, "Ask, and choose by name")
    officer.get_by_label("Is there someone you'd rather talk to?").select_option("Ana Alvarez")
    choose(officer, "How soon?", "When you can")
    officer.get_by_label("I have read what stays between you").check()
    press(officer, "Send")
    words = officer.locator("#receipt").inner_text()
    (request,) = unsealing.open_requests()
    assert request.routing.wanted == ana.pk
    of_ana = {"member": ana, "request_id": request.id, "private_key": ana_key}
    peer.accept(**of_ana)
    peer.write(**of_ana, token=form_tokens.fresh("write"), text="I have time.")

    officer.get_by_role("main").get_by_role("link", name="Open my request").click()
    officer.get_by_label("Your seven words").fill(words)
    officer.get_by_label("This is my own phone").check()
    press(officer, "Open")
    expect(officer.get_by_text("Ana Alvarez accepted your request and is here for you.")).to_be_visible()
    assert {cookie["expires"] > 0 for cookie in officer.context.cookies()} == {True}

    officer.get_by_label("Write").fill("Half a sentence")
    officer.context.clear_cookies()
    press(officer, "Send")
    assert path_of(officer) == "/request/thread/"
    officer.get_by_label("Your seven words").fill(words)
    press(officer, "Open")
    expect(officer.get_by_label("Write")).to_have_value("Half a sentence")
    write_message(officer, "A whole one.")
    assert Request.objects.count() == 1

    def returns_after(days):
        time_machine.move_to(timezone.now() + timedelta(days=days))
        sweep.run(now=timezone.now())
        return_by_receipt(officer, words)

    returns_after(31)
    expect(officer.get_by_text("Nobody has written here for a month.")).to_be_visible()
    returns_after(15)
    expect(officer.get_by_role("alert")).to_contain_text("No open request goes with these words.")
    assert Request.objects.count() == 0
