"""An existing team from a spreadsheet: an error is shown, then all of it is written, and an invited member signs in."""

import csv
import io

from playwright.sync_api import Page, expect

from peersupport.team.domain.roster_rows import COLUMNS
from tests.journeys.steps import link_in, press, sign_in, words_in

PASSWORD = "the lake was still at dawn"
PAT = {
    "E-mail": "pat@example.org", "Name": "Pat Perez", "Kind": "Sworn", "Unit": "Patrol", "Designated on": "2024-03-30",
    "Designated by": "Sheriff Sam", "Order": "2024-17", "Agreement signed on": "2024-03-30",
}  # fmt: skip
KIM = {"E-mail": "kim@example.org", "Name": "Kim Kovač", "Kind": "Family"}


def upload(page: Page, *people: dict[str, str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *([each.get(column, "") for column in COLUMNS] for each in people)])
    file = {"name": "team.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    page.get_by_label("Which file?").set_input_files([file])
    press(page, "Upload")


def test_existing_team_is_imported_and_invited(desktop, phone, coordinator, inbox):
    sign_in(desktop, coordinator)
    desktop.get_by_role("navigation", name="Menu").get_by_role("link", name="Team").click()
    desktop.get_by_role("link", name="Import roster").click()
    upload(desktop, PAT, KIM | {"Kind": "Friend"})
    expect(desktop.get_by_role("main")).to_contain_text("Kind: Use one of")
    expect(desktop.get_by_role("main")).to_contain_text("Nothing has been saved.")
    upload(desktop, PAT, KIM)
    press(desktop, "Import and invite 2 people")
    expect(desktop.get_by_role("row")).to_have_count(3)

    phone.goto(link_in(inbox.read("pat@example.org")))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Welcome, Pat Perez")
    for label in ("Your password", "Same password again"):
        phone.get_by_label(label).fill(PASSWORD)
    press(phone, "Save password")
    assert len(words_in(phone, "#recovery-code")) == 8
    sign_in(phone, "pat@example.org", PASSWORD)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Desk")
    desktop.get_by_role("link", name="Pat Perez").click()
    expect(desktop.get_by_role("main")).to_contain_text("Designated")
    assert [to for _, [to], _ in inbox.mails] == ["kim@example.org"]
