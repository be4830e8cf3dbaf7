"""What an agency does from its first invitation to its first request, in browsers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.operations.home import Home
from tests.services import wait_until

from .conftest import DESKTOP, PHONE
from .steps import add_app, choose, path_of, press, return_by_receipt, send_request, sign_in, words_in, write_message

PASSWORD = "the lake was still at dawn"
SUBJECTS = ("Listening skills", "Critical incident stress", "Mediation", "Suicide intervention")
MEMBERS = {"Ana Alvarez": "ana@example.org", "Ben Brook": "ben@example.org"}
TEXTS = ("Exceptions to confidentiality", "Confidentiality agreement", "Duty to report")


def submit(page: Page, label: str) -> None:
    """Press the button and wait for the answer, so that the next step does not cut it off."""
    with page.expect_navigation():
        press(page, label)


def take_up(page: Page, link: str) -> list[str]:
    """Follow an invitation's link and choose a password; returns a member's recovery code."""
    page.goto(link)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Same password again").fill(PASSWORD)
    submit(page, "Save password")
    code = page.locator("#recovery-code")
    return words_in(page, "#recovery-code") if code.count() else []


def mailed_link(homes: Sequence[Home], email: str) -> str:
    """The newest private link in mails to this address, whichever of these homes' workers sent it."""

    def links() -> list[str]:
        mails = [mail for home in homes for mail in home.mails if f"To: {email}" in mail]
        return [word for mail in mails for word in mail.split() if "/invitation/" in word]

    assert wait_until(lambda: bool(links()), seconds=30)
    return links()[-1]


def invite_member(office: Page, name: str, email: str) -> None:
    office.goto("/members/invite/")
    office.get_by_label("Their name").fill(name)
    office.get_by_label("Their e-mail address").fill(email)
    office.get_by_label("Member", exact=True).check()
    press(office, "Send invitation")
    expect(office.get_by_role("main")).to_contain_text(email)


def enroll(page: Page, name: str, email: str, link: str, alert_port: int) -> tuple[list[str], list[str]]:
    """What a new member does; returns their backup codes and the four words of their key."""
    code = take_up(page, link)
    sign_in(page, email, PASSWORD)
    assert path_of(page) == "/my-page/second-factor/"
    backup_codes = add_app(page, PASSWORD)
    page.goto("/my-page/")
    page.get_by_label("Type your recovery code").fill(" ".join(code))
    press(page, "Check")
    expect(page.get_by_role("status")).to_contain_text("Your recovery code is right.")
    four_words = words_in(page, "#fingerprint")
    page.get_by_role("link", name="Read and sign it").click()
    page.get_by_label("Sign with your name").fill(name)
    press(page, "Sign")
    expect(page.get_by_role("status")).to_have_text("Signed. Thank you.")
    page.goto("/my-page/bell/")
    page.get_by_label("Address for phone alerts").fill(f"ntfys://127.0.0.1:{alert_port}/a-long-sample-word")
    submit(page, "Save")
    return backup_codes, four_words


def go_on_call(page: Page) -> None:
    """At every hour of the week."""
    page.goto("/my-page/hours/")
    choose(page, "What are these hours for?", "On call")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        choose(page, "On which days?", day)
    submit(page, "Add hours")
    expect(page.get_by_role("main")).not_to_contain_text("No hours on call.")


def record_training(office: Page) -> None:
    """From the agency's earlier records, as a file."""
    office.goto("/training/import/")
    day = timezone.localdate().isoformat()
    rows = [f"{email},{subject},{day},40" for email in MEMBERS.values() for subject in SUBJECTS]
    content = "\n".join(["E-mail,Subject,Completed on,Hours", *rows]).encode()
    office.get_by_label("Which file?").set_input_files({"name": "history.csv", "mimeType": "", "buffer": content})
    press(office, "Upload")
    press(office, f"Import {len(rows)} records")
    expect(office.locator("main")).to_contain_text(f"{len(rows)} records added.")


def designate(office: Page, name: str, four_words: list[str]) -> None:
    office.goto("/members/")
    office.get_by_role("link", name=f"Designate {name}").click()
    assert words_in(office, "#fingerprint") == four_words
    press(office, "They match")
    office.get_by_label("Day of the designation").fill(timezone.localdate().isoformat())
    office.get_by_label("Head of the agency").fill("The chief")
    office.get_by_label("Order number").fill("2026-1")
    press(office, "Designate")
    expect(office.get_by_role("status")).to_have_text(f"{name} is designated.")


def approve_texts(clinic: Page) -> None:
    """As the home leads there, one press for each."""
    for title in TEXTS:
        clinic.goto("/home/")
        clinic.locator("li", has_text=f"Not approved yet: {title}").get_by_role("link", name="Read").click()
        submit(clinic, "Approve as it is")


def open_program(office: Page) -> None:
    office.goto("/crisis-lines/")
    submit(office, "Confirm all numbers")
    office.goto("/home/")
    press(office, "Open the program")
    expect(office.get_by_role("status").first).to_contain_text("The program is open.")


def talk(officer: Page, peer: Page) -> None:
    """One request: sent, accepted, answered and closed."""
    answer(officer, peer, ask(officer))


def ask(officer: Page) -> list[str]:
    """Returns the words of the receipt."""
    return send_request(officer, "Now", concern="Grief or loss", message="Please, somebody.")


def answer(officer: Page, peer: Page, words: list[str]) -> None:
    """The one request that waits is accepted, answered and closed; the officer comes back twice."""
    peer.goto("/desk/")
    press(peer, "Accept")
    assert path_of(peer).startswith("/desk/contacts/")
    expect(peer.locator("#thread")).to_contain_text("Please, somebody.")
    write_message(peer, "I am here. Take your time.")
    return_by_receipt(officer, " ".join(words))
    expect(officer.locator("#thread")).to_contain_text("I am here. Take your time.")
    press(peer, "Close contact")
    assert path_of(peer) == "/desk/tally/"
    return_by_receipt(officer, " ".join(words))
    expect(officer.get_by_role("alert")).to_contain_text("No open request goes with these words.")


@dataclass
class Agency:
    """Everybody with a device, signed in. peers and backup_codes: by name."""

    office: Page
    peers: dict[str, Page]
    backup_codes: dict[str, list[str]]


def come_together(
    visit: Callable[[dict[str, int]], Page], links: Sequence[str], homes: Sequence[Home], alert_port: int
) -> Agency:
    """From the three invitations of `setup` to two members who can be asked at every hour; not opened yet."""
    pages = {}
    for who, link in zip(("sam", "jo", "lee"), links, strict=True):
        pages[who] = visit(DESKTOP)
        assert take_up(pages[who], link) == []
        sign_in(pages[who], f"{who}@example.org", PASSWORD)
        add_app(pages[who], PASSWORD)
    approve_texts(pages["lee"])
    agency = Agency(pages["jo"], {}, {})
    four_words = {}
    for name, email in MEMBERS.items():
        invite_member(agency.office, name, email)
        agency.peers[name] = visit(PHONE)
        link = mailed_link(homes, email)
        agency.backup_codes[name], four_words[name] = enroll(agency.peers[name], name, email, link, alert_port)
    record_training(agency.office)
    for name, page in agency.peers.items():
        designate(agency.office, name, four_words[name])
        go_on_call(page)
    return agency
