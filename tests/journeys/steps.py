"""What people do on the pages, by the labels and fields that the pages promise. `page` is their browser."""

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from peersupport.team.models import Member, User
from tests.cast import CAST_PASSWORD
from tests.team.own_factors import code_now


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one of the answers of a closed list."""
    page.get_by_role("group", name=question).get_by_label(re.compile(f"^{re.escape(answer)}")).check()


def send_request(
    page: Page, how_soon: str, *, concern: str = "", message: str = "", only: Member | None = None
) -> list[str]:
    """Submit a request as an officer; returns the seven words of the receipt. only: the one peer whom it may go to."""
    page.goto("/request/")
    choose(page, "How soon?", how_soon)
    if concern:
        choose(page, "What is it about?", concern)
    page.get_by_label("What should the peer know?").fill(message)
    if only:
        page.locator("summary").filter(has_text="Who it should go to").click()
        page.get_by_label("Is there someone you'd rather talk to?").select_option(str(only))
        page.get_by_label("Someone else is OK if they can't").uncheck()
    page.get_by_label("I have read what stays between you").check()
    press(page, "Send")
    words = page.locator("#receipt").inner_text().split()
    assert len(words) == 7
    return words


def return_by_receipt(page: Page, typed: str) -> None:
    page.goto("/request/return/")
    page.get_by_label("Your seven words").fill(typed)
    press(page, "Open")


def write_message(page: Page, text: str) -> None:
    """Write a message, on either side of a thread."""
    page.get_by_label("Write").fill(text)
    press(page, "Send")
    expect(page.locator("#thread")).to_contain_text(text)
    expect(page.get_by_label("Write")).to_have_value("")


def sign_in(page: Page, who: User | Member | str, password: str = CAST_PASSWORD) -> None:
    email = who if isinstance(who, str) else getattr(who, "user", who).email
    page.goto("/sign-in/")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your password").fill(password)
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def add_app(page: Page, password: str) -> list[str]:
    """Add an app with codes, and say that the backup codes are on paper; returns these."""
    page.goto("/my-page/second-factor/app/")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    codes = page.locator("#backup-codes")
    for _ in range(5):  # a code typed in one half minute and read in the next doesn't fit
        page.get_by_label("The six digits that the app shows now").fill(code_now(secret))
        page.get_by_label("Your password").fill(password)
        press(page, "Add this app")
        expect(codes.or_(page.locator(".question .error")).first).to_be_visible()
        if codes.count():
            break
    found = [code.replace(" ", "") for code in codes.locator("li").all_inner_texts()]
    page.get_by_label("I have them on paper").check()
    press(page, "Go on")
    expect(page.get_by_role("status")).to_contain_text("Your second factor is set up.")
    return found


def type_backup_code(page: Page, code: str) -> None:
    """The second step, after `sign_in`."""
    page.get_by_label("Code from your app").fill(code)
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Your second factor")


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def link_in(mail: EmailMessage) -> str:
    """The private link in a mail."""
    text = mail.get_body().get_content()  # type: ignore[union-attr]
    found = re.search(r"^http\S+", text, re.MULTILINE)
    assert found, text
    return found[0]


def words_in(page: Page, name: str) -> list[str]:
    return page.locator(name).inner_text().split()
