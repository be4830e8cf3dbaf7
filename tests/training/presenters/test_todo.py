from datetime import UTC, date, datetime

import pytest

from training.domain.standing import Standing, Status
from training.domain.states import SessionState
from training.models import ExternalTraining, Session, Subject
from training.presenters import todo
from training.queries.todo import CoordinatorFigures, MemberFigures

DAY = date(2027, 3, 3)
REQUIRED, OTHER = Subject(name="Suicide intervention", required_for=["suicidal_thoughts"]), Subject(name="Mediation")
WHEN = "Wednesday, March 3, 2027, 08:00 to 16:00 UTC."


def session(**fields):
    hours = {"starts_at": datetime(2027, 3, 3, 8, tzinfo=UTC), "ends_at": datetime(2027, 3, 3, 16, tzinfo=UTC)}
    return Session(**{"pk": 7, "title": "Two days", "time_zone": "UTC", **hours, **fields})


def said(todos):
    return [(each.text, each.detail) for each in todos]


def test_a_lapse_is_listed_before_it_comes_and_afterward_if_requests_require_it():
    lapsed, soon = Standing(Status.LAPSED, DAY), Standing(Status.EXPIRING, DAY)
    standings = [(REQUIRED, lapsed), (OTHER, lapsed), (OTHER, soon), (REQUIRED, Standing(Status.MISSING))]
    assert said(todo.for_member(MemberFigures(standings, [], []))) == [
        ("Suicide intervention has lapsed", "Until you retrain, some requests go to others"),
        ("Mediation lapses on March 3, 2027", "See the planned sessions"),
    ]


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({}, f"{WHEN} You're enrolled."),
        ({"changes": 1}, f"{WHEN} You're enrolled. The session was changed."),
        ({"changes": 1, "state": SessionState.CANCELLED}, f"{WHEN} This session is canceled."),
    ],
)
def test_a_session_somebody_is_enrolled_in(fields, detail):
    assert said(todo.for_member(MemberFigures([], [session(**fields)], []))) == [("Two days", detail)]


def test_a_certificate_that_was_sent_back():
    external = ExternalTraining(pk=3, subject=OTHER, reason="It is cut off.")
    assert said(todo.for_member(MemberFigures([], [], [external]))) == [
        ("Your certificate for mediation was sent back", "It is cut off.")
    ]


@pytest.mark.parametrize(
    ("certificates", "over", "texts"),
    [
        (0, 0, []),
        (1, 1, ["One certificate to check", "Who was at Two days?"]),
        (12, 3, ["12 certificates to check", "Three sessions need attendance"]),
    ],
)
def test_coordinators_are_told_and_the_rail_counts(certificates, over, texts):
    todos = list(todo.for_coordinator(CoordinatorFigures(certificates, [session()] * over)))
    assert [each.text for each in todos] == texts
    assert sum(each.count for each in todos) == certificates + over
