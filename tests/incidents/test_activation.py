"""Stages of an activation, and when its follow-ups are due."""

from datetime import date, timedelta

import pytest

from peersupport.core.errors import Refused
from peersupport.incidents.domain.activation import ACTIVATION, ActivationStage, FollowUp, follow_up_due

TODAY, DAY = date(2026, 6, 1), timedelta(days=1)


@pytest.mark.parametrize("now", ActivationStage)
@pytest.mark.parametrize("to", ActivationStage)
def test_every_pair_of_stages(now: ActivationStage, to: ActivationStage) -> None:
    if to in ACTIVATION.moves[now]:
        ACTIVATION.check(now, to)
    else:
        with pytest.raises(Refused):
            ACTIVATION.check(now, to)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, None),
        (2, None),
        (3, FollowUp.THREE_DAYS),
        (13, FollowUp.THREE_DAYS),
        (14, FollowUp.TWO_WEEKS),
        (364, FollowUp.TWO_WEEKS),
        (365, FollowUp.YEAR),
        (3000, FollowUp.YEAR),
    ],
)
def test_follow_up_due(days: int, due: FollowUp | None) -> None:
    assert follow_up_due(TODAY, TODAY + days * DAY) == due


def test_year_after_29_february() -> None:
    assert follow_up_due(date(2028, 2, 29), date(2029, 2, 27)) == FollowUp.TWO_WEEKS
    assert follow_up_due(date(2028, 2, 29), date(2029, 2, 28)) == FollowUp.YEAR
