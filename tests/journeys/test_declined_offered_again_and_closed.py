"""All on phones: the named peer declines, then everybody; the named peer takes it after all, and both end it."""

from django.utils import timezone
from playwright.sync_api import expect

from peersupport.team.actions.membership import take_leave
from peersupport.team.models import Member
from requests_app.actions import peer as peer_actions
from requests_app.models import ClosingNote, PendingTally, Request
from requests_app.queries import members
from stats import actions as stats
from tests.journeys.conftest import PHONE
from tests.journeys.steps import choose, path_of, press, return_by_receipt, send_request, sign_in, write_message

NOTE = "Thank you for the hours by the river."


def decline(member: Member) -> None:
    peer_actions.decline(member=member, request_id=Request.objects.get().pk)


def refresh(page, words):
    page.get_by_text("Check again", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(words)


def test_named_peer_declines_accepts_later_and_both_end_it(phone_without_javascript, visit, ana, ben, coordinator):
    stats.open_current_year()
    officer, peer = phone_without_javascript, visit(PHONE)
    sign_in(peer, ana)

    words = send_request(officer, "Today", message="I would rather talk to Ana.", only=ana)
    expect(officer.get_by_text("The peer you named is being asked, and nobody else.")).to_be_visible()
    peer.goto("/desk/")
    expect(peer.get_by_text("They asked to talk to you.")).to_be_visible()
    press(peer, "Decline")
    expect(peer.get_by_text("You're all caught up.")).to_be_visible()

    return_by_receipt(officer, " ".join(words))
    expect(officer.get_by_text("The peer you named can't take it right now. This is not about you.")).to_be_visible()
    press(officer, "Ask others too")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()
    decline(ben)
    refresh(
        officer, "None of the peers who may be asked can take it right now. That is about schedules, not about you."
    )
    take_leave(member_id=ben.pk, first=timezone.localdate(), last=None, by=coordinator)
    press(officer, "Ask again")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()

    peer.reload()
    press(peer, "Accept")
    write_message(peer, "Now I have time.")
    refresh(officer, "Ana Alvarez accepted your request and is here for you.")
    write_message(officer, "So have I.")
    press(peer, "Suggest closing")
    expect(peer.get_by_text("They've written to you since you opened this page")).to_be_visible()
    expect(peer.locator("#thread")).to_contain_text("So have I.")
    press(peer, "Suggest closing")
    expect(peer.get_by_text("You suggested closing.")).to_be_visible()

    refresh(officer, "Ana Alvarez is asking if you're done here.")
    officer.get_by_role("link", name="close it below").click()
    officer.get_by_label("Or in your own words").fill(NOTE)
    choose(officer, "Did it help?", "It helped, and I would use it again")
    press(officer, "Close and erase")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Closed and erased")
    assert (Request.objects.count(), ClosingNote.objects.count(), PendingTally.objects.count()) == (0, 1, 1)

    peer.goto("/desk/")
    expect(peer.get_by_role("listitem").filter(has_text="One contact to tally")).to_be_visible()
    press(peer, "Read it")
    expect(peer.get_by_role("main")).to_contain_text(NOTE)
    assert path_of(peer).startswith("/desk/last-word/")
    assert members.closing_notes_for(ana) == []
