"""The program's texts: written by one person, approved by another, never edited."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.program import actions, queries
from peersupport.program.domain import defaults
from peersupport.program.models import ProgramText
from peersupport.program.presenters.text_purposes import PURPOSES
from tests.cast import sign_in
from tests.program.html import Page

pytestmark = pytest.mark.django_db

NAME = queries.EXCEPTIONS


def confidentiality_page(client) -> str:
    return Page(client.get(reverse("program:confidentiality")).content.decode()).words


def write(by, body: str = "Only this.", after: int = 0) -> ProgramText:
    return actions.write_text(name=NAME, body=body, after_version=after, by=by.pk)


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by_id", "about"))


def test_built_in_wording_is_shown_as_not_approved(client):
    assert queries.current_text(queries.EXCEPTIONS).version == 0
    assert "you say that you intend to die by suicide, and have a plan or the means" in confidentiality_page(client)
    assert "hasn't approved its own yet" in confidentiality_page(client)


def test_wording_applies_only_once_approved(client, coordinator, director):
    text = write(coordinator, "Ours, at last.")
    assert "Ours, at last." not in confidentiality_page(client)
    actions.approve_text(name=NAME, version=1, by=director.pk)
    assert "Ours, at last." in confidentiality_page(client)
    assert "Version 1, approved" in confidentiality_page(client)
    assert audited() == [
        ("text_written", coordinator.pk, f"text:{text.pk}"),
        ("text_approved", director.pk, f"text:{text.pk}"),
    ]


def test_approved_wording_stays_while_the_next_awaits_approval(coordinator, director):
    write(coordinator, "One.")
    actions.approve_text(name=NAME, version=1, by=director.pk)
    write(coordinator, "Two.", after=1)
    assert queries.current_text(queries.EXCEPTIONS).body == "One."
    assert [text.body for text in queries.wordings(queries.EXCEPTIONS)] == ["Two.", "One.", defaults.EXCEPTIONS]


def test_writer_must_have_read_the_newest_wording(coordinator):
    write(coordinator)
    for after in (0, 2):
        with pytest.raises(actions.TextChanged):
            write(coordinator, "Late.", after=after)
    assert ProgramText.objects.count() == 1


def test_unchanged_wording_is_no_new_version(client, coordinator):
    sign_in(client, coordinator)
    write(coordinator, "One.\n\nTwo.")
    data = {"body": "One.\r\n\r\nTwo.\r\n", "after_version": 1}
    page = Page(client.post(reverse("program:write_text", args=[NAME]), data).content.decode())
    assert "Nothing has changed." in page.words and "by Carla Coordinator" not in page.words
    assert ProgramText.objects.count() == 1


def approve_built_in(by, words: str = defaults.EXCEPTIONS) -> None:
    shown = ProgramText(name=NAME, body=words)
    actions.approve_built_in_text(name=NAME, digest=shown.digest, by=by.pk)


def test_built_in_wording_as_it_is_can_be_approved_and_not_written(client, coordinator, director):
    with pytest.raises(Refused):
        write(coordinator, defaults.EXCEPTIONS)
    approve_built_in(director)
    text = queries.current_text(NAME)
    assert (text.version, text.body, text.written_by, text.approved_by) == (1, defaults.EXCEPTIONS, None, director)
    assert audited() == [("text_approved", director.pk, f"text:{text.pk}")]
    assert queries.wordings(NAME) == [text], "the same words are not listed twice"
    assert "Version 1, approved" in confidentiality_page(client)
    assert write(coordinator, "Ours.", after=1).version == 2


def test_built_in_wording_is_approved_once_and_only_as_it_was_read(coordinator, director, designee):
    with pytest.raises(actions.TextChanged):
        approve_built_in(director, words="As an earlier version of the program said it.")
    approve_built_in(director)
    for late in (lambda: approve_built_in(designee), lambda: write(coordinator, "Mine.")):
        with pytest.raises(actions.TextChanged):
            late()
    assert ProgramText.objects.count() == 1


def test_built_in_wording_cannot_pass_a_version_that_waits(coordinator, director):
    write(coordinator, "Ours.")
    with pytest.raises(actions.TextChanged):
        approve_built_in(director)
    assert queries.current_text(NAME).version == 0


def test_director_approves_the_built_in_wording_where_the_home_leads(client, coordinator, director):
    assert "Approve as it is" not in sign_in(Client(), coordinator).get(f"/words/{NAME}/").content.decode()
    sign_in(client, director)
    assert f'href="/words/{NAME}/"' in client.get("/home/").content.decode()
    page = Page(client.get(f"/words/{NAME}/").content.decode())
    assert "Approve as it is" in page.words and "counsel should confirm what the law requires here" in page.words
    data = {"digest": page.all("input", name="digest")[0]["value"]}
    answer = client.post(reverse("program:approve_text", args=[NAME, 0]), data, follow=True)
    page = Page(answer.content.decode())
    assert "Version 1, which came with the program, approved by Dora Director on" in page.words
    assert "Approve as it is" not in page.words and "Earlier versions" not in page.words
    assert f'href="/words/{NAME}/"' not in client.get("/home/").content.decode()


def test_coordinator_who_was_writing_reads_what_was_approved_meanwhile(client, coordinator, director):
    approve_built_in(director)
    answer = sign_in(client, coordinator).post(f"/words/{NAME}/new/", {"body": "Mine.", "after_version": 0})
    page = Page(answer.content.decode())
    assert "Version 1, which came with the program" in page.words and "Mine." in page.words


def test_only_the_newest_wording_can_be_approved_and_only_once(coordinator, director):
    write(coordinator, "One.")
    write(coordinator, "Two.", after=1)
    for version in (0, 1, 3):
        with pytest.raises(actions.TextChanged):
            actions.approve_text(name=NAME, version=version, by=director.pk)
    actions.approve_text(name=NAME, version=2, by=director.pk)
    with pytest.raises(actions.TextChanged):
        actions.approve_text(name=NAME, version=2, by=director.pk)


def test_database_refuses_a_duplicate_version_and_half_an_approval(coordinator):
    text = write(coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramText.objects.create(name=NAME, version=1, body="x", written_by=coordinator)
    for values in ({"approved_on": "2026-01-01"}, {"written_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgramText.objects.filter(pk=text.pk).update(**values)


def test_coordinator_writes_on_the_page_and_director_approves(client, coordinator, director):
    sign_in(client, coordinator)
    answer = client.post(
        reverse("program:write_text", args=[NAME]), {"body": "- <b>bold</b>\r\n- two", "after_version": 0}, follow=True
    )
    assert "Version 1, written by Carla Coordinator" in Page(answer.content.decode()).words
    assert client.post(reverse("program:approve_text", args=[NAME, 1])).status_code == 404
    director_s = sign_in(Client(), director)
    answer = director_s.post(reverse("program:approve_text", args=[NAME, 1]), follow=True)
    assert "approved by Dora Director" in Page(answer.content.decode()).words
    html = client.get(reverse("program:confidentiality")).content.decode()
    assert "<li>&lt;b&gt;bold&lt;/b&gt;</li><li>two</li>" in html


def test_wording_typed_while_another_was_written_is_kept_and_saved_on_the_second_press(client, coordinator):
    sign_in(client, coordinator)
    write(coordinator, "Theirs.")
    answer = client.post(reverse("program:write_text", args=[NAME]), {"body": "Mine.", "after_version": 0})
    page = Page(answer.content.decode())
    assert answer.status_code == 200
    assert "Someone else has saved a new version" in page.words
    assert "Mine." in page.words and "Theirs." in page.words
    again = page.all("input", name="after_version")[0]["value"]
    client.post(reverse("program:write_text", args=[NAME]), {"body": "Mine.", "after_version": again})
    assert [text.body for text in queries.wordings(queries.EXCEPTIONS)][:2] == ["Mine.", "Theirs."]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"body": "", "after_version": 0}, "Please write the text"),
        ({"body": "x" * 8001, "after_version": 0}, "under 8,000 characters"),
        ({"body": "x", "after_version": "no"}, "Please look at this again"),
        ({"body": "a\x00b", "after_version": 0}, "Please look at this again"),
    ],
)
def test_invalid_wording_gets_a_message(client, coordinator, data, said):
    sign_in(client, coordinator)
    answer = client.post(reverse("program:write_text", args=[NAME]), data)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not ProgramText.objects.exists()


@pytest.mark.parametrize(
    ("who", "reads", "writes", "approves"),
    [
        ("coordinator", 200, 200, 404),
        ("director", 200, 404, 302),
        ("designee", 200, 404, 302),
        ("operator", 404, 404, 404),
        ("ana", 404, 404, 404),
    ],
)
def test_who_may_read_write_and_approve(client, request, who, reads, writes, approves):
    sign_in(client, request.getfixturevalue(who))
    assert client.get(reverse("program:texts")).status_code == reads
    assert client.get(reverse("program:write_text", args=[NAME])).status_code == writes
    assert client.post(reverse("program:approve_text", args=[NAME, 1])).status_code == approves


def test_approving_a_missing_version_says_so(client, director):
    sign_in(client, director)
    answer = client.post(reverse("program:approve_text", args=[NAME, 7]), follow=True)
    assert "nothing was approved" in Page(answer.content.decode()).words


def test_texts_page_makes_no_more_queries_for_many_wordings(
    client, coordinator, director, django_assert_max_num_queries
):
    for number in range(15):
        write(coordinator, f"Wording {number}", after=number)
        actions.approve_text(name=NAME, version=number + 1, by=director.pk)
    sign_in(client, coordinator)
    with django_assert_max_num_queries(14):
        client.get(reverse("program:texts"))


@pytest.mark.parametrize("address", ["/words/", f"/words/{NAME}/", f"/words/{NAME}/new/", "/settings/"])
def test_pages_need_a_sign_in(client, address):
    assert client.get(address).status_code == 302


def test_agreement_is_a_text_of_its_own(client, coordinator, director):
    agreement = queries.AGREEMENT
    actions.write_text(name=agreement, body="We keep it.", after_version=0, by=coordinator.pk)
    sign_in(client, director)
    assert "Version 1 is waiting for approval" in client.get("/words/").content.decode()
    answer = client.post(reverse("program:approve_text", args=[agreement, 1]), follow=True)
    assert "Each member is asked to sign it" in answer.content.decode()
    assert queries.current_text(agreement).body == "We keep it."
    assert queries.current_text(queries.EXCEPTIONS).version == 0
    assert set(defaults.TEXTS) == set(ProgramText.Name) == set(PURPOSES)


@pytest.mark.parametrize("page", ["", "new/"])
def test_unknown_text_is_not_found(client, coordinator, page):
    assert sign_in(client, coordinator).get(f"/words/poetry/{page}").status_code == 404


# The duty to report, as members read it


def test_member_reads_the_duty_to_report_and_nothing_is_recorded(client, ana, director):
    actions.write_text(name="duty_to_report", body="<b>Stay.</b>", after_version=0, by=director.pk)
    actions.approve_text(name="duty_to_report", version=1, by=director.pk)
    before = Entry.objects.count()
    browser = sign_in(client, ana)
    assert 'href="/duty-to-report/"' in browser.get("/desk/").content.decode()
    page = browser.get("/duty-to-report/").content.decode()
    assert "&lt;b&gt;Stay.&lt;/b&gt;" in page and "Version 1, approved" in page
    assert "No report is ever made through this program" in page, "whatever the wording says"
    assert 'href="tel:988"' in page and 'href="tel:911"' in page
    assert Entry.objects.count() == before
