"""What is printed: tagged, the same bytes each time, names as they are, and seen by whom it should."""

import io
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.utils import timezone

from peersupport.core import pdf as pdf_core
from tests.cast import make_member
from tests.training.external_training import report_training
from tests.training.sessions import plan_session
from training.actions import external_training, sessions, subjects
from training.documents.coverage import coverage_pdf
from training.documents.transcript import transcript_pdf
from training.models import Record, Session, ValidityRule
from training.queries.coverage import coverage_for

pytestmark = pytest.mark.django_db
MARKUP = "Ana #strong[x] \\ *Đặng*"


def text_of(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_transcript_lists_standings_hours_and_sources(ana, coordinator, trained):
    today = timezone.localdate()
    ana.user.name = MARKUP
    ana.user.save()
    ana.refresh_from_db()
    trained(ana, "listening_skills", date(2020, 2, 29), 1.5)
    held = plan_session(coordinator, in_days=-2, provider="A college", course_number="1850")
    sessions.note_attendance(session_id=held.pk, present=[ana.pk], by=coordinator)
    report = report_training(ana, provider="Another college")
    external_training.verify(external_training_id=report.pk, by=coordinator)
    text = text_of(transcript_pdf(ana, today))
    assert text.startswith(f"Transcript: {MARKUP}")
    assert "Listening skills ○ Lapsed on February 28, 2022" in text
    assert "February 29, 2020 Listening skills 1.5" in text
    assert "Talking about suicide, A college, TCOLE 1850" in text
    assert "Another college" in text
    assert "13.5 hours in all." in text


def test_transcript_is_reproducible(ana, trained):
    trained(ana, "mediation", date(2024, 1, 31))
    ana.refresh_from_db()
    first = transcript_pdf(ana, date(2026, 3, 31))
    pdf_core._compile.cache_clear()
    with time_machine.travel("2031-05-05 03:04:05", tick=False):
        assert transcript_pdf(ana, date(2026, 3, 31)) == first


def test_transcript_without_records_says_so(as_ana, ana, ben):
    answer = as_ana.get(f"/training/members/{ana.pk}/transcript.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "Nothing is on record yet." in text_of(answer.content)
    assert as_ana.get(f"/training/members/{ben.pk}/transcript.pdf").status_code == 404


def test_attendance_sheet_has_lines_to_sign_and_later_the_attendance(as_coordinator, coordinator, ana, ben):
    session = plan_session(coordinator, title=MARKUP, instructor="Dr. Sample")
    for member in (ana, ben):
        sessions.enroll(session_id=session.pk, member_id=member.pk, by=member.user)
    address = f"/training/sessions/{session.pk}/attendance.pdf"
    text = text_of(as_coordinator.get(address).content)
    assert text.startswith(f"Sign-in sheet: {MARKUP}")
    assert "Taught by: Dr. Sample" in text
    for places, empty in ((None, "3 4 5 6 7 8 9 10"), (12, "3 4 5 6 7 8 9 10 11 12"), (4, "3 4"), (2, "")):
        Session.objects.update(capacity=places)
        text = text_of(as_coordinator.get(address).content)
        assert f"Signature 1 Ana Alvarez Patrol 2 Ben Brandt Dispatch {empty} Sign-in sheet:".replace("  ", " ") in text
    Session.objects.update(starts_at=timezone.now() - timedelta(days=1), ends_at=timezone.now())
    sessions.note_attendance(session_id=session.pk, present=[ben.pk], by=coordinator)
    text = text_of(as_coordinator.get(address).content)
    assert "1 Ana Alvarez Patrol Absent 2 Ben Brandt Dispatch Present Attendance list:" in text


def test_certificate_uses_the_validity_rule_of_its_day(as_ana, as_coordinator, ana, ben, trained):
    ValidityRule.objects.create(subject_id=1, applies_from=date(2025, 1, 1), valid_months=None)
    trained(ana, "critical_incident_stress", date(2024, 1, 31), 1)
    trained(ana, "critical_incident_stress", date(2025, 1, 31), 8)
    trained(ben, "mediation", date(2024, 1, 31), 8)
    first, second, bens = Record.objects.order_by("pk").values_list("pk", flat=True)
    text = text_of(as_ana.get(f"/training/records/{first}/certificate.pdf").content)
    assert "Ana Alvarez completed Critical incident stress 1 hour, on January 31, 2024" in text
    assert "Current until January 31, 2026" in text
    text = text_of(as_coordinator.get(f"/training/records/{second}/certificate.pdf").content)
    assert "8 hours, on January 31, 2025 Never lapses" in text
    assert as_ana.get(f"/training/records/{bens}/certificate.pdf").status_code == 404


def test_coverage_pdf_applies_the_filters(as_coordinator, ana, ben, trained):
    trained(ana, "mediation", timezone.localdate())
    text = text_of(as_coordinator.get("/training/coverage.pdf?unit=Patrol").content)
    assert "Nobody is trained in suicide intervention." in text
    assert "Name Critical incident stress" in text
    assert "Ana Alvarez – Not trained – Not trained" in text
    assert ben.user.name not in text
    assert "Mediation techniques 1 1 1 1" in text


def test_wide_coverage_is_split_into_tables_with_repeated_headings(coordinator):
    for number in range(2):
        subjects.add_subject(name=f"More {number}", initial_hours=0, valid_months=1, required_for=[], by=coordinator)
    for number in range(60):
        make_member(f"M{number} Many", confirmed_by=None if number else coordinator)
    today = timezone.localdate()
    pages = [
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(coverage_pdf(coverage_for(today), today))).pages
    ]
    assert all("Name" in page for page in pages[:-1])
    assert "More 1" not in pages[0]
    assert "Listening skills" not in pages[-2]


def test_long_transcript_repeats_its_headings(ana, trained):
    for days in range(120):
        trained(ana, "mediation", date(2024, 1, 1) + timedelta(days=days), 1)
    ana.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(transcript_pdf(ana, date(2026, 3, 31)))).pages
    assert len(pages) > 2
    assert all("Completed on" in page.extract_text() for page in pages[1:])
