"""The second factor: what a session may open before it was passed, and which backup codes there are to see to."""

from enum import StrEnum

FEW_CODES_LEFT = 3
MOST_PASSKEYS = 10


class Step(StrEnum):
    """Where somebody who has signed in stands. But for the first, nothing else opens."""

    THROUGH = "through"
    TO_ENROLL = "to_enroll"  # add a first factor
    TO_KEEP_CODES = "to_keep_codes"  # say that the backup codes are on paper
    TO_SIGN_IN_AGAIN = "to_sign_in_again"  # there is a factor, and this session has not passed it


def step(*, is_required: bool, has_passed: bool, is_enrolled: bool, has_codes_to_keep: bool) -> Step:
    """has_passed: by this session. A session of before an upgrade, or of before the factor was added, has not."""
    if not has_passed:
        if is_enrolled:
            return Step.TO_SIGN_IN_AGAIN
        return Step.TO_ENROLL if is_required else Step.THROUGH
    return Step.TO_KEEP_CODES if is_required and has_codes_to_keep else Step.THROUGH


def may_remove(*, is_required: bool, factors: int) -> bool:
    """factors: how many there are, backup codes not counted. The last one can only be replaced."""
    return factors > 1 or not is_required


def codes_left(used_mask: int, *, of: int) -> int:
    """used_mask: a bit for each backup code that was used."""
    return of - used_mask.bit_count()


def in_groups(text: str) -> str:
    """In groups of four, which are easier to copy."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
