"""Every main page on a phone and on a desktop: nothing overflows, one headline, usable by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from applications.actions import settings
from applications.models import Application
from peersupport.access.public_routes import ANONYMOUS_ROUTES
from requests_app.actions import peer
from requests_app.queries import members
from stats import actions as stats
from tests.applications.links import private_links
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import sign_in
from tests.requests_app.conftest import submit_request

NO_PAGES = {
    "requests_app:thread",
    "requests_app:offer_again",
    "requests_app:close",
    "requests_app:exit",
    "operations:healthz",
}
NO_PAGES |= {"requests_app:change_peer", "requests_app:share_thread", "program:security_txt"}
NO_PAGES |= {"results:year"}  # checked once a year is published
BEHIND_PRIVATE_LINKS = {name for name in ANONYMOUS_ROUTES if name.startswith("apply:")} - {
    "apply:form",
    "apply:send_again",
}
NO_PAGES |= BEHIND_PRIVATE_LINKS
PUBLIC = [*sorted(ANONYMOUS_ROUTES - NO_PAGES), "account_login", "account_reset_password"]
# Also checked by axe and by keyboard, which is slow. The other pages are made of the same components.
READ_CLOSELY = {"/", "/request/", "/request/return/", "/apply/", "/team/", "/sign-in/", "/home/", "/desk/", "/members/"}
LONG_WORD = "w" * 300
CLOSED_YEAR = 2024
AXE = Axe()


def check_page(page, address):
    """Check the page at both widths, with one request."""
    page.set_viewport_size(PHONE)
    page.goto(address)
    if address in READ_CLOSELY:
        found = AXE.run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
    assert page.title() not in {"", "Peer Support"}
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for device in (PHONE, DESKTOP):
        page.set_viewport_size(device)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= device["width"], f"{address} overflows at {device['width']}: {width} px"
    if address in READ_CLOSELY:
        check_keyboard(page)


def check_keyboard(page):
    """The first Tab stop skips to the content, and every stop is visible and in reading order."""
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    assert skip.get_attribute("href") == "#content" and page.locator("main#content").count() == 1
    for _ in range(2):
        page.keyboard.press("Tab")
        assert page.evaluate("""() => {
            const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
            return box.width > 0 && box.height > 0 && style.outlineStyle !== "none" && style.visibility === "visible";
        }"""), page.evaluate("document.activeElement.outerHTML")


def test_public_pages(phone, ana, director):
    stats.open_year(year=CLOSED_YEAR)
    stats.close_year(year=CLOSED_YEAR, by=director)
    stats.publish(year=CLOSED_YEAR, shows_concern=True, by=director)
    for address in [*map(reverse, PUBLIC), reverse("results:year", args=[CLOSED_YEAR])]:
        check_page(phone, address)
    phone.set_viewport_size(PHONE)
    phone.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    last, leave = (phone.get_by_role("link", name=name, exact=True) for name in ("For the team: sign in", "Exit"))
    ends, begins = last.bounding_box(), leave.bounding_box()
    assert ends["y"] + ends["height"] < begins["y"], "Exit covers the last line"


@pytest.fixture
def busy_desk(ana, ana_key, ben, director):
    """Ana has a contact with unbreakable words, one to tally and one to answer; a year is closed."""

    def request_for_ana():
        return submit_request(message=LONG_WORD, contact=LONG_WORD[:200], excluded_members=(ben.pk,)).unsealed.id

    for _ in range(2):
        contact = request_for_ana()
        peer.accept(member=ana, request_id=contact, private_key=ana_key)
        if not members.pending_tallies_of(ana):
            peer.close(member=ana, request_id=contact)
    request_for_ana()
    stats.open_year(year=CLOSED_YEAR)
    stats.close_year(year=CLOSED_YEAR, by=director)
    stats.open_current_year()
    return contact


@pytest.fixture
def application_pages(coordinator):
    """The pages of an application in unbreakable words, and those behind each private link."""
    settings.change_settings(
        values={"has_panel": True, "has_interview": True, "asks_for_references": True, "asks_for_resume": True},
        by=coordinator,
    )
    links, one = private_links()
    words = dict.fromkeys(("why", "qualifications", "benefit"), LONG_WORD)
    Application.objects.update(name=LONG_WORD[:120], unit=LONG_WORD[:80], **words)
    pages = ["detail", "propose_times", "decide"]
    return [
        *(reverse(f"applications:{page}", args=[one]) for page in pages),
        reverse("applications:letter", args=[one, "declined"]),
        reverse("applications:settings"),
        *(reverse(f"apply:{purpose}", args=[token]) for purpose, token in links.items()),
        reverse("apply:correct", args=[links["status"]]),
    ]


@pytest.mark.parametrize("who", ["ana", "coordinator", "director", "operator"])
def test_staff_pages(who, request, phone, ana, busy_desk, application_pages):
    somebody = request.getfixturevalue(who)
    sign_in(phone, somebody)
    phone.locator("summary").filter(has_text="Menu").click()
    menu = phone.get_by_role("navigation", name="Menu").get_by_role("link")
    expect(menu.first).to_be_visible()
    places = [link.get_attribute("href") for link in menu.all()]
    more = {
        "ana": [
            reverse("requests_app:contact", args=[busy_desk]),
            reverse("requests_app:matching_preferences"),
            reverse("team:renew_recovery_code"),
            reverse("stats:report", args=[CLOSED_YEAR]),
        ],
        "coordinator": [
            reverse("team:member", args=[ana.pk]),
            reverse("program:write_text", args=["confidentiality_agreement"]),
            reverse("program:confirm_lines"),
            reverse("requests_app:request_times"),
            reverse("program:duty_to_report"),
            reverse("dashboard:launch_checklist"),
            reverse("stats:now"),
            reverse("stats:compare_years"),
            *application_pages,
        ],
        "director": [reverse("account_change_password")],
        "operator": [reverse("account_logout")],
    }
    assert len(places) > 2
    for address in (*places, *more[who]):
        check_page(phone, address)
