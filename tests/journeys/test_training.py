"""From a planned session to the offer that needs it, in a real browser."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from peersupport.team.models import Member, User
from training.models import Session

from .steps import choose, officer_asks, press, signs_in


def plans(page: Page, title: str) -> None:
    page.goto("/training/sessions/plan/")
    page.get_by_label("What is it called?").fill(title)
    starts = timezone.localtime() + timedelta(minutes=1)
    page.get_by_label("When does it start?").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("When does it end?").fill((starts + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Where?").fill("Room 2")
    page.get_by_label("Suicide intervention").fill("8")
    press(page, "Plan it")
    expect(page.locator("main")).to_contain_text(f"{title} is planned")


def test_a_session_is_planned_attended_and_changes_who_is_offered_what(
    visit, coordinator: User, ana: Member, desktop: Page, phone: Page
) -> None:
    signs_in(desktop, coordinator)
    desktop.goto("/training/coverage/")
    expect(desktop.locator("main")).to_contain_text("Nobody holds suicide intervention.")
    plans(desktop, "Talking about suicide")

    signs_in(phone, ana)
    phone.goto("/training/sessions/")
    phone.get_by_role("link", name="Open Talking about suicide").click()
    press(phone, "Enroll")
    expect(phone.locator("main")).to_contain_text("You are enrolled")

    now = timezone.now()
    Session.objects.update(starts_at=now - timedelta(hours=8), ends_at=now)  # the day passes
    desktop.goto("/training/sessions/")
    desktop.get_by_role("link", name="Note it").click()
    choose(desktop, "Who was there?", "Ana Alvarez")
    press(desktop, "Put on record")
    desktop.goto("/training/coverage/")
    expect(desktop.locator("main")).to_contain_text("One member holds suicide intervention.")

    officer_asks(visit({"width": 390, "height": 844}), "Today", concern="Thoughts of suicide")
    phone.goto("/desk/")
    expect(phone.get_by_role("button", name="Accept")).to_be_visible()
