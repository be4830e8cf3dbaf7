"""What an officer reads while peers are asked: who is asked, when to check back, and whom to call if it can't wait."""

import itertools

import pytest

from requests_app.domain.matching import Waiver
from requests_app.domain.states import Urgency
from requests_app.presenters.officer_waiting import CHECK_BACK, oversight_sentence, waiting_text, ways_on_text

NOW, TODAY, WHEN_YOU_CAN = Urgency


@pytest.mark.parametrize(
    ("offered_count", "urgency", "is_for_named_peer_only", "said"),
    [
        (1, NOW, False, "One peer is being asked right now. Check back in about 15 minutes."),
        (3, NOW, False, "Three peers are being asked right now. Check back in about 15 minutes."),
        (12, NOW, False, "12 peers are being asked right now. Check back in about 15 minutes."),
        (
            1,
            TODAY,
            False,
            "A peer is being asked now. If they can't, the next one is asked. Check back in an hour or two.",
        ),
        (1, WHEN_YOU_CAN, False, "Peers are asked one at a time, during the day. Check back tomorrow."),
        (1, NOW, True, "The peer you named is being asked, and nobody else. Check back in about 15 minutes."),
        (1, TODAY, True, "The peer you named is being asked, and nobody else. Check back in an hour or two."),
        (1, WHEN_YOU_CAN, True, "Only the peer you named is being asked, during the day. Check back tomorrow."),
    ],
)
def test_who_is_asked(offered_count: int, urgency: Urgency, is_for_named_peer_only: bool, said: str) -> None:
    text = waiting_text(
        offered_count=offered_count, urgency=urgency, is_for_named_peer_only=is_for_named_peer_only, waiver=None
    )
    assert text == said


@pytest.mark.parametrize(
    ("waiver", "is_for_named_peer_only", "said"),
    [
        (None, False, "Nobody on the team is free right now. That is about schedules, not about you."),
        (None, True, "The peer you named isn't free right now. That is about schedules, not about you."),
        (Waiver.NAMED, True, "The peer you named isn't free right now. That is about schedules, not about you."),
        (Waiver.NAMES, False, "None of the peers you allowed is free right now, so nobody was asked."),
        (Waiver.SUPERVISORS, False, "Only a supervisor could take it right now, so nobody was asked."),
    ],
)
def test_why_nobody_is_asked(waiver: Waiver | None, is_for_named_peer_only: bool, said: str) -> None:
    for urgency in Urgency:
        text = waiting_text(
            offered_count=0, urgency=urgency, is_for_named_peer_only=is_for_named_peer_only, waiver=waiver
        )
        assert text.startswith(said)


def test_where_nobody_is_asked_a_number_is_said_and_where_somebody_is_when_to_check_back() -> None:
    cases = itertools.product((0, 1, 5), Urgency, (True, False), (None, *Waiver))
    for offered_count, urgency, is_for_named_peer_only, waiver in cases:
        text = waiting_text(
            offered_count=offered_count,
            urgency=urgency,
            is_for_named_peer_only=is_for_named_peer_only,
            waiver=waiver,
        )
        assert text.endswith(str(CHECK_BACK[urgency])) is bool(offered_count)
        assert ("call or text 988" in text) is (oversight_sentence() in text) is not offered_count


def test_what_can_be_done_behind_the_seven_words() -> None:
    assert ways_on_text(offered_count=1, waiver=None) == ""
    assert ways_on_text(offered_count=0, waiver=None) == "You can ask again there with one press."
    for waiver in Waiver:
        assert ways_on_text(offered_count=0, waiver=waiver) == "You can ask others there with one press."
