"""Uploads: only on pages with a file field, in memory, and never larger than the page allows."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications import resumes
from applications.actions import settings
from peersupport.access.uploads import UPLOAD_LIMITS
from peersupport.core.spreadsheet import reading
from peersupport.team.models import Member, User
from tests.access.routes import all_routes
from tests.cast import sign_in
from training import certificates
from training.models import Import

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
LONG = b"x" * (12 * MEGABYTE)


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", content)


def test_each_limit_is_the_one_of_its_room() -> None:
    assert set(UPLOAD_LIMITS) <= set(all_routes())
    assert {UPLOAD_LIMITS[name] for name in ("apply:form", "apply:draft", "apply:correct")} == {resumes.MAX_BYTES}
    assert UPLOAD_LIMITS["training:report_external_training"] == certificates.MAX_BYTES
    assert {UPLOAD_LIMITS[name] for name in ("team:import_roster", "training:imports")} == {reading.MAX_BYTES}


@pytest.mark.parametrize(("size", "status"), [(10, 400), (3 * MEGABYTE, 413)])
def test_a_staff_page_without_a_file_field_refuses_a_file(
    client: Client, ana: Member, spool: Path, size: int, status: int
) -> None:
    sign_in(client, ana)
    assert client.post(reverse("team:update_profile"), {"file": file(b"x" * size)}).status_code == status


@pytest.mark.parametrize(
    ("name", "field", "sentence"),
    [
        ("training:imports", "file", "larger than 10 MB"),
        ("team:import_roster", "file", "larger than 10 MB"),
        ("training:report_external_training", "certificate", "10 MB at most"),
        ("apply:form", "resume", "at most 5 MB"),
    ],
)
def test_a_too_large_file_is_an_error_beside_what_was_typed(
    client: Client, coordinator: User, ana: Member, spool: Path, name: str, field: str, sentence: str
) -> None:
    settings.change_settings(values={"asks_for_resume": True}, by=coordinator)
    sign_in(client, ana if name == "training:report_external_training" else coordinator)
    typed: dict[str, Any] = {
        "subject": "mediation", "completed_on": "2024-03-31", "hours": "8", "provider": "the academy",
        "why": "the academy",
    }  # fmt: skip
    answer = client.post(reverse(name), {**typed, field: file(LONG), "another": file(LONG)})
    assert answer.status_code == 200 and sentence in answer.content.decode()
    if field != "file":
        assert "the academy" in answer.content.decode()


def test_all_files_of_one_form_share_its_limit(client: Client, coordinator: User, spool: Path) -> None:
    sign_in(client, coordinator)
    answer = client.post(reverse("training:imports"), {f"file{number}": file(LONG) for number in range(5)})
    assert sum(each.size for each in answer.wsgi_request.FILES.values()) == 10 * MEGABYTE + 1


def test_a_file_within_the_limit_arrives_complete(client: Client, coordinator: User, spool: Path) -> None:
    sign_in(client, coordinator)
    content = b"E-mail,Subject,Completed on,Hours\r\n" + b"\xc3\xb6" * (4 * MEGABYTE)
    client.post(reverse("training:imports"), {"file": file(content)})
    assert bytes(Import.objects.get().content) == content
