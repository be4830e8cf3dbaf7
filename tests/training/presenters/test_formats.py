from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from training.domain.standing import Standing, Status
from training.models import Session
from training.presenters.formats import cell_text, hours_text, in_a_sentence, standing_text, when_text

DAY = date(2027, 3, 3)


@pytest.mark.parametrize(
    ("ends_at", "text"),
    [
        (datetime(2027, 3, 31, 22, tzinfo=UTC), "Wednesday, March 31, 2027, 08:00 to 16:00 MDT"),
        (datetime(2027, 4, 1, 22, tzinfo=UTC), "Wednesday, March 31, 2027, 08:00 to April 1, 2027, 16:00 MDT"),
    ],
)
def test_a_session_is_told_in_its_own_time_zone(ends_at, text):
    starts_at = datetime(2027, 3, 31, 14, tzinfo=UTC)
    assert when_text(Session(starts_at=starts_at, ends_at=ends_at, time_zone="America/Denver")) == text


@pytest.mark.parametrize(
    ("standing", "text", "cell"),
    [
        (Standing(Status.CURRENT, DAY), "Current until March 3, 2027", "Current until March 3, 2027"),
        (Standing(Status.CURRENT), "Current, never lapses", "Current, never lapses"),
        (Standing(Status.EXPIRING, DAY), "Lapses soon, on March 3, 2027", "Lapses soon, March 3, 2027"),
        (Standing(Status.LAPSED, DAY), "Lapsed on March 3, 2027", "Lapsed March 3, 2027"),
        (Standing(Status.MISSING), "Not trained", "Not trained"),
    ],
)
def test_each_standing_has_a_sentence_and_a_shorter_one(standing, text, cell):
    assert (standing_text(standing), cell_text(standing)) == (text, cell)


def test_hours_have_no_more_digits_than_they_need():
    assert [hours_text(Decimal(hours)) for hours in ("8.00", "1.50", "0.25", "40")] == ["8", "1.5", "0.25", "40"]
    assert hours_text(None) == "0"


def test_a_subject_in_a_sentence_keeps_its_abbreviation():
    assert [in_a_sentence(name) for name in ("Suicide intervention", "TCOLE rules")] == [
        "suicide intervention",
        "TCOLE rules",
    ]
