import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from peersupport.audit.actions import record
from peersupport.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_record_has_who_did_what_to_what_and_when() -> None:
    user = get_user_model().objects.create(email="sergeant@example.org", name="Sergeant")
    before = timezone.now()
    record(action="member_designated", by=user.pk, about="member:12")
    entry = Entry.objects.get()
    assert (entry.by, entry.action, entry.about) == (user, "member_designated", "member:12")
    assert before <= entry.at <= timezone.now()


def test_record_by_a_scheduled_task_names_nobody() -> None:
    record(action="year_closed", by=None, about="year:2026")
    assert Entry.objects.get().by is None


def test_record_is_rolled_back_with_what_it_records() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(action="member_designated", by=None)
        raise RuntimeError
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("action", "about"),
    [
        ("", ""),
        ("Member designated", ""),
        ("member_designated", "Ana Reyes"),
        ("member_designated", "ana@example.org"),
        ("member_designated", "member:Ana"),
        ("member_designated", "member:12\n"),
        ("member_designated", "member:" + "1" * 80),
        ("a" * 61, ""),
    ],
)
def test_record_refuses_anything_that_could_be_a_name_or_free_text(action: str, about: str) -> None:
    with pytest.raises(ValueError, match="code"):
        record(action=action, by=None, about=about)
    assert not Entry.objects.exists()
