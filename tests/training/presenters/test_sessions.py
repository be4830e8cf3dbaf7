import pytest

from training.presenters.sessions import attendance_text, nobody_text, part_text, seats_text, sheet_text


@pytest.mark.parametrize(
    ("taken", "capacity", "text"),
    [(3, 5, "3 of 5 spots taken"), (0, 1, "0 of 1 spot taken"), (4, None, "4 enrolled, no limit")],
)
def test_seats(taken, capacity, text):
    assert seats_text(taken, capacity) == text


@pytest.mark.parametrize(
    ("is_held", "is_over", "text"),
    [
        (True, True, "Nobody came."),
        (False, True, "Nobody was enrolled."),
        (False, False, "Nobody is enrolled yet."),
    ],
)
def test_nobody(is_held, is_over, text):
    assert nobody_text(is_held=is_held, is_over=is_over) == text


def test_what_there_is_to_print_and_to_note():
    assert [sheet_text(is_held=held) for held in (False, True)] == ["Sign-in sheet (PDF)", "Attendance list (PDF)"]
    assert [attendance_text(is_held=held) for held in (False, True)] == ["Take attendance", "Correct attendance"]
    assert part_text("Mediation", 4) == "Mediation, 4 h"
