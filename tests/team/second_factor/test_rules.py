"""What a session may open before it has passed the second factor; and what the pages say."""

from itertools import product

import pytest

from peersupport.team.domain.second_factor import Step, codes_left, in_groups, may_remove, step
from peersupport.team.presenters import factors as presenter

THROUGH, ENROLL, KEEP, AGAIN = Step.THROUGH, Step.TO_ENROLL, Step.TO_KEEP_CODES, Step.TO_SIGN_IN_AGAIN
# is_required, has_passed, is_enrolled, has_codes_to_keep
STEPS = {
    (True, False, False, False): ENROLL, (True, False, False, True): ENROLL,
    (True, False, True, False): AGAIN, (True, False, True, True): AGAIN,
    (True, True, False, False): THROUGH, (True, True, False, True): KEEP,
    (True, True, True, False): THROUGH, (True, True, True, True): KEEP,
    (False, False, False, False): THROUGH, (False, False, False, True): THROUGH,
    (False, False, True, False): AGAIN, (False, False, True, True): AGAIN,
    (False, True, False, False): THROUGH, (False, True, False, True): THROUGH,
    (False, True, True, False): THROUGH, (False, True, True, True): THROUGH,
}  # fmt: skip


@pytest.mark.parametrize("facts", list(product([True, False], repeat=4)))
def test_where_somebody_stands(facts: tuple[bool, bool, bool, bool]) -> None:
    names = ("is_required", "has_passed", "is_enrolled", "has_codes_to_keep")
    assert step(**dict(zip(names, facts, strict=True))) is STEPS[facts]


def test_the_last_factor_can_only_be_replaced_where_one_is_required() -> None:
    assert not may_remove(is_required=True, factors=1)
    assert may_remove(is_required=True, factors=2) and may_remove(is_required=False, factors=1)


def test_codes_are_counted_and_shown_in_groups() -> None:
    assert (codes_left(0, of=10), codes_left(0b101, of=10), codes_left(0b1111111111, of=10)) == (10, 8, 0)
    assert in_groups("12345678") == "1234 5678"


def test_a_qr_code_is_one_path_without_style() -> None:
    assert presenter.qr_path([[True, False], [False, True]]) == "M0 0h1v1h-1zM1 1h1v1h-1z"


@pytest.mark.parametrize(("left", "asks"), [(9, False), (4, False), (3, True), (1, True), (0, True)])
def test_few_backup_codes_ask_for_new_ones(left: int, asks: bool) -> None:
    assert ("Make new ones" in presenter.after_backup_code(left)) is asks
