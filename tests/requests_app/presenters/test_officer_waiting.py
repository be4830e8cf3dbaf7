"""What an officer reads while peers are asked: who is asked, when to check back, and whom to call if it can't wait."""

from itertools import combinations, product

import pytest

from requests_app.domain.matching import Waiver
from requests_app.domain.states import Urgency
from requests_app.presenters.officer_waiting import (
    CHECK_BACK,
    is_988_first,
    oversight_sentence,
    waiting_text,
    ways_on_text,
    why_nobody,
)

NOW, TODAY, WHEN_YOU_CAN = Urgency
NAMED, TRAINING, SUPERVISORS, NAMES, UNIT, AGENCY = Waiver
ALL_WAIVERS = [waivers for count in range(7) for waivers in combinations(Waiver, count)]


@pytest.mark.parametrize(
    ("urgency", "waivers", "said"),
    [
        (NOW, [], "Peers are being asked right now. Check back in about 15 minutes."),
        (
            TODAY,
            [SUPERVISORS],
            "A peer is being asked now. If they can't, the next one is asked. Check back in an hour or two.",
        ),
        (WHEN_YOU_CAN, [], "Peers are asked one at a time, during the day. Check back tomorrow."),
        (NOW, [NAMED], "The peer you named is being asked, and nobody else. Check back in about 15 minutes."),
        (TODAY, [NAMED], "The peer you named is being asked, and nobody else. Check back in an hour or two."),
        (WHEN_YOU_CAN, [NAMED], "Only the peer you named is being asked, during the day. Check back tomorrow."),
    ],
)
def test_who_is_asked(urgency: Urgency, waivers: list[Waiver], said: str) -> None:
    assert waiting_text(is_offered=True, urgency=urgency, waivers=waivers) == said


@pytest.mark.parametrize(
    ("waivers", "said"),
    [
        ([], "Nobody on the team is free right now. That is about schedules, not about you."),
        ([NAMED], "The peer you named can't take it right now. This is not about you."),
        ([NAMED, TRAINING], "The peer you named can't take it right now. This is not about you."),
        ([NAMES], "With the choices you made, nobody can be asked right now. This is not about you."),
        ([UNIT], "With the choices you made, nobody can be asked right now. This is not about you."),
        ([AGENCY], "With the choices you made, nobody can be asked right now. This is not about you."),
        (
            [TRAINING, SUPERVISORS, NAMES],
            "With the choices you made, nobody can be asked right now. This is not about you.",
        ),
        (
            [SUPERVISORS],
            "None of the peers who may be asked can take it right now. That is about schedules, not about you. "
            "Supervisors are asked only if you say so.",
        ),
        ([TRAINING, SUPERVISORS], "None of the peers who may be asked can take it right now. This is not about you."),
    ],
)
def test_why_nobody_is_asked(waivers: list[Waiver], said: str) -> None:
    assert why_nobody(waivers) == said
    for urgency in Urgency:
        assert waiting_text(is_offered=False, urgency=urgency, waivers=waivers).startswith(said)


def test_where_nobody_is_asked_a_number_is_said_and_where_somebody_is_when_to_check_back() -> None:
    for is_offered, urgency, waivers in product((True, False), Urgency, ALL_WAIVERS):
        text = waiting_text(is_offered=is_offered, urgency=urgency, waivers=waivers)
        assert text.endswith(str(CHECK_BACK[urgency])) is is_offered
        assert ("call or text 988" in text) is (oversight_sentence() in text) is not is_offered


def test_988_comes_first_where_nobody_is_asked_and_a_training_is_required() -> None:
    for is_offered, waivers in product((True, False), ALL_WAIVERS):
        assert is_988_first(is_offered=is_offered, waivers=waivers) is (not is_offered and TRAINING in waivers)


def test_what_can_be_done_behind_the_seven_words() -> None:
    assert ways_on_text(is_offered=False, waivers=[]) == "You can ask again there with one press."
    for waivers in ALL_WAIVERS[1:]:
        assert ways_on_text(is_offered=True, waivers=waivers) == ""
        assert ways_on_text(is_offered=False, waivers=waivers) == "You can ask others there with one press."
