"""A member's own phone for a shift, with its passkey; and the question before a sensitive act."""

from base64 import b64encode

from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page, expect

from peersupport.team.models import Invitation
from requests_app.domain.states import Urgency
from tests.cast import CAST_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import press, sign_in
from tests.requests_app.conftest import submit_request
from tests.team.passkey import Passkey

QUESTION = "Your password, once more"


def check(page: Page) -> None:
    """No fault that axe finds, and no overflow on a phone."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], page.url


def give(page: Page, passkey: Passkey, *, knows_person: bool) -> None:
    """Chromium's own authenticator, holding this passkey."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": knows_person,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    private_key = passkey.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = {
        "credentialId": b64encode(passkey.id).decode(), "isResidentCredential": False, "rpId": "localhost",
        "privateKey": b64encode(private_key).decode(), "signCount": 1,
    }  # fmt: skip
    devtools.send("WebAuthn.addCredential", {**added, "credential": credential})


def sign_in_for_the_shift(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    check(page)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your password").fill(CAST_PASSWORD)
    page.get_by_label("This is my own phone").check()
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")


def test_phone_accepts_with_its_passkey_or_the_password(visit, ana) -> None:
    submit_request(urgency=Urgency.NOW)
    page = visit(PHONE)
    sign_in_for_the_shift(page, ana.user.email)
    give(page, Passkey().enroll(ana.user), knows_person=True)
    page.reload()
    check(page)
    press(page, "Accept with your passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open contact")
    submit_request(urgency=Urgency.NOW)
    page.goto("/desk/")
    page.get_by_label("Your password").fill(CAST_PASSWORD)
    press(page, "Accept")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open contact")


def test_phone_that_does_not_know_the_person_leaves_the_password(visit, ana) -> None:
    submit_request(urgency=Urgency.NOW)
    page = visit(PHONE)
    sign_in_for_the_shift(page, ana.user.email)
    give(page, Passkey().enroll(ana.user), knows_person=False)
    page.reload()
    press(page, "Accept with your passkey")
    expect(page.get_by_role("status")).to_contain_text("The passkey wasn't read.")
    page.get_by_label("Your password").fill(CAST_PASSWORD)
    press(page, "Accept")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open contact")


def test_question_keeps_what_was_typed_and_goes_on(visit, operator, monitor) -> None:
    page = visit(DESKTOP)
    sign_in(page, operator)
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != "confirmed"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)
    page.goto("/members/invite/")
    page.get_by_label("Name").fill("Nora “Nell” New")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Coordinator").check()
    page.get_by_label("Sworn").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    check(page)
    page.get_by_label("Your password").fill("not this one, sorry")
    press(page, "Go on")
    expect(page.get_by_text("This isn't your password. Nothing was done yet.", exact=True)).to_be_visible()
    page.get_by_label("Your password").fill(CAST_PASSWORD)
    press(page, "Go on")
    expect(page.get_by_text("The invitation is on its way to nora@example.org.")).to_be_visible()
    monitor.problems = [each for each in monitor.problems if " 403" not in each]  # nothing was done yet
    assert Invitation.objects.get().name == "Nora “Nell” New"
