"""What a page says about where a member stands."""

from dataclasses import replace
from datetime import date

import pytest

from peersupport.team.domain.standing import Standing
from peersupport.team.domain.states import MembershipState
from peersupport.team.presenters import standing as presenter

DAY = date(2026, 11, 29)  # a Sunday
HERE = Standing(MembershipState.DESIGNATED)
ON_CALL, PAUSED = replace(HERE, is_on_call=True), replace(HERE, back_on=DAY)
ON_LEAVE, UNREACHABLE = replace(HERE, is_on_leave=True), replace(HERE, is_unreachable=True)


@pytest.mark.parametrize(
    ("standing", "has_phone_alert", "said"),
    [
        (HERE, True, "You're not on call right now."),
        (ON_CALL, False, "You're on call now."),
        (ON_CALL, True, "You're on call. Your phone alerts you when a request can't wait."),
        (ON_LEAVE, True, "You're on leave. No new requests come to you."),
        (replace(ON_LEAVE, back_on=DAY), True, "You're on leave. No new requests come to you."),
        (
            PAUSED,
            True,
            "You're paused until Sunday, November 29. Until then no new requests come to you, and you're not on call.",
        ),
    ],
)
def test_own_availability(standing: Standing, has_phone_alert: bool, said: str) -> None:
    assert presenter.own_availability(standing, has_phone_alert=has_phone_alert) == said


def test_availability_for_the_coordinator() -> None:
    assert [presenter.availability(standing) for standing in (HERE, ON_CALL, PAUSED, ON_LEAVE, UNREACHABLE)] == [
        "Not on call right now.", "On call now.", "Paused until Sunday, November 29.", "On leave.",
        "Unavailable until they sign in and say that they're back.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (HERE, ["Designated"]),
        (replace(ON_CALL, back_on=DAY), ["Designated", "On call now", "Paused until Sunday, November 29"]),
        (UNREACHABLE, ["Designated", "Unavailable"]),
        (ON_LEAVE, ["Designated", "On leave"]),
        (replace(ON_LEAVE, leave_until=DAY), ["Designated", "On leave through November 29, 2026"]),
        (replace(HERE, leave_from=DAY, leave_until=DAY), ["Designated", "On leave from November 29, 2026"]),
        (Standing(MembershipState.ENDED), ["No longer a member"]),
    ],
)
def test_labels(standing: Standing, said: list[str]) -> None:
    assert presenter.labels(standing) == said


@pytest.mark.parametrize(
    ("standing", "fact", "button"),
    [
        (PAUSED, "You're paused until Sunday, November 29.", "End pause"),
        (replace(ON_LEAVE, back_on=DAY), "You're paused until Sunday, November 29.", "End pause"),
        (UNREACHABLE, "You were made unavailable, because you couldn't get in.", "I'm back"),
        (ON_LEAVE, "You're on leave.", ""),
        (replace(ON_LEAVE, leave_until=DAY), "You're on leave through Sunday, November 29.", ""),
        (replace(HERE, term_ended_on=DAY), "Your term ended on November 29, 2026.", ""),
        (replace(HERE, is_key_unverified=True), "Your key has to be confirmed again.", ""),
        (HERE, "You don't get requests yet.", ""),
        (Standing(MembershipState.IN_TRAINING, back_on=DAY), "You don't get requests yet.", ""),
    ],
)
def test_not_offered_says_why(standing: Standing, fact: str, button: str) -> None:
    reason = presenter.not_offered(standing)
    assert (reason.fact, reason.button) == (fact, button) and reason.rest
