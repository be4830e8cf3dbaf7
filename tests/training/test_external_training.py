from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.core import private_files
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from tests.cast import sign_in
from tests.training.external_training import pdf, photograph, picture, picture_that_says_it_is, report_training
from tests.training.pages import page_text
from training import certificates
from training.actions import external_training
from training.certificates import MAX_BYTES
from training.models import ExternalTraining, Record
from training.queries import subjects

pytestmark = pytest.mark.django_db


def files(settings):
    folder = Path(settings.PRIVATE_FILES) / "certificates"
    return sorted(folder.iterdir()) if folder.exists() else []


def send(client, content, name="certificate.png", **changed):
    day = timezone.localdate() - timedelta(days=3)
    typed = {"subject": "mediation", "completed_on": day.isoformat(), "hours": "4", "provider": "A college", **changed}
    return client.post("/training/report/", {**typed, "certificate": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("content", "kind"), [(pdf(), "application/pdf"), (picture(), "image/jpeg"), (picture("JPEG"), "image/jpeg")]
)
def test_external_training_is_reported_and_verified(as_ana, as_coordinator, ana, coordinator, settings, content, kind):
    assert send(as_ana, content, name="whatever.exe").status_code == 302
    report = ExternalTraining.objects.get()
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]
    assert not Record.objects.exists()
    assert "Waiting for review" in page_text(as_ana.get("/training/"))
    assert "Ana Alvarez" in page_text(as_coordinator.get("/training/")).split("Certificates to check")[1]
    served = as_coordinator.get(f"/training/reports/{report.pk}/certificate/")
    assert served["Content-Type"] == kind
    assert served.content == content if kind == "application/pdf" else served.content[:2] == b"\xff\xd8"
    assert served["Content-Disposition"].startswith("attachment")
    (file,) = files(settings)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert as_coordinator.post(f"/training/reports/{report.pk}/verify/").status_code == 302
    assert subjects.current_subjects(timezone.localdate()) == {ana.pk: {"mediation"}}
    assert "already reviewed this" in page_text(as_coordinator.post(f"/training/reports/{report.pk}/verify/"))
    actions_done = Entry.objects.filter(about=f"report:{report.pk}").order_by("pk").values_list("action", "by")
    assert list(actions_done) == [("training_reported", ana.user_id), ("report_verified", coordinator.pk)]


def test_reporting_twice_is_refused_until_it_is_sent_back(as_ana, ana, coordinator, settings):
    assert [send(as_ana, picture()).status_code for _ in range(2)] == [302, 200]
    assert "already reported this" in page_text(send(as_ana, pdf()))
    assert (ExternalTraining.objects.count(), len(files(settings))) == (1, 1)
    external_training.send_back(
        external_training_id=ExternalTraining.objects.get().pk, reason="Cut off.", by=coordinator
    )
    assert send(as_ana, picture()).status_code == 302


def test_sending_back_shows_the_member_the_reason(as_ana, as_coordinator, ana):
    report = report_training(ana)
    Notice.objects.all().delete()
    assert as_coordinator.post(f"/training/reports/{report.pk}/send-back/", {"reason": ""}).status_code == 200
    as_coordinator.post(f"/training/reports/{report.pk}/send-back/", {"reason": "The date cannot be read."})
    assert list(Notice.objects.values_list("recipient", flat=True)) == [ana.user_id]
    assert "The date cannot be read." in page_text(as_ana.get("/training/"))
    assert "Report training" in page_text(as_ana.get(f"/training/reports/{report.pk}/"))
    assert "Report training" not in page_text(as_coordinator.get(f"/training/reports/{report.pk}/"))
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\x00 a program with a picture's name", "a PDF, PNG or JPEG that can be opened"),
        (b"\x89PNG\r\n\x1a\n and then a program", "open this picture"),
        (picture()[:40], "open this picture"),
        (picture("GIF"), "a PDF, PNG or JPEG that can be opened"),
        (b"%PDF-1.7 and nothing", "open this PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a PDF, PNG or JPEG that can be opened"),
        (b"", "empty"),
        (picture() + b"x" * MAX_BYTES, "10 MB at most"),
        (picture_that_says_it_is(6_400, 6_400), "more than 40 million pixels"),
        (picture_that_says_it_is(13_370, 13_370), "more than 40 million pixels"),
        (picture_that_says_it_is(40_000, 40_000), "more than 40 million pixels"),
        (picture_that_says_it_is(6_300, 6_300), "open this picture"),
    ],
)
def test_invalid_certificate_is_refused_and_not_stored(as_ana, settings, content, sentence):
    answer = send(as_ana, content)
    assert answer.status_code == 200
    assert sentence in page_text(answer)
    assert answer.context["form"]["provider"].value() == "A college"
    assert not ExternalTraining.objects.exists()
    assert files(settings) == []


def test_where_a_photograph_was_taken_is_not_stored(as_ana, as_coordinator, settings):
    assert b"GPSCANARY" in photograph()
    send(as_ana, photograph())
    (file,) = files(settings)
    served = as_coordinator.get(f"/training/reports/{ExternalTraining.objects.get().pk}/certificate/").content
    assert served == file.read_bytes() and b"CANARY" not in served


def test_earlier_pictures_are_made_anew_once(ana, settings):
    """They were stored as they came. One that can't be opened stays, and keeps none of the others waiting."""
    earlier, damaged = report_training(ana), report_training(ana, subject="referral_criteria")
    ExternalTraining.objects.filter(pk=damaged.pk).update(
        certificate=private_files.store("certificates", b"\x89PNG\r\n\x1a\n and nothing"), certificate_kind="png"
    )
    ExternalTraining.objects.filter(pk=earlier.pk).update(
        certificate=private_files.store("certificates", photograph()), certificate_kind="jpeg"
    )
    assert [external_training.make_earlier_pictures_anew() for _ in range(2)] == [1, 0]
    earlier.refresh_from_db()
    assert earlier.certificate_kind == "jpg" and b"CANARY" not in certificates.load(earlier.certificate)
    assert not [file for file in files(settings) if b"GPSCANARY" in file.read_bytes()]


def test_reporting_what_is_on_record_is_refused(as_ana, ana, trained, settings):
    trained(ana, "mediation", timezone.localdate() - timedelta(days=3))
    assert "already on record for that day" in page_text(send(as_ana, picture()))
    assert files(settings) == []


def test_verifying_ones_own_training_is_refused(ana):
    ana.user.is_coordinator = True
    ana.user.save()
    report = report_training(ana)
    with pytest.raises(Refused, match="Someone else"):
        external_training.verify(external_training_id=report.pk, by=ana.user)
    assert not Record.objects.exists()


def test_certificate_is_visible_to_its_member_and_those_who_see_training(as_ana, client, ana, ben, director):
    report = report_training(ben)
    for page in ("", "certificate/"):
        assert as_ana.get(f"/training/reports/{report.pk}/{page}").status_code == 404
    assert sign_in(client, director).get(f"/training/reports/{report.pk}/certificate/").status_code == 200
    client.logout()
    assert sign_in(client, ben).get(f"/training/reports/{report.pk}/certificate/").status_code == 200
