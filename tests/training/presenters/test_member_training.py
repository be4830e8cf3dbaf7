from datetime import date
from decimal import Decimal

import pytest

from training.domain.hours import InitialTraining, YearHours
from training.domain.standing import Standing, Status
from training.domain.states import ExternalTrainingState
from training.models import ExternalTraining, Subject
from training.presenters.member_training import (
    YearRow,
    designation_steps,
    hours_left_text,
    initial_training_text,
    lead,
    missing_training_sentences,
    next_step_row,
    report_lead,
    subject_line,
    year_rows,
)
from training.queries.next_steps import NextStep
from training.queries.readiness import MissingTraining

TODAY = date(2027, 3, 3)
DONE = InitialTraining(Decimal(40), Decimal(40), date(2024, 3, 1), date(2023, 9, 1))
BEGUN = InitialTraining(Decimal("38.50"), Decimal(40), date(2027, 3, 3), None)
SUBJECT, MISSING = Subject(name="Mediation"), Standing(Status.MISSING)


@pytest.mark.parametrize(
    ("initial", "hours", "sentence"),
    [
        (DONE, "4.00", "Four hours to go this year."),
        (DONE, "7", "One hour to go this year."),
        (DONE, "6.5", "1.5 hours to go this year."),
        (DONE, "7.5", "0.5 hours to go this year."),
        (DONE, "9", ""),
        (BEGUN, "9", "1.5 hours of initial training to go."),
        (None, "9", ""),
    ],
)
def test_hours_left(initial, hours, sentence):
    assert hours_left_text(initial, [YearHours(2026, Decimal(hours), Decimal(8))]) == sentence


def test_lead_says_what_is_left_only_where_every_subject_is_current():
    years = [YearHours(2026, Decimal(4), Decimal(8))]
    assert lead(True, DONE, years) == "Every subject is current. Four hours to go this year."
    assert lead(True, DONE, []) == "Everything is current."
    assert lead(False, DONE, years) == "What is current, until when, and what comes next."


@pytest.mark.parametrize(
    ("initial", "today", "sentence"),
    [
        (None, TODAY, "Nothing is on record yet."),
        (DONE, TODAY, "40 hours, completed on September 1, 2023."),
        (BEGUN, TODAY, "38.5 of 40 hours; 1.5 to go by March 3, 2027."),
        (BEGUN, date(2027, 3, 4), "38.5 of 40 hours; the other 1.5 were due on March 3, 2027."),
    ],
)
def test_initial_training(initial, today, sentence):
    assert initial_training_text(initial, today) == sentence


def test_years():
    years = [
        YearHours(2027, Decimal(2), Decimal(8)),
        YearHours(2026, Decimal(8), Decimal(8)),
        YearHours(2025, Decimal(40), None),
    ]
    assert year_rows(years) == [
        YearRow("2027", "2", "8", "6 to go"),
        YearRow("2026", "8", "8", "Complete"),
        YearRow("2025", "40", "–", "Initial training"),
    ]


def test_missing_training():
    assert missing_training_sentences(MissingTraining(True, ("Mediation",), ("TCOLE rules",))) == [
        "The initial training is not complete.",
        "Not trained in mediation, which some requests require.",
        "No longer current in TCOLE rules, which some requests require.",
    ]


@pytest.mark.parametrize(
    ("viewer", "text", "action"),
    [
        ({}, "No upcoming session has room.", ""),
        (
            {"ask": "Sgt. Reyes"},
            "No upcoming session has room. Ask Sgt. Reyes for one, or take it elsewhere and report it.",
            "",
        ),
        ({"can_plan": True}, "No upcoming session has room.", "Plan a session"),
    ],
)
def test_next_step_without_a_session(viewer, text, action):
    row = next_step_row(NextStep(SUBJECT, MISSING), **viewer)
    assert (row.symbol, row.standing, row.text, row.action) == ("–", "Not trained", text, action)


def test_next_step_with_a_report():
    reported = ExternalTraining(pk=3, state=ExternalTrainingState.REPORTED)
    row = next_step_row(NextStep(SUBJECT, MISSING, external=reported), can_plan=True)
    assert row.text == "Reported. It counts once the coordinator has checked the certificate."
    assert (row.url, row.action) == ("/training/reports/3/", "Open")


def test_subject_line_says_that_requests_require_it():
    required = Subject(name="Mediation", required_for=["other"])
    assert subject_line(required, MISSING) == "Not trained · some requests require it"


def test_report_lead():
    sent_back = ExternalTraining(state=ExternalTrainingState.SENT_BACK, reason="The date can't be read.")
    assert report_lead(sent_back) == "Sent back: The date can't be read."
    assert report_lead(ExternalTraining(state=ExternalTrainingState.REPORTED)) == "Waiting for review"


@pytest.mark.parametrize(
    ("signature", "texts"),
    [
        ("March 1, 2027 on paper", ["March 1, 2027 on paper", "Enter the date and order number."]),
        (
            "",
            [
                "Not signed yet. Cleo Cole can sign it on their own page.",
                "You can enter it once the agreement is signed.",
            ],
        ),
    ],
)
def test_steps_of_a_designation(signature, texts):
    steps = designation_steps("Cleo Cole", initial="40 hours.", signature=signature)
    assert [text for __, text in steps] == ["40 hours.", *texts]
