from datetime import date

import pytest

from peersupport.team.models import User
from training.domain.states import ImportState
from training.models import Import
from training.presenters.imports import confirm_text, done_text, import_line, progress_text


@pytest.mark.parametrize(
    ("written", "rows", "sentence"),
    [
        (1, 1, "1 record added."),
        (2, 2, "2 records added."),
        (1, 3, "1 of 3 records added. The rest were already on record."),
        (0, 1, "0 of 1 record added. The rest were already on record."),
    ],
)
def test_done(written, rows, sentence):
    assert done_text(written, rows) == sentence


def test_progress_names_rows_once_their_number_is_known():
    assert progress_text(0, 0) == "Reading your file. This page refreshes on its own."
    assert progress_text(500, 2000) == "500 of 2000 rows checked. This page refreshes on its own."


def test_confirm():
    assert [confirm_text(number) for number in (1, 2000)] == ["Import 1 record", "Import 2000 records"]


@pytest.mark.parametrize(
    ("state", "rows", "line"),
    [
        (ImportState.UPLOADED, 0, "March 3, 2027 · Carla Coordinator"),
        (ImportState.CHECKED, 1, "March 3, 2027 · Carla Coordinator · 1 row"),
        (ImportState.DONE, 9, "March 3, 2027 · Carla Coordinator · 9 rows · 4 added"),
    ],
)
def test_line_in_the_list(state, rows, line):
    by = User(name="Carla Coordinator")
    done = Import(state=state, rows_total=rows, written=4, uploaded_on=date(2027, 3, 3), uploaded_by=by)
    assert import_line(done) == line
