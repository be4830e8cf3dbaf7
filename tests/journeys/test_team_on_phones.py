"""All on phones: the program opens, a member tallies contacts elsewhere, and asks the clinical side to call."""

from playwright.sync_api import expect

from requests_app.models import Consultation
from stats import actions as stats
from stats import vault
from stats.domain.ledger import CONTACTS, PERSONS, CounterId
from stats.models import StatsYear
from tests.dashboard.test_launch import not_launched, ready  # noqa: F401
from tests.journeys.conftest import PHONE
from tests.journeys.steps import choose, path_of, press, sign_in

COUNTED = {CONTACTS: 3, PERSONS: 3, CounterId("concern", "grief"): 3, CounterId("mode", "phone"): 3}


def counters():
    return vault.unseal(StatsYear.objects.get()).by_counter()


def test_program_opens_and_a_member_tallies_and_is_called(
    not_launched,  # noqa: F811
    ready,  # noqa: F811
    visit,
    coordinator,
    ana,
    director,
):
    officer, office, peer, clinic = (visit(PHONE) for _ in range(4))
    officer.goto("/request/")
    expect(officer.get_by_text("You can't send a request yet")).to_be_visible()
    sign_in(office, coordinator)
    press(office, "Open the program")
    expect(office.get_by_role("status").first).to_contain_text("The program is open.")
    officer.reload()
    expect(officer.get_by_label("What should the peer know?")).to_be_visible()

    stats.open_current_year()
    before = counters()
    sign_in(peer, ana)
    peer.goto("/desk/tally/")
    peer.get_by_role("listitem").filter(has_text="Contacts outside this site").get_by_role("link").click()
    choose(peer, "How many?", "3")
    choose(peer, "first contact with the program this year", "Yes")
    choose(peer, "What was it mainly about?", "Grief or loss")
    choose(peer, "How did you mostly talk?", "Phone")
    press(peer, "Review")
    expect(peer.get_by_role("heading", level=1)).to_have_text("Review your answers")
    assert counters() == before
    press(peer, "Count it")
    expect(peer.get_by_role("status")).to_contain_text("Three contacts counted.")
    added = {counter: count - before[counter] for counter, count in counters().items()}
    assert {counter: count for counter, count in added.items() if count} == COUNTED

    peer.goto("/desk/consult/")
    choose(peer, "How soon should they call?", "Within the hour")
    press(peer, "Ask for a call")
    expect(peer.get_by_role("listitem").filter(has_text="It should come within the hour.")).to_be_visible()
    sign_in(clinic, director)
    clinic.goto("/consultations/")
    expect(clinic.get_by_role("listitem").filter(has_text="Ana Alvarez")).to_contain_text("Within the hour")
    press(clinic, "I called")
    expect(clinic.get_by_text("Nobody is waiting for your call.")).to_be_visible()
    assert not Consultation.objects.exists()
    peer.reload()
    assert path_of(peer) == "/desk/"
    expect(peer.get_by_role("link", name="Ask for a call")).to_be_visible()
