"""What those responsible read about officers who wait."""

from dataclasses import replace

import pytest

from requests_app.domain.wait_reasons import WaitReason, WaitReasonCode
from requests_app.presenters import waiting
from requests_app.queries.waiting import WaitingSummary

NOBODY_WAITS = WaitingSummary(
    in_line=0,
    set_aside=0,
    waiting=0,
    unanswered=0,
    overdue=0,
    nobody_left=0,
    unreadable=0,
    on_call=1,
    free=2,
    reasons=(),
)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, ["Nobody who asked for support is waiting."]),
        ({"waiting": 1}, ["One request is waiting for an answer. It hasn't waited too long."]),
        (
            {"waiting": 3, "unanswered": 1},
            ["Four requests are waiting for an answer. None has waited too long."],
        ),
        (
            {"waiting": 2, "overdue": 1, "nobody_left": 2},
            [
                "Two requests are waiting, and nobody is left to ask.",
                "One request has waited too long.",
            ],
        ),
        (
            {"waiting": 12, "overdue": 11, "nobody_left": 1},
            [
                "One request is waiting, and nobody is left to ask.",
                "11 requests have waited too long.",
            ],
        ),
    ],
)
def test_sentences(numbers: dict[str, int], said: list[str]) -> None:
    assert waiting.sentences(replace(NOBODY_WAITS, **numbers)) == said


def test_reason_names_the_trainings_that_are_missing() -> None:
    reason = WaitReason(WaitReasonCode.NOBODY_TRAINED, ("Suicide intervention", "Mediation"))
    text = waiting.reason_text(reason)
    assert text == "Nobody who's free has training that some requests need: Suicide intervention, Mediation"
    assert waiting.reason_text(WaitReason(WaitReasonCode.NOBODY_ON_CALL)) == "Nobody is on call"


def test_page_without_reasons_says_so_and_what_may_help_those_who_wait() -> None:
    nobody, in_time, somebody, in_line = (
        waiting.no_reason_sentence(replace(NOBODY_WAITS, **numbers))
        for numbers in ({}, {"waiting": 1}, {"waiting": 1, "overdue": 1}, {"waiting": 1, "in_line": 9})
    )
    assert nobody == "Nothing is wrong on the team's side. One member is on call. Two members can take another request."
    assert in_time == f"{nobody} The people who were asked still have time to answer."
    assert in_line.startswith(nobody) and in_line.endswith("so they take turns. The next few are offered each minute.")
    assert somebody.startswith(nobody) and somebody.endswith("“Check your desk.”")
    assert waiting.reasons_heading(is_anybody_waiting=True) == "Why they're waiting"
    assert waiting.reasons_heading(is_anybody_waiting=False) == "What would keep someone waiting"
