"""What a page says about where a member stands."""

from dataclasses import replace
from datetime import date

import pytest

from peersupport.team.domain.serving import NotServing
from peersupport.team.domain.standing import Standing
from peersupport.team.domain.states import MembershipState
from peersupport.team.presenters import standing as presenter

DAY = date(2026, 11, 29)  # a Sunday
HERE = Standing(MembershipState.DESIGNATED)
ON_CALL = replace(HERE, is_on_call=True)


def kept_by(*reasons: NotServing, **days: date) -> Standing:
    return replace(HERE, not_serving=reasons, **days)


PAUSED = kept_by(NotServing.PAUSING, back_on=DAY)
ON_LEAVE, UNREACHABLE = kept_by(NotServing.ON_LEAVE), kept_by(NotServing.UNREACHABLE)
PAUSED_ON_LEAVE = kept_by(NotServing.PAUSING, NotServing.ON_LEAVE, back_on=DAY)


@pytest.mark.parametrize(
    ("standing", "has_phone_alert", "said"),
    [
        (HERE, True, "You're not on call right now."),
        (ON_CALL, False, "You're on call now."),
        (ON_CALL, True, "You're on call. Your phone alerts you when a request can't wait."),
        (ON_LEAVE, True, "You're on leave. No new requests come to you."),
        (kept_by(NotServing.IN_TRAINING), True, "You don't get requests yet."),
        (kept_by(NotServing.KEY_UNCONFIRMED), True, "Your key isn't confirmed yet."),
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
    known = (HERE, ON_CALL, PAUSED, ON_LEAVE, UNREACHABLE, kept_by(NotServing.INVITED))
    assert [presenter.availability(standing) for standing in known] == [
        "Not on call right now.", "On call now.", "Paused until Sunday, November 29.", "On leave.",
        "Unavailable until they sign in and say that they're back.",
        "Invited, hasn't signed in yet. Until that changes, no hours count.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (HERE, ["Designated"]),
        (ON_CALL, ["Designated", "On call now"]),
        (PAUSED, ["Designated", "Paused until Sunday, November 29"]),
        (kept_by(NotServing.INVITED), ["Designated", "Invited, hasn't signed in yet"]),
        (kept_by(NotServing.TERM_ENDED), ["Designated", "Term ended"]),
        (kept_by(NotServing.KEY_UNVERIFIED), ["Designated", "Key to confirm again"]),
        (Standing(MembershipState.IN_TRAINING, (NotServing.IN_TRAINING, NotServing.NO_KEY)), ["In training", "No key"]),
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
        (PAUSED_ON_LEAVE, "You're paused until Sunday, November 29.", "End pause"),
        (UNREACHABLE, "You were made unavailable, because you couldn't get in.", "I'm back"),
        (ON_LEAVE, "You're on leave.", ""),
        (replace(ON_LEAVE, leave_until=DAY), "You're on leave through Sunday, November 29.", ""),
        (kept_by(NotServing.TERM_ENDED, term_ended_on=DAY), "Your term ended on November 29, 2026.", ""),
        (kept_by(NotServing.NO_KEY), "You don't have a key yet.", ""),
        (kept_by(NotServing.KEY_UNCHECKED), "Your recovery code hasn't been checked yet.", ""),
        (kept_by(NotServing.KEY_UNCONFIRMED), "Your key isn't confirmed yet.", ""),
        (kept_by(NotServing.KEY_UNVERIFIED), "Your key has to be confirmed again.", ""),
        (kept_by(NotServing.IN_TRAINING, NotServing.PAUSING, back_on=DAY), "You don't get requests yet.", ""),
    ],
)
def test_not_offered_says_why(standing: Standing, fact: str, button: str) -> None:
    reason = presenter.not_offered(standing)
    assert (reason.fact, reason.button) == (fact, button) and reason.rest
