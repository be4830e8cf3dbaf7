"""What somebody without an account can do: save, send, confirm, follow, correct, withdraw."""

import io
from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from applications.actions import purging
from applications.actions.links import make_link
from applications.domain.states import ApplicationState
from applications.models import Application, LinkPurpose, PrivateLink, Reference
from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.sandbox import running
from peersupport.notices.models import Notice
from peersupport.team.models import QueuedMail
from tests.applications.conftest import (
    CORY,
    begin_review,
    fresh_form,
    link_in,
    quarter_of_an_hour_later,
    read_mail,
    send_form,
    sent,
    status_link,
    text_of,
    typed_application,
)
from tests.cast import make_user
from tests.training.external_training import pdf

pytestmark = pytest.mark.django_db


def only() -> Application:
    return Application.objects.get()


def test_form_has_three_questions_and_none_about_health(candidate):
    page = text_of(candidate.get("/apply/"))
    assert "You don't need to tell us what happened. Tell us what helped you cope." in page
    assert "We don't ask about your own health, or whether you've used this program." in page
    assert set(candidate.get("/apply/").context["form"].fields) == {
        "why", "qualifications", "benefit", "name", "email", "phone", "kind", "unit", "assignment", "years_of_service",
        "languages", "training", "availability", "conflicts", "website", "token",
    }  # fmt: skip


def test_application_is_routed_only_after_confirmation(candidate, coordinator, director):
    assert "We've sent a link to the address you gave." in text_of(send_form(candidate))
    assert (only().state, Notice.objects.count()) == (ApplicationState.UNCONFIRMED, 0)
    (letter,) = read_mail()
    link = f"/apply/confirm/{link_in(letter)}/"
    assert "Yes, that's my address" in text_of(candidate.get(link))
    assert only().state == ApplicationState.UNCONFIRMED, "opening a link confirms nothing"
    answer = candidate.post(link)
    assert text_of(candidate.get(answer.url)).count("We have your application") == 2  # title and heading
    assert only().state == ApplicationState.SUBMITTED
    assert list(Notice.objects.values_list("recipient", "is_urgent")) == [(coordinator.pk, True)]
    assert candidate.post(link).status_code == 404, "the link was used"
    (letter,) = read_mail()
    assert candidate.get(f"/apply/status/{link_in(letter)}/").status_code == 200
    assert [entry.action for entry in Entry.objects.order_by("pk")] == [
        "application_draft", "application_unconfirmed", "application_submitted",
    ]  # fmt: skip
    assert not candidate.cookies


def test_mails_contain_no_answers(candidate, coordinator):
    send_form(candidate)
    for letter in read_mail():
        assert not any(CORY[name] in letter.subject + letter.body for name in ("why", "qualifications", "benefit"))


def test_default_assignee_alone_is_notified(coordinator, operator, change_settings):
    other = make_user("Olaf Other", Role.COORDINATOR)
    change_settings(assignee=other)
    assert sent().assignee == other
    assert list(Notice.objects.values_list("recipient", flat=True)) == [other.pk]


def test_draft_is_continued_by_private_link(candidate):
    answer = send_form(candidate, press="save", why="", qualifications="Not finished", benefit="", name="")
    assert (only().state, only().qualifications) == (ApplicationState.DRAFT, "Not finished")
    page = candidate.get(answer.url)
    assert page.context["form"]["qualifications"].value() == "Not finished"
    candidate.post(answer.url, {**CORY, "press": "save", "why": "Because."})
    (letter,) = read_mail()
    by_mail = f"/apply/draft/{link_in(letter)}/"
    assert candidate.get(by_mail).context["form"]["why"].value() == "Because."
    candidate.post(by_mail, {**CORY, "press": "send"})
    assert only().state == ApplicationState.UNCONFIRMED
    assert candidate.get(answer.url).status_code == candidate.get(by_mail).status_code == 404


def test_changed_address_gets_link_and_old_address_loses_it(candidate):
    address = send_form(candidate, press="save", email="coyr@example.org").url
    (first,) = read_mail()
    candidate.post(address, {**CORY, "press": "save"})
    (second,) = read_mail()
    assert second.to == ["cory@example.org"]
    pages = (address, f"/apply/draft/{link_in(first)}/", f"/apply/draft/{link_in(second)}/")
    assert [candidate.get(page).status_code for page in pages] == [200, 404, 200]


def test_saving_after_sending_starts_another_application(candidate):
    form = {**fresh_form(candidate), **CORY}
    candidate.post("/apply/", {**form, "press": "send"})
    answer = candidate.post("/apply/", {**form, "press": "save", "why": "", "name": ""})
    assert answer.url.startswith("/apply/draft/")
    assert list(Application.objects.order_by("pk").values_list("state", "why")) == [
        ("unconfirmed", CORY["why"]), ("draft", ""),
    ]  # fmt: skip


def test_draft_expires_thirty_days_after_last_save(candidate):
    address = send_form(candidate, press="save").url
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert candidate.get(address).status_code == 404
        purging.purge(now=timezone.now())
    assert not Application.objects.exists()


def test_draft_is_deleted_on_request(candidate):
    address = send_form(candidate, press="save").url
    assert "Your draft is deleted" in text_of(candidate.post(f"{address}forget/"))
    assert not Application.objects.exists()


def test_errors_keep_what_was_typed(candidate):
    answer = send_form(candidate, why="", email="no address", years_of_service="many")
    assert answer.status_code == 200
    page = text_of(answer)
    for sentence in (
        "Please tell us why.",
        "This isn't an e-mail address yet.",
        "Please enter 0 to 60.",
    ):
        assert sentence in page
    assert "Please enter 0 to 60." in text_of(send_form(candidate, years_of_service="200"))
    assert answer.context["form"]["qualifications"].value() == CORY["qualifications"]
    assert not Application.objects.exists()


def test_reference_errors_name_each_field_in_full(candidate, change_settings):
    change_settings(asks_for_references=True, asks_for_endorsement=True)
    form = send_form(candidate, reference_1_email="rita").context["form"]
    labels = [form[name].label for name in form.errors]
    assert labels == [
        "The first person's name", "The first person's e-mail address", "The second person's name",
        "The second person's e-mail address", "Your supervisor's name", "Your supervisor's e-mail address",
    ]  # fmt: skip
    assert "Please enter their name." in text_of(send_form(candidate))


def test_sending_twice_makes_one_application(candidate):
    form = {**fresh_form(candidate), **CORY, "press": "send"}
    for _ in range(2):
        assert candidate.post("/apply/", form).url == "/apply/done/sent/"
    assert (Application.objects.count(), QueuedMail.objects.count()) == (1, 1)


def test_mistyped_address_is_corrected_on_same_form(candidate):
    form = {**fresh_form(candidate), **CORY, "press": "send", "email": "coyr@example.org"}
    candidate.post("/apply/", form)
    (first,) = read_mail()
    candidate.post("/apply/", {**form, "email": "cory@example.org"})
    (second,) = read_mail()
    assert (second.to, only().email) == (["cory@example.org"], "cory@example.org")
    assert candidate.get(f"/apply/confirm/{link_in(first)}/").status_code == 404


def test_stale_or_forged_form_comes_back_filled(candidate):
    for token in ("", "made:up:token"):
        answer = send_form(candidate, token=token)
        assert "Everything you typed is still here" in text_of(answer)
        assert answer.context["form"]["why"].value() == CORY["why"]
        assert not Application.objects.exists()
        renewed = answer.context["form"]["token"].value()
    candidate.post("/apply/", {**CORY, "press": "send", "token": renewed})
    assert only().state == ApplicationState.UNCONFIRMED


def test_bot_gets_an_answer_and_nothing_is_stored(candidate):
    assert "One more step" in text_of(send_form(candidate, website="https://example.org"))
    assert (Application.objects.count(), QueuedMail.objects.count()) == (0, 0)


def test_second_application_from_address_leads_to_first(candidate, application, coordinator):
    Notice.objects.all().delete()
    read_mail()
    quarter_of_an_hour_later()
    send_form(candidate, why="Once more")
    (letter,) = read_mail()
    answer = candidate.post(f"/apply/confirm/{link_in(letter)}/")
    assert only() == application
    assert "We have your application" in text_of(candidate.get(answer.url))
    (letter,) = read_mail()
    assert "already have an application" in letter.body
    assert not Notice.objects.exists()


def test_application_can_be_corrected_until_review_begins(candidate, application, coordinator):
    address = f"/apply/status/{status_link(application)}/"
    form = candidate.get(f"{address}correct/").context["form"]
    assert form["why"].value() == CORY["why"] and "email" not in form.fields
    assert "Your changes are saved." not in text_of(candidate.get(address))
    typed = {**CORY, "why": "A better reason", "email": "somebody@example.org"}
    assert "Your changes are saved." in text_of(candidate.post(f"{address}correct/", typed, follow=True))
    assert (only().why, only().email) == ("A better reason", "cory@example.org")
    begin_review(application, coordinator)
    candidate.post(f"{address}correct/", {**CORY, "why": "Too late"})
    assert only().why == "A better reason"
    assert "Change your application" not in text_of(candidate.get(address))


def test_withdrawing_notifies_coordinator(candidate, application, coordinator):
    begin_review(application, coordinator)
    Notice.objects.all().delete()
    address = f"/apply/status/{status_link(application)}/"
    assert "You withdrew" in text_of(candidate.post(f"{address}withdraw/", follow=True))
    assert only().state == ApplicationState.WITHDRAWN
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]
    assert candidate.post(f"{address}withdraw/").status_code == 200
    assert only().moves.count() == 5


@pytest.mark.parametrize("purpose", LinkPurpose.values)
def test_link_serves_one_purpose_and_is_stored_as_hash(candidate, application, purpose):
    reference = Reference.objects.create(
        application=application, kind="reference", name="Rita", email="rita@example.org", state="asked",
        asked_on=timezone.localdate(),
    )  # fmt: skip
    token = make_link(application, purpose, reference if purpose == "reference" else None)
    if purpose == "interview":
        application.interviews.create(place="Here")
    opened = {other for other in LinkPurpose.values if candidate.get(f"/apply/{other}/{token}/").status_code == 200}
    assert opened == {purpose}
    assert token not in str(list(PrivateLink.objects.values_list()))


# Résumés


def with_resume(client, content: bytes, name: str = "resume.pdf", **changed):
    return send_form(client, resume=SimpleUploadedFile(name, content), **changed)


def locked_pdf() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf()))), io.BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90 a program", "resume.pdf", "open this file as a PDF"),
        (b"%PDF-1.7 and nothing", "resume.pdf", "open this PDF"),
        (pdf()[:60], "resume.pdf", "open this PDF"),
        (pdf(), "resume.pdf.exe", "two endings"),
        (pdf(), "resume.exe.pdf", "two endings"),
        (pdf(), "resume.doc", "open this file as a PDF"),
        (pdf(), "resume", "open this file as a PDF"),
        (pdf() + b" " * 5 * 1024 * 1024, "resume.pdf", "at most 5 MB"),
        (b"", "resume.pdf", "This file is empty."),
        ("locked", "resume.pdf", "locked with a password"),
    ],
)
def test_invalid_resume_is_refused_with_reason_and_form_is_kept(
    candidate, change_settings, settings, content, name, sentence
):
    change_settings(asks_for_resume=True)
    answer = with_resume(candidate, locked_pdf() if content == "locked" else content, name)
    assert sentence in text_of(answer)
    assert answer.context["form"]["why"].value() == CORY["why"]
    assert not Application.objects.exists()
    assert not list(settings.PRIVATE_FILES.rglob("*.*"))


def test_resume_is_stored_as_private_file_and_replaced(
    candidate, change_settings, settings, django_capture_on_commit_callbacks
):
    change_settings(asks_for_resume=True)
    with django_capture_on_commit_callbacks(execute=True):
        address = with_resume(candidate, pdf(), "J. Doe v2.1.pdf", press="save").url
    (file,) = (settings.PRIVATE_FILES / "resumes").iterdir()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (pdf(), 0o600)
    assert "We already have it." in text_of(candidate.get(address))
    with django_capture_on_commit_callbacks(execute=True):
        candidate.post(address, {**CORY, "press": "send", "resume": SimpleUploadedFile("r.pdf", pdf() + b"\n")})
    assert [path.name for path in (settings.PRIVATE_FILES / "resumes").iterdir()] == [only().resume]
    assert not file.exists()


def test_a_correction_can_replace_the_resume(candidate, change_settings, settings, django_capture_on_commit_callbacks):
    change_settings(asks_for_resume=True)
    status = f"/apply/status/{status_link(sent())}/"
    with django_capture_on_commit_callbacks(execute=True):
        answer = candidate.post(f"{status}correct/", {**CORY, "resume": SimpleUploadedFile("r.pdf", pdf() + b"\n")})
    assert answer.status_code == 302
    (file,) = (settings.PRIVATE_FILES / "resumes").iterdir()
    assert (file.read_bytes(), file.name) == (pdf() + b"\n", only().resume)


def test_resume_is_kept_out_while_too_many_files_arrive(candidate, change_settings):
    """Others wait for their turn: this one is told so at once, and loses nothing it typed."""
    change_settings(asks_for_resume=True)
    with ExitStack() as places:
        for _ in range(4):
            places.enter_context(running.STRANGERS.place())
        answer = with_resume(candidate, pdf())
        assert "choose the file again in a minute" in text_of(answer)
        assert answer.context["form"]["why"].value() == CORY["why"]
        assert candidate.get("/apply/").status_code == 200
    assert "resume" not in with_resume(candidate, pdf()).content.decode()


def test_resume_is_asked_for_only_if_configured(candidate, change_settings):
    assert "resume" not in candidate.get("/apply/").context["form"].fields
    change_settings(asks_for_resume=True)
    assert "Please attach your résumé." in text_of(send_form(candidate))
    assert typed_application().resume is None
