"""From a planned session to the offer that needs it, and years of history from a file, in a real browser."""

from datetime import date, timedelta

import pypdf
from django.utils import timezone
from playwright.sync_api import Page, expect

from peersupport.team.models import Member, User
from tests.cast import make_member
from tests.journeys.steps import choose, press, send_request, sign_in
from training.models import Record, Session


def plan_session(page: Page, title: str) -> None:
    page.goto("/training/sessions/plan/")
    page.get_by_label("What's it called?").fill(title)
    starts = timezone.localtime() + timedelta(minutes=1)
    page.get_by_label("When does it start?").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("When does it end?").fill((starts + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Where?").fill("Room 2")
    page.get_by_label("Suicide intervention").fill("8")
    press(page, "Plan session")
    expect(page.locator("main")).to_contain_text(f"{title} is planned")


def test_session_is_planned_attended_and_changes_who_gets_offers(
    visit, coordinator: User, ana: Member, desktop: Page, phone: Page
) -> None:
    sign_in(desktop, coordinator)
    desktop.goto("/training/coverage/")
    expect(desktop.locator("main")).to_contain_text("Nobody is trained in suicide intervention.")
    plan_session(desktop, "Talking about suicide")

    sign_in(phone, ana)
    phone.goto("/training/sessions/")
    phone.get_by_role("link", name="Open Talking about suicide").click()
    press(phone, "Enroll")
    expect(phone.locator("main")).to_contain_text("You're enrolled")

    now = timezone.now()
    Session.objects.update(starts_at=now - timedelta(hours=8), ends_at=now)  # the day passes
    desktop.goto("/training/sessions/")
    desktop.get_by_role("link", name="Take attendance").click()
    choose(desktop, "Check everyone who came", "Ana Alvarez")
    press(desktop, "Save")
    with phone.expect_download() as download:
        phone.goto("/training/")
        phone.get_by_role("link", name="Certificate of Suicide intervention").click()
    text = pypdf.PdfReader(download.value.path()).pages[0].extract_text()
    assert all(words in text for words in ("Ana Alvarez", "Suicide intervention", "8 hours", "Talking about suicide"))
    desktop.goto("/training/coverage/")
    expect(desktop.locator("main")).to_contain_text("One member is trained in suicide intervention.")

    send_request(visit({"width": 390, "height": 844}), "Today", concern="Thoughts of suicide")
    phone.goto("/desk/")
    expect(phone.get_by_role("button", name="Accept")).to_be_visible()


def upload(page: Page, lines: list[str]) -> None:
    page.goto("/training/import/")
    content = "\n".join(["E-mail,Subject,Completed on,Hours", *lines]).encode()
    page.get_by_label("Which file?").set_input_files({"name": "history.csv", "mimeType": "", "buffer": content})
    press(page, "Upload")


def test_two_thousand_rows_with_twenty_errors_are_corrected_and_recorded(desktop: Page, coordinator: User) -> None:
    for number in range(10):
        make_member(f"M{number} Many")
    day, codes = date(2020, 1, 1), ["mediation", "listening_skills"]
    right = [f"m{n % 10}@example.org,{codes[n % 2]},{day + timedelta(days=n // 10 * 3)},4" for n in range(2_000)]
    planted = list(right)
    for n in range(0, 2_000, 100):
        planted[n] = planted[n].replace(",4", ",4.1") if n % 200 else planted[n].replace("@", " at ")

    sign_in(desktop, coordinator)
    upload(desktop, planted)
    main = desktop.locator("main")
    expect(main).to_contain_text("Nothing has been saved.")
    wrong = desktop.get_by_role("row").filter(has_text="Needs correcting")
    expect(wrong).to_have_count(20)
    expect(wrong.nth(0)).to_contain_text("E-mail: Nobody on the roster has this address.")
    expect(wrong.nth(1)).to_contain_text("Hours: Please use quarter hours")
    assert [each.split()[0] for each in wrong.all_inner_texts()[:3]] == ["2", "102", "202"]

    upload(desktop, right)
    press(desktop, "Import 2000 records")
    expect(main).to_contain_text("2000 records added.")
    assert Record.objects.count() == 2_000
