from datetime import date
from types import SimpleNamespace

import pytest

from training.domain.coverage import Gap
from training.domain.standing import Standing, Status
from training.presenters.coverage import concerns_text, empty_text, gap_text, outlook_text, standings_text

ONE, OTHER = date(2027, 3, 3), date(2027, 4, 1)
CURRENT, SOON, MISSING = Standing(Status.CURRENT), Standing(Status.EXPIRING, ONE), Standing(Status.MISSING)


@pytest.mark.parametrize(
    ("trained", "lapses", "sentence"),
    [
        (0, (), "Nobody is trained in mediation."),
        (1, (), "One member is trained in mediation."),
        (2, (), "Two members are trained in mediation."),
        (1, (ONE,), "One member is trained in mediation, and that lapses on March 3, 2027."),
        (2, (ONE,), "Two members are trained in mediation; one of them lapses on March 3, 2027."),
        (
            12,
            (ONE, OTHER),
            "12 members are trained in mediation; two of them lapse within 60 days, first on March 3, 2027.",
        ),
    ],
)
def test_gap(trained, lapses, sentence):
    assert gap_text(Gap("mediation", trained, lapses), "Mediation") == sentence


@pytest.mark.parametrize(
    ("standings", "text"),
    [
        ([CURRENT, CURRENT], "all 2 current"),
        ([CURRENT, MISSING], "1 of 2 current"),
        ([CURRENT, SOON, MISSING], "2 of 3 current, 1 lapses soon"),
        ([SOON, SOON], "2 of 2 current, 2 lapse soon"),
        ([], "0 of 0 current"),
    ],
)
def test_one_members_row_in_short(standings, text):
    assert standings_text(standings) == text


def test_outlook_and_concerns():
    assert outlook_text([8, 7, 5]) == "8 now, 5 in a year"
    assert concerns_text(["critical_incident", "unknown"]) == "critical incident"
    assert concerns_text([]) == ""


def test_an_empty_matrix_says_why():
    assert "matches all of these" in empty_text(SimpleNamespace(is_filtered=True))
    assert empty_text(SimpleNamespace(is_filtered=False)) == "The team has no training subjects right now."
