"""All on telephones: the one who was named cannot, nobody can, somebody can after all; they end it together."""

from django.utils import timezone
from playwright.sync_api import expect

from peersupport.team.actions.membership import take_leave
from peersupport.team.models import Member
from requests_app.actions import peer as peer_actions
from requests_app.models import ClosingNote, PendingTally, Request
from requests_app.queries import members
from stats import actions as stats
from tests.journeys.conftest import PHONE
from tests.journeys.steps import choose, officer_asks, officer_returns, path_of, press, signs_in, writes

WORD = "Thank you for the hours by the river."


def declines(member: Member) -> None:
    peer_actions.decline(member=member, request_id=Request.objects.get().pk)


def looks_again(page, words):
    page.get_by_text("Look again", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(words)


def test_the_one_who_was_named_cannot_and_takes_it_later_and_they_end_it_together(
    phone_without_javascript, visit, ana, ben, coordinator
):
    stats.open_current_year()
    officer, peer = phone_without_javascript, visit(PHONE)
    signs_in(peer, ana)

    words = officer_asks(officer, "Today", message="I would rather talk to Ana.", only=ana)
    expect(officer.get_by_text("The one you named is being asked, and nobody else.")).to_be_visible()
    peer.goto("/desk/")
    expect(peer.get_by_text("They would rather talk to you than to anybody else.")).to_be_visible()
    press(peer, "Decline")
    expect(peer.get_by_text("Nothing waits for you.")).to_be_visible()

    officer_returns(officer, " ".join(words))
    expect(officer.get_by_text("The one you named cannot take it now. Ask others too?")).to_be_visible()
    press(officer, "Ask others too")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()
    declines(ben)
    looks_again(officer, "Nobody on the team could take it so far. That is about schedules, not about you.")
    take_leave(member_id=ben.pk, first=timezone.localdate(), last=None, by=coordinator)
    press(officer, "Ask again")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()

    peer.reload()
    press(peer, "Accept")
    writes(peer, "Now I have time.")
    looks_again(officer, "Ana Alvarez has read it and is here for you.")
    writes(officer, "So have I.")
    press(peer, "Suggest closing")
    expect(peer.get_by_text("They have written to you since this page was opened")).to_be_visible()
    expect(peer.locator("#thread")).to_contain_text("So have I.")
    press(peer, "Suggest closing")
    expect(peer.get_by_text("You have suggested closing.")).to_be_visible()

    looks_again(officer, "Ana Alvarez asks whether this can be closed.")
    officer.get_by_role("link", name="close it below").click()
    officer.get_by_label("Or in your own words").fill(WORD)
    choose(officer, "Did it help?", "It helped, and I would use it again")
    press(officer, "Close and erase")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Closed and erased")
    assert (Request.objects.count(), ClosingNote.objects.count(), PendingTally.objects.count()) == (0, 1, 1)

    peer.goto("/desk/")
    expect(peer.get_by_text("One contact to count")).to_be_visible()
    press(peer, "Read it")
    expect(peer.get_by_role("main")).to_contain_text(WORD)
    assert path_of(peer).startswith("/desk/last-word/")
    assert members.last_words_for(ana) == []
