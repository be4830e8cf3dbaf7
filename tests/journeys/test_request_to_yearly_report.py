"""From an officer who needs somebody now to the line in the yearly report."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from peersupport.notices.actions import phone_alerts
from requests_app.models import Message, Request
from stats import actions as stats
from stats import vault
from stats.domain.ledger import CONTACTS, PERSONS, CounterId
from stats.models import StatsYear
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import choose, path_of, press, return_by_receipt, send_request, sign_in, write_message
from tests.notices.receiver import allow, receiving

A_DAY_IN_JUNE = datetime(2026, 6, 15, 15, tzinfo=UTC)
AFTER_THE_YEAR = datetime(2027, 1, 11, 15, tzinfo=UTC)
OTHERS = 24
MOST_NOISE = 9


CHOSEN = (
    CounterId("concern", "grief"),
    CounterId("mode", "web_site"),  # filled in already, as is the next
    CounterId("response", "within_1_h"),
    CounterId("receiver", "sworn"),
)


def counters():
    return vault.unseal(StatsYear.objects.get(year=2026)).by_counter()


def band(page, line):
    """The low and high end of a line of the report, as a reader sees them."""
    words = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=line, exact=True)).inner_text()
    about = re.search(r"about (\d+)–(\d+)", words)
    assert about, words
    return int(about[1]), int(about[2])


def race_to_accept(*members):
    """All press Accept at once; returns the winner first."""
    with ExitStack() as answers:
        for member in members:
            answers.enter_context(member.expect_navigation())
        for member in members:
            member.get_by_role("button", name="Accept").evaluate("button => setTimeout(() => button.click())")
    return sorted(members, key=lambda member: "/desk/contacts/" not in member.url)


@pytest.fixture
def telephones(ana, ben, settings):
    """Both have a phone alert."""
    with receiving() as receiver:
        allow(settings, receiver)
        for member in (ana, ben):
            phone_alerts.set_address(user_id=member.user_id, address=receiver.address(member.user.name.split()[0]))
        yield receiver


def test_request_is_answered_closed_tallied_and_reported(
    visit, ana, ben, director, telephones, mailoutbox, time_machine
):
    time_machine.move_to(A_DAY_IN_JUNE)
    stats.open_year(year=2026)
    for _ in range(OTHERS):
        stats.tally(year=2026, first_this_year=True, codes={"concern": "grief"})
    before = counters()

    officer = visit(PHONE)
    words = send_request(officer, "Now", concern="Grief or loss", message="Please, somebody.")
    expect(officer.get_by_text("Peers are being asked right now.")).to_be_visible()
    assert sorted(mail.to for mail in mailoutbox) == [["ana@example.org"], ["ben@example.org"]]
    assert telephones.recipients == ["Ana", "Ben"]
    assert len({mail.subject + mail.body for mail in mailoutbox}) == 1
    assert "grief" not in mailoutbox[0].body.lower()

    members = visit(DESKTOP), visit(DESKTOP)
    for page, member in zip(members, (ana, ben), strict=True):
        sign_in(page, member)
        expect(page.get_by_role("heading", name="Someone needs an answer now")).to_be_visible()
        expect(page.get_by_text("What it's about: Grief or loss.")).to_be_visible()
        expect(page.get_by_text("Please, somebody.")).to_have_count(0)

    peer, other = race_to_accept(*members)
    assert path_of(other) == "/desk/"
    expect(other.get_by_role("status")).to_contain_text("Someone else took this one")
    expect(other.get_by_text("You're all caught up.")).to_be_visible()

    assert path_of(peer).startswith("/desk/contacts/")
    expect(peer.locator("#thread")).to_contain_text("Please, somebody.")
    write_message(peer, "I am here. Take your time.")

    return_by_receipt(officer, ", ".join(word.upper() for word in words))
    expect(officer.locator("#thread")).to_contain_text("I am here. Take your time.")
    write_message(officer, "My partner died in March. I have told nobody.")

    peer.get_by_label("Write").fill("Half a sentence,")
    press(peer, "Check again")
    expect(peer.locator("#thread")).to_contain_text("My partner died in March. I have told nobody.")
    expect(peer.get_by_label("Write")).to_have_value("Half a sentence,")
    press(peer, "Close contact")
    assert (Request.objects.count(), Message.objects.count()) == (0, 0)

    assert path_of(peer) == "/desk/tally/"
    choose(peer, "first contact with the program this year", "Yes")
    choose(peer, "What was it mainly about?", "Grief or loss")
    choose(peer, "What's their connection to the agency?", "Sworn")
    press(peer, "Review")
    expect(peer.get_by_role("heading", level=1)).to_have_text("Review your answers")
    assert counters() == before
    press(peer, "Count it")
    expect(peer.get_by_role("status")).to_contain_text("Counted.")
    expect(peer.get_by_role("heading", level=1)).to_have_text("Tally")
    added = {counter: count - before[counter] for counter, count in counters().items()}
    assert added == {counter: int(counter in {PERSONS, CONTACTS, *CHOSEN}) for counter in before}

    officer.get_by_text("Check again", exact=True).click()
    expect(officer.get_by_text("It's closed, and what was written is erased.")).to_be_visible()
    return_by_receipt(officer, " ".join(words))
    assert path_of(officer) == "/request/return/"
    expect(officer.get_by_role("alert")).to_contain_text("No open request goes with these words.")

    time_machine.move_to(AFTER_THE_YEAR)
    clinic = visit(DESKTOP)
    sign_in(clinic, director)
    clinic.goto("/statistics/")
    clinic.get_by_role("link", name="Close 2026").click()
    clinic.get_by_label("Type 2026 to confirm").fill("2025")
    press(clinic, "Close the year")
    expect(clinic.get_by_role("alert")).to_contain_text("That isn't 2026, so nothing was done.")
    clinic.get_by_label("Type 2026 to confirm").fill("2026")
    press(clinic, "Close the year")
    expect(clinic.get_by_role("heading", level=1)).to_have_text("Peer support in 2026")
    assert path_of(clinic) == "/statistics/2026/"
    for line in ("People (first contact this year)", "Contacts", "Grief or loss"):
        lowest, highest = band(clinic, line)
        assert highest - lowest == 9
        assert lowest - MOST_NOISE <= OTHERS + 1 <= highest + MOST_NOISE
