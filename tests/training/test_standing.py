from datetime import date, timedelta

import pytest

from training.domain.reminders import REMINDER_DAYS
from training.domain.standing import EXPIRING_DAYS, Standing, Status, standing, subjects_to_train

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("completed_on", "valid_months", "expected"),
    [
        (None, 24, Status.MISSING),
        (None, None, Status.MISSING),
        (TODAY + timedelta(days=1), 24, Status.MISSING),
        (TODAY, 24, Status.CURRENT),
        (TODAY, None, Status.CURRENT),
        (date(2000, 1, 1), None, Status.CURRENT),
        (date(2024, 6, 1), 24, Status.CURRENT),  # lapses in 62 days
        (date(2024, 5, 30), 24, Status.EXPIRING),  # in 60
        (date(2024, 4, 1), 24, Status.EXPIRING),  # tomorrow
        (date(2024, 3, 31), 24, Status.LAPSED),  # today
        (date(2020, 1, 1), 24, Status.LAPSED),
        (TODAY, 1, Status.EXPIRING),
    ],
)
def test_status_follows_from_the_lapse(completed_on, valid_months, expected):
    completed = [] if completed_on is None else [(completed_on, valid_months)]
    assert standing(completed, TODAY).status == expected


def test_subjects_to_train_are_lapsed_then_expiring_then_missing():
    cells = {
        "missing": Standing(Status.MISSING),
        "later": Standing(Status.EXPIRING, date(2026, 5, 2)),
        "soon": Standing(Status.EXPIRING, date(2026, 5, 1)),
        "fine": Standing(Status.CURRENT, date(2027, 1, 1)),
        "lapsed": Standing(Status.LAPSED, date(2026, 1, 1)),
    }
    assert [code for code, _ in subjects_to_train(cells)] == ["lapsed", "soon", "later", "missing"]


def test_every_reminder_falls_among_the_expiring_days():
    assert max(REMINDER_DAYS) <= EXPIRING_DAYS
