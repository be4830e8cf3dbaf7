"""How somebody joins the team: from the application form to the first offer on their desk. Every mail is a real one."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.actions import settings
from applications.models import Interview
from peersupport.team.models import Member
from tests.journeys.conftest import PHONE
from tests.journeys.steps import link_in, path_of, press, send_request, sign_in, words_in
from training.actions import records

PASSWORD = "the lake was still at dawn"
EMAIL = "nora@example.org"
REFEREES = ("rita@example.org", "rolf@example.org")
SUBJECTS = ("listening_skills", "critical_incident_stress", "mediation")


def apply(page: Page) -> None:
    page.goto("/about/")
    page.get_by_role("main").get_by_role("link", name="Join the team").click()
    page.get_by_label("Why would you like to join?").fill("People on my shift talk to me.")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    press(page, "Save and finish later")
    expect(page.get_by_role("main")).to_contain_text("Saved.")


def complete_application(page: Page) -> None:
    page.get_by_label("What are your qualifications?").fill("Nine years in the jail. Walking helps me.")
    page.get_by_label("How could you help the program?").fill("Corrections has nobody on the team.")
    page.get_by_label("Your name").fill("Nora Nyberg")
    page.get_by_label("Unit").fill("Jail")
    for which, address in zip(("first", "second"), REFEREES, strict=True):
        page.get_by_label(f"The {which} person's name").fill(f"Referee {which}")
        page.get_by_label(f"The {which} person's e-mail address").fill(address)
    press(page, "Send my application")
    expect(page.get_by_role("main")).to_contain_text("We've sent a link to the address you gave.")


def give_references(page: Page, inbox) -> None:
    page.goto(link_in(inbox.read(REFEREES[0])))
    page.get_by_label("What would you like to tell us about them?").fill("I would talk to her.")
    press(page, "Send")
    page.goto(link_in(inbox.read(REFEREES[1])))
    press(page, "I'd rather not")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def interview(office: Page, newcomer: Page, inbox) -> None:
    office.get_by_role("link", name="Propose interview times").click()
    office.get_by_label("Where will it be?").fill("Room 2")
    in_three_days = timezone.localtime() + timedelta(days=3)
    office.get_by_label("Time 1").fill(in_three_days.strftime("%Y-%m-%dT14:30"))
    press(office, "Send the times")
    newcomer.goto(link_in(inbox.read(EMAIL)))
    newcomer.get_by_label("(1430)").check()
    press(newcomer, "Choose this time")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Your interview")
    (calendar,) = inbox.read(EMAIL).iter_attachments()
    assert "BEGIN:VEVENT" in calendar.get_content()
    Interview.objects.update(starts_at=timezone.now() - timedelta(hours=1))  # the days pass


def accept(office: Page) -> None:
    office.reload()
    office.get_by_role("link", name="Decide").click()
    office.get_by_role("listitem").filter(has_text="Accept conditionally").get_by_role("link").click()
    press(office, "Preview")
    expect(office.get_by_role("main")).to_contain_text("Dear Nora Nyberg,")
    press(office, "Send")
    expect(office.get_by_role("status")).to_contain_text("invitation to the team")


def train(member: Member, subjects: tuple[str, ...], coordinator) -> None:
    today = timezone.localdate()
    for subject in subjects:
        records.record(member_id=member.pk, subject=subject, completed_on=today, hours=40, by=coordinator)


def test_applicant_is_accepted_trained_designated_and_gets_an_offer(visit, desktop, phone, coordinator, inbox):
    office, newcomer = desktop, phone
    settings.change_settings(values={"asks_for_references": True, "has_interview": True}, by=coordinator)
    apply(newcomer)
    newcomer.goto(link_in(inbox.read(EMAIL)))
    complete_application(newcomer)
    newcomer.goto(link_in(inbox.read(EMAIL)))
    press(newcomer, "Yes, that's my address")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("We have your application")
    status = link_in(inbox.read(EMAIL))
    assert "Something is waiting for you" in inbox.read(coordinator.email)["Subject"]
    give_references(visit(PHONE), inbox)

    sign_in(office, coordinator)
    office.get_by_role("link", name="Applications").click()
    office.get_by_role("link", name="Nora Nyberg").click()
    press(office, "Start the review")
    expect(office.get_by_role("main")).to_contain_text("I would talk to her.")
    expect(office.get_by_role("main")).to_contain_text("Declined")
    interview(office, newcomer, inbox)
    accept(office)
    assert "Dear Nora Nyberg," in inbox.read(EMAIL).get_body().get_content()
    newcomer.goto(link_in(inbox.read(EMAIL)))
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Welcome, Nora Nyberg")
    newcomer.get_by_label("Your password").fill(PASSWORD)
    newcomer.get_by_label("Same password again").fill(PASSWORD)
    press(newcomer, "Save password")
    code = words_in(newcomer, "#recovery-code")
    assert len(code) == 8

    newcomer.get_by_role("link", name="I have them on paper, sign in").click()
    sign_in(newcomer, EMAIL, PASSWORD)
    newcomer.goto("/my-page/")
    newcomer.get_by_label("Type your recovery code").fill(" ".join([*code[:-1], code[0]]))
    press(newcomer, "Check")
    expect(newcomer.get_by_role("alert")).to_contain_text("These words don't open your key.")
    newcomer.get_by_label("Type your recovery code").fill(" ".join(code).upper())
    press(newcomer, "Check")
    expect(newcomer.get_by_role("status")).to_contain_text("Your recovery code is right.")
    four_words = words_in(newcomer, "#fingerprint")
    assert len(four_words) == 4
    newcomer.get_by_role("link", name="Read and sign it").click()
    newcomer.get_by_label("Sign with your name").fill("Nora Nyberg")
    press(newcomer, "Sign")
    expect(newcomer.get_by_role("status")).to_have_text("Signed. Thank you.")

    train(Member.objects.get(user__email=EMAIL), SUBJECTS, coordinator)
    newcomer.goto(status)
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Nearly there")

    office.get_by_role("link", name="Team").click()
    office.get_by_role("link", name="Designate Nora Nyberg").click()
    assert words_in(office, "#fingerprint") == four_words
    press(office, "They match")
    office.get_by_label("Day of the designation").fill(timezone.localdate().isoformat())
    office.get_by_label("Head of the agency").fill("The sheriff")
    office.get_by_label("Order number").fill("2026-17")
    expect(office.get_by_text("Not trained in suicide intervention, which some requests require.")).to_be_visible()
    office.get_by_label("Designate them anyway").check()
    press(office, "Designate")
    expect(office.get_by_role("status")).to_have_text("Nora Nyberg is designated.")

    officer = visit(PHONE)
    send_request(officer, "Today", concern="Thoughts of suicide")
    expect(officer.get_by_text("only peers who are current in the training for it are asked")).to_be_visible()
    nora = Member.objects.get(user__email=EMAIL)
    train(nora, ("suicide_intervention",), coordinator)
    send_request(officer, "Today", concern="Thoughts of suicide")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()

    newcomer.goto("/home/")
    assert path_of(newcomer) == "/desk/"
    press(newcomer, "Accept")
    assert path_of(newcomer).startswith("/desk/contacts/")
    expect(newcomer.get_by_text("What it's about: Thoughts of suicide.")).to_be_visible()
    newcomer.goto(status)
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("You're a member of the team")
