"""All on phones: a request that nobody is trained for, another peer, a joke; and the team after an incident."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from peersupport.program.models import ProgramSettings
from peersupport.team.models import Pause, ShiftHandover
from requests_app.actions.peer import accept
from requests_app.models import PendingTally, Request
from tests.journeys.conftest import PHONE
from tests.journeys.steps import choose, press, send_request, sign_in, write_message
from tests.requests_app.conftest import submit_request
from training.models import Record

NOTICE = "The team is there for everybody who was on shift."


@pytest.fixture
def untrained(ana, ben):
    """Nobody is current in suicide intervention."""
    ProgramSettings.objects.create(pk=1, clinical_contact="555-0177")
    assert not Record.objects.exists()


def refresh(page, words):
    page.get_by_text("Check again", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(words)


def test_988_comes_first_where_nobody_is_trained_and_the_peer_can_be_changed(
    phone_without_javascript, visit, untrained, ana, ben
):
    officer, peers = phone_without_javascript, {member.user.name: visit(PHONE) for member in (ana, ben)}
    send_request(officer, "Today", concern="Thoughts of suicide", message="More and more often.")
    expect(officer.get_by_text("Call or text 988 now.", exact=True)).to_be_visible()
    press(officer, "Ask a peer without that training too")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()

    for member in (ana, ben):
        page = peers[member.user.name]
        sign_in(page, member)
    first, page = next(
        (name, page) for name, page in peers.items() if page.get_by_role("button", name="Accept").count()
    )
    expect(page.get_by_text("Stay with them, ask directly if they're thinking about suicide")).to_be_visible()
    expect(page.get_by_text("555-0177")).to_be_visible()
    press(page, "Accept")
    write_message(page, "I stay with you. Do you think of killing yourself?")

    refresh(officer, "Do you think of killing yourself?")
    officer.get_by_role("link", name="Talk to someone else").click()
    choose(officer, "What may the next peer read?", "Everything the two of us wrote")
    press(officer, "Ask someone else")
    expect(officer.get_by_text("The next peer who accepts may read everything here.")).to_be_visible()

    (other,) = [peers[name] for name in peers if name != first]
    other.reload()
    press(other, "Accept")
    expect(other.locator("#thread")).to_contain_text("An earlier peer")
    other.locator("summary").filter(has_text="I know this person").click()
    press(other, "Pass to someone else")
    refresh(officer, "A peer opened it, thought they might know you, and stepped aside.")


def test_team_is_called_out_hands_over_a_shift_erases_a_joke_and_pauses(
    visit, exit_page, ana, ben, ana_key, coordinator
):
    office, peer, other, public = (visit(PHONE) for _ in range(4))
    sign_in(office, coordinator)
    office.goto("/after-an-incident/")
    press(office, "Start activation")
    office.get_by_label("Everyone available who hasn't been called out yet").check()
    office.get_by_label("Where and when do they meet?").fill("Briefing room, 18:00")
    press(office, "Call out members")
    office.get_by_label("What should the public pages say?").fill(NOTICE)
    office.get_by_label("Last day").last.fill(f"{timezone.localdate():%Y-%m-%d}")
    press(office, "Save notice")
    expect(office.get_by_text("The public pages show this notice")).to_be_visible()
    public.goto("/")
    expect(public.get_by_text(NOTICE)).to_be_visible()

    sign_in(peer, ana)
    expect(peer.get_by_text("Briefing room, 18:00")).to_be_visible()
    press(peer, "I can come")
    expect(peer.get_by_text("You said you can come")).to_be_visible()
    office.reload()
    expect(office.get_by_text("So far, one of the two members you called out can come.")).to_be_visible()
    press(office, "End activation")
    expect(office.get_by_role("button", name="Start activation")).to_be_visible()
    public.reload()
    expect(public.get_by_text(NOTICE)).to_have_count(0)

    peer.goto("/on-call/")
    peer.locator("summary").filter(has_text="Pass a shift to someone else").click()
    peer.get_by_label("To whom?").select_option("Ben Brandt")
    press(peer, "Pass to someone else")
    expect(peer.get_by_text("Shifts you asked others to take")).to_be_visible()
    sign_in(other, ben)
    other.goto("/on-call/")
    press(other, "I'll take it")
    expect(other.get_by_role("status")).to_be_visible()
    assert ShiftHandover.objects.get().held_by == ben

    joke = submit_request(message="Pizza?", excluded_members=(ben.pk,)).unsealed.id
    accept(member=ana, request_id=joke, private_key=ana_key)
    peer.goto(f"/desk/contacts/{joke}/")
    peer.locator("summary").filter(has_text="Not a real request").click()
    press(peer, "Erase without counting")
    expect(peer.get_by_role("status")).to_contain_text("Closed and erased. There's nothing to tally.")
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 0)

    press(peer, "Back in three days")
    expect(peer.get_by_role("status")).to_contain_text("paused until")
    assert Pause.objects.get().member == ana
