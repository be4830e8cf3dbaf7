"""Renewing lasting secrets, and ending the overlap in which the one before still counts."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.notices.actions import phone_alerts
from peersupport.sealing import keyring
from peersupport.team.actions import factors, mails
from requests_app.actions import seal_again
from requests_app.queries import unsealing

from .rules import RULES, Ending, Rule

logger = logging.getLogger(__name__)

SEAL_AGAIN: dict[str, Callable[[], None]] = {
    "matching": seal_again.preferences,
    "phone-alerts": phone_alerts.seal_again,
    "mails": mails.seal_again,
    "second-factor": factors.seal_again,
}


def rotate(name: str, *, now: datetime) -> str:
    """Renew this secret and do what its rule says at once. Returns the line that says so. Raises as the keyring."""
    if not keyring.has_lasting(name):
        return f"{name}: not used yet, so there is nothing to replace."
    keyring.renew_lasting(name)
    audit.record(action="secret_rotated", by=None, about=f"secret:{name}")
    if name in SEAL_AGAIN:
        SEAL_AGAIN[name]()
    _end_overlaps_of(name, now)
    return f"{name}: {'sealed anew' if name in SEAL_AGAIN else 'replaced'}. {_when_the_old_one_goes(name, now)}"


def end_overlaps(*, now: datetime) -> bool:
    """Drop each earlier secret that is over and that nothing needs, and what a killed process has left of one.

    Whether none failed; one holds up no other.
    """
    is_well = True
    steps: list[Callable[[], None]] = [partial(_end_overlaps_of, name, now) for name in RULES]
    steps.append(partial(keyring.remove_leftovers, now=now.timestamp()))
    for step in steps:
        try:
            step()
        except Exception:
            logger.exception("the overlap of a lasting secret could not be ended; the next round tries again")
            is_well = False
    return is_well


def _end_overlaps_of(name: str, now: datetime) -> None:
    over = [each for each in _earlier(name) if RULES[name].is_over(each.replaced_at, now)]
    if over and name in SEAL_AGAIN:
        SEAL_AGAIN[name]()  # what a process sealed under the old one a moment after it was renewed
    for each in over:
        if not _is_needed(name, each):
            keyring.drop_earlier(name, each)


def _earlier(name: str) -> list[keyring.Earlier]:
    return keyring.earlier(name) if keyring.has_lasting(name) else []


def _is_needed(name: str, each: keyring.Earlier) -> bool:
    """Whether a request is open whose receipt may have been made under it."""
    if name != "credentials":
        return False
    return unsealing.is_any_from_before(each.replaced_at + 2 * keyring.HALF_HOUR_SECONDS)


def _when_the_old_one_goes(name: str, now: datetime) -> str:
    rule: Rule = RULES[name]
    if rule.ending is Ending.KEPT:
        return "The old one stays, to verify what it signed."
    if not rule.overlap:
        return "The old one is gone."
    moment = f"{timezone.localtime(rule.over_at(now)):%Y-%m-%d %H:%M}"
    if name == "credentials":
        return f"The old one goes when no request of before is open, not before {moment}."
    return f"The old one goes at {moment}."
