"""One's own account in a browser: a new address by link, and what password managers and axe find on each page."""

import re

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from peersupport.access.permissions import Role
from peersupport.team.actions import addresses, invitations, recovery
from peersupport.team.models import Invitation, Member, User
from tests.cast import CAST_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import press, sign_in

NEW = "ana.new@example.org"
USERNAME = "input[autocomplete=username]"


def check(page: Page, address: str, username: str = "") -> None:
    """No fault that axe finds, no overflow; username: whose name a password manager finds before the password."""
    page.goto(address)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{address}: {found.generate_report()}"
    for device in (DESKTOP, PHONE):
        page.set_viewport_size(device)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= device["width"], address
    if username:
        check_username(page, username)


def check_username(page: Page, username: str) -> None:
    field = page.locator(USERNAME)
    expect(field).to_have_value(username)
    assert field.evaluate("it => getComputedStyle(it).display !== 'none' && it.getClientRects().length > 0")
    passwords = page.locator("input[type=password]").all()
    assert {each.get_attribute("autocomplete") for each in passwords} <= {"current-password", "new-password"}
    order = "(it, other) => it.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING"
    assert field.evaluate(f"it => ({order})(it, document.querySelector('input[type=password]'))")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.autocomplete || ''"))
    assert "username" not in reached, "nobody types there"
    assert reached & {"current-password", "new-password"}


def test_owner_changes_the_address_on_a_phone(visit, ana, inbox) -> None:
    page = visit(PHONE)
    sign_in(page, ana.user)
    page.goto("/my-page/")
    page.get_by_role("link", name="Change address").click()
    check(page, "/my-page/address/", ana.user.email)
    page.get_by_label("New e-mail address").fill(NEW)
    page.get_by_label("Your password").fill(CAST_PASSWORD)
    press(page, "Send the link")
    expect(page.get_by_text("Look in your new mailbox.")).to_be_visible()
    link = re.search(r"http://\S+/address/\S+/", inbox.read(NEW).get_content()).group()
    assert "change your password now" in inbox.read(ana.user.email).get_content().replace("\n", " ")
    elsewhere = visit(PHONE)
    check(elsewhere, link)
    press(elsewhere, "Use this address")
    expect(elsewhere.get_by_role("heading", name="Your address was changed")).to_be_visible()
    assert User.objects.get(pk=ana.user_id).email == NEW
    page.goto("/my-page/")
    expect(page.get_by_text(NEW)).to_be_visible()


def test_password_managers_find_whose_password_it_is(visit, ana, operator) -> None:
    public, signed_in = visit(DESKTOP), visit(DESKTOP)
    token = invitations.invite(email="nora@example.org", name="Nora", roles=[Role.COORDINATOR], by=operator)
    check(public, reverse("team:invitation", args=[token]), "nora@example.org")
    check(public, recovery.send_new_password_link(email="ana@example.org"), "ana@example.org")
    public.goto("/sign-in/")
    expect(public.locator(USERNAME)).to_have_attribute("name", "login")
    sign_in(signed_in, ana.user)
    for address in ("/my-page/password/", "/my-page/recovery-code/new/", "/my-page/address/"):
        check(signed_in, address, "ana@example.org")


def test_pages_about_addresses_that_coordinators_see(visit, coordinator) -> None:
    page = visit(DESKTOP)
    ivo = User.objects.create(name="Ivo Imported", email="ivo@example.org", password="!", is_member=True)
    Member.objects.create(user=ivo)
    invitations.invite(email=ivo.email, name=ivo.name, roles=[Role.MEMBER], by=coordinator)
    sign_in(page, coordinator)
    check(page, f"/accounts/{ivo.pk}/")
    check(page, "/members/invite/")
    check(page, f"/members/invite/{Invitation.objects.get().pk}/address/")
    page.get_by_label("New e-mail address").fill("ivo.new@example.org")
    press(page, "Change address")
    expect(page.get_by_text("A new link is on its way to it")).to_be_visible()
    for address in ("/settings/", "/settings/times/", "/crisis-lines/", "/words/"):
        check(page, address)
    assert addresses.correct(old="ivo.new@example.org", new="ivo@example.org", by=coordinator)
