"""A code that is used twice at the same moment, and two who add an account's first factor at once."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from peersupport.team.actions import factors
from peersupport.team.models import User
from peersupport.team.queries.factors import factors_of
from tests.races.racing import race
from tests.races.test_account_races import won_and_lost
from tests.team.own_factors import SECRET, code_now, give_app, give_backup_codes

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_apps_code_typed_three_times_at_once_counts_once(coordinator: User) -> None:
    give_app(coordinator)
    now = timezone.now()
    outcomes = race(factors.use_code, *[{"user": coordinator, "typed": code_now(at=now), "now": now}] * 3)
    assert won_and_lost(outcomes) == ["WrongCode", "WrongCode", "won"]


def test_a_backup_code_typed_three_times_at_once_counts_once(coordinator: User) -> None:
    give_app(coordinator)
    code = give_backup_codes(coordinator)[0]
    outcomes = race(factors.use_code, *[{"user": coordinator, "typed": code, "now": timezone.now()}] * 3)
    assert won_and_lost(outcomes) == ["WrongCode", "WrongCode", "won"]
    assert factors_of(coordinator).codes_left == 9


def test_two_backup_codes_at_once_are_both_used_up(coordinator: User) -> None:
    give_app(coordinator)
    typed = give_backup_codes(coordinator)[:2]
    outcomes = race(factors.use_code, *[{"user": coordinator, "typed": each, "now": timezone.now()} for each in typed])
    assert won_and_lost(outcomes) == ["won", "won"]
    assert factors_of(coordinator).codes_left == 8


def test_of_two_sessions_that_add_the_first_factor_one_does(coordinator: User) -> None:
    now = timezone.now()
    adding = {"by": coordinator, "secret": SECRET, "code": code_now(at=now), "now": now, "has_passed": False}
    outcomes = race(factors.add_app, *[adding] * 2)
    assert won_and_lost(outcomes) == ["Refused", "won"]
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]
