"""What the panel says about an application."""

from types import SimpleNamespace

import pytest

from applications.presenters.panel import panel, spread_text


def review(name: str, state: str = "given", remarks: str = "", **points: int) -> SimpleNamespace:
    scores = [
        SimpleNamespace(criterion=criterion, points=given, remark="Talks a lot." if given == 1 else "")
        for criterion, given in points.items()
    ]
    return SimpleNamespace(
        reviewer=SimpleNamespace(name=name), state=state, remarks=remarks, scores=SimpleNamespace(all=lambda: scores)
    )


@pytest.mark.parametrize(("points", "text"), [([4], "One review"), ([3, 3], "All agree"), ([5, 1, 2], "From 1 to 5")])
def test_spread(points: list[int], text: str):
    assert spread_text(points) == text


def test_a_reviewer_sees_nothing_before_their_own_review():
    shown = panel([review("Ana", calm=1)], is_to_review=True)
    assert (shown.criteria, shown.reviews) == ([], [])
    assert shown.note == "You'll see the other reviews once you've given your own."


def test_nobody_was_asked():
    assert panel([], is_to_review=False).note == "Nobody has been asked to review it yet."


def test_reviews_are_compared_and_listed():
    shown = panel(
        [review("Ana", calm=4, time=4), review("Ben", remarks="A yes.", calm=1, time=3), review("Cleo", "asked"),
         review("Dan", "recused")],
        is_to_review=False,
    )  # fmt: skip
    assert [(row.criterion, row.spread, bool(row.badge_class)) for row in shown.criteria] == [
        ("calm", "From 1 to 4", True),
        ("time", "From 3 to 4", False),
    ]
    assert [(entry.heading, entry.answers) for entry in shown.reviews] == [
        ("Ana's review", [("calm", "4"), ("time", "4")]),
        ("Ben's review", [("calm", "1: Talks a lot."), ("time", "3"), ("Anything else", "A yes.")]),
        ("Cleo hasn't given a review yet", []),
        ("Dan stepped aside", []),
    ]
    assert [bool(entry.note) for entry in shown.reviews] == [False, False, True, True]
