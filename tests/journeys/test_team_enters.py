"""How somebody comes into the team: from the invitation in their mailbox to the first offer on their desk."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from peersupport.team.models import Member
from training import actions as training

from .conftest import PHONE
from .steps import officer_asks, path_of, press, signs_in

PASSWORD = "the lake was still at dawn"
EMAIL = "nora@example.org"


def link_in(mail):
    found = re.search(r"^http\S+$", mail.body, re.MULTILINE)
    assert found, mail.body
    return found[0]


def words_of(page, name):
    return page.locator(name).inner_text().split()


def test_somebody_is_invited_trained_designated_and_asked(visit, desktop, phone, coordinator, mailoutbox):
    office, newcomer = desktop, phone
    signs_in(office, coordinator)
    office.get_by_role("link", name="Invitations").click()
    office.get_by_label("Their name").fill("Nora Nyberg")
    office.get_by_label("Their e-mail address").fill(EMAIL)
    office.get_by_role("group", name="What they will do").get_by_label("Member").check()
    office.get_by_label("Unit").fill("Jail")
    press(office, "Send the invitation")
    expect(office.get_by_role("status")).to_have_text(f"The invitation is on its way to {EMAIL}.")

    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    newcomer.goto(link_in(mailoutbox[0]))
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Welcome, Nora Nyberg")
    newcomer.get_by_label("Your password").fill(PASSWORD)
    newcomer.get_by_label("The same again").fill(PASSWORD)
    press(newcomer, "Keep this password")
    code = words_of(newcomer, "#recovery-code")
    assert len(code) == 8

    newcomer.get_by_role("link", name="They are on paper, sign in").click()
    signs_in(newcomer, EMAIL, PASSWORD)
    newcomer.goto("/my-page/")
    newcomer.get_by_label("Type your recovery code").fill(" ".join([*code[:-1], code[0]]))
    press(newcomer, "Check")
    expect(newcomer.get_by_role("alert")).to_contain_text("These words do not open your key.")
    newcomer.get_by_label("Type your recovery code").fill(" ".join(code).upper())
    press(newcomer, "Check")
    expect(newcomer.get_by_role("status")).to_contain_text("Your recovery code is right.")
    four_words = words_of(newcomer, "#fingerprint")
    assert len(four_words) == 4
    newcomer.get_by_role("link", name="Read and sign it").click()
    newcomer.get_by_label("Sign with your name").fill("Nora Nyberg")
    press(newcomer, "Sign")
    expect(newcomer.get_by_role("status")).to_have_text("Signed. Thank you.")

    office.get_by_role("link", name="Team").click()
    office.get_by_role("link", name="Nora Nyberg").click()
    assert words_of(office, "#fingerprint") == four_words
    press(office, "They are the same")
    office.get_by_label("Day of the designation").fill(timezone.localdate().isoformat())
    office.get_by_label("Head of the agency").fill("The sheriff")
    office.get_by_label("Number of the order").fill("2026-17")
    press(office, "Designate")
    expect(office.get_by_role("status")).to_have_text("Nora Nyberg is designated.")

    officer = visit(PHONE)
    officer_asks(officer, "Today", concern="Thoughts of suicide")
    expect(officer.get_by_text("Nobody on the team is free at this moment.")).to_be_visible()
    nora = Member.objects.get(user__email=EMAIL)
    training.record(
        member_id=nora.pk, subject="suicide_intervention", completed_on=timezone.localdate(), hours=8, by=coordinator
    )
    officer_asks(officer, "Today", concern="Thoughts of suicide")
    expect(officer.get_by_text("A peer is being asked now")).to_be_visible()

    newcomer.goto("/home/")
    assert path_of(newcomer) == "/desk/"
    press(newcomer, "Accept")
    assert path_of(newcomer).startswith("/desk/contacts/")
    expect(newcomer.get_by_text("It is about: Thoughts of suicide.")).to_be_visible()
