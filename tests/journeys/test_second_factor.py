"""A second factor in a real browser: an app's codes on a phone, and a passkey of Chromium's virtual device."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect

from peersupport.team.models import Member
from tests.cast import CAST_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import add_app, path_of, press, sign_in
from tests.journeys.test_own_account import check
from tests.team.own_factors import code_now

KEEP = "I have them on paper"
CANCELED = "Promise.reject(new DOMException('', 'NotAllowedError'))"


@pytest.fixture
def required(settings) -> None:
    settings.SECOND_FACTOR_IS_REQUIRED = True


@contextmanager
def virtual_device(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A device that keeps passkeys and says yes to everything."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device = browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    yield browser, device


def type_password(page: Page, member: Member) -> None:
    sign_in(page, member)
    assert path_of(page) == "/sign-in/second-factor/"


def test_a_member_is_led_to_an_app_and_signs_in_with_it(visit, required, ana) -> None:
    page = visit(PHONE, javascript=False)
    sign_in(page, ana)
    assert path_of(page) == "/my-page/second-factor/"
    page.goto("/desk/")
    assert path_of(page) == "/my-page/second-factor/"
    codes = add_app(page, CAST_PASSWORD)
    assert path_of(page) == "/desk/"
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    elsewhere = visit(PHONE, javascript=False)
    type_password(elsewhere, ana)
    code = elsewhere.get_by_label("Code from your app")
    for name, value in {"autocomplete": "one-time-code", "inputmode": "numeric"}.items():
        expect(code).to_have_attribute(name, value)
    code.fill("000000")
    press(elsewhere, "Sign in")
    expect(elsewhere.locator(".question .error")).to_contain_text("This code doesn't fit.")
    elsewhere.get_by_label("Code from your app").fill(codes[0])
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Desk")
    expect(elsewhere.get_by_role("status")).to_contain_text("Left: nine.")


def test_a_member_adds_a_passkey_and_signs_in_with_it_by_keyboard(visit, required, ana) -> None:
    page = visit(DESKTOP)
    sign_in(page, ana)
    with virtual_device(page) as (browser, device):
        page.goto("/my-page/second-factor/passkey/")
        page.get_by_label("What do you call it?").fill("My phone")
        page.get_by_label("Your password").fill("not mine")
        press(page, "Add it")
        expect(page.locator(".question .error")).to_have_text("This isn't your password.")
        page.get_by_label("Your password").fill(CAST_PASSWORD)
        press(page, "Add it")
        expect(page.locator("#backup-codes li")).to_have_count(10)
        assert len(browser.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
        page.get_by_label(KEEP).check()
        press(page, "Go on")
        page.goto("/my-page/second-factor/passkey/")
        page.get_by_label("What do you call it?").fill("The same once more")
        page.get_by_label("Your password").fill(CAST_PASSWORD)
        press(page, "Add it")
        expect(page.get_by_role("alert")).to_contain_text("on your list already")
        page.get_by_role("button", name="Sign out").first.click()
        type_password(page, ana)
        browser.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.get_by_role("button", name="Use my passkey or security key").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    page.goto("/my-page/")
    expect(page.get_by_text("Your app, passkeys and backup codes")).to_be_visible()


def test_the_page_says_what_went_wrong_with_a_passkey(visit, live_server, monitor, ana) -> None:
    page = visit(DESKTOP)
    sign_in(page, ana)
    page.goto("/my-page/second-factor/passkey/")
    page.evaluate(f"() => {{ navigator.credentials.create = () => {CANCELED} }}")
    press(page, "Add it")
    expect(page.get_by_role("alert")).to_contain_text("It was canceled, or your browser stopped it.")
    page.evaluate("delete window.PublicKeyCredential")
    press(page, "Add it")
    expect(page.get_by_role("alert")).to_contain_text("This browser can't use passkeys.")
    page.evaluate("document.querySelector('[data-site]').dataset.site = 'https://peer.example.org'")
    press(page, "Add it")
    expect(page.get_by_role("alert")).to_contain_text("Passkeys work only at the site's own address.")


def test_every_page_of_it_reads_well(visit, ana) -> None:
    """No fault that axe finds, no overflow on a phone; nothing that the content policy refuses."""
    page = visit(DESKTOP)
    sign_in(page, ana)
    for address in ("", "app/", "passkey/", "backup-codes/"):
        check(page, f"/my-page/second-factor/{address}")
    page.goto("/my-page/second-factor/app/")
    drawn = page.get_by_role("img", name="QR code for your app").bounding_box()
    assert drawn and drawn["width"] == pytest.approx(drawn["height"]) and drawn["width"] > 150
    secret = page.locator("code.secret").inner_text()
    assert re.fullmatch("([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    assert code_now(secret.replace(" ", ""), timezone.now()).isdigit()
    add_app(page, CAST_PASSWORD)
    other = visit(PHONE)
    type_password(other, ana)
    check(other, "/sign-in/second-factor/")
