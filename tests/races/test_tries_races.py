"""Wrong passwords at the same moment: every one counts, and no more are looked at than the rule says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peersupport.team import day_tags
from peersupport.team.actions import tries
from peersupport.team.domain import tries as rules
from peersupport.team.models import Tries
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def counted(email: str, network: str) -> dict[str, tries.Counted]:
    return {"counted": tries.Counted(day_tags.tag("own", email, network), day_tags.tag("account", email), "network")}


def try_once(counted: tries.Counted) -> str:
    """A name for the outcome: what the action returns and raises needn't travel between processes."""
    try:
        tries.begin(counted)
    except tries.MustWait:
        return "waits"
    return "looked at"


def test_of_twelve_at_once_five_are_looked_at_and_counted() -> None:
    outcomes = race(try_once, *[counted("ana", "here")] * 12)
    assert [outcome.error for outcome in outcomes] == [None] * 12
    assert sorted(outcome.value for outcome in outcomes) == ["looked at"] * rules.OWN.free + ["waits"] * 7
    assert set(Tries.objects.values_list("tries", flat=True)) == {rules.OWN.free}


def test_no_count_is_lost_when_many_accounts_and_networks_are_tried_at_once() -> None:
    outcomes = race(try_once, *[counted(f"account {n % 4}", f"network {n % 3}") for n in range(12)])
    assert {outcome.value for outcome in outcomes} == {"looked at"}
    assert Tries.objects.get(tag="network").tries == 12
    assert [Tries.objects.get(tag=day_tags.tag("account", f"account {n}")).tries for n in range(4)] == [3] * 4


def test_right_and_wrong_at_once_leave_what_was_wrong() -> None:
    right = [{"counted": counted(f"right {n}", "here")["counted"], "is_right": True} for n in range(5)]
    wrong = [{"counted": counted(f"wrong {n}", "here")["counted"], "is_right": False} for n in range(5)]
    outcomes = race(try_or_succeed, *right, *wrong)
    assert {outcome.error for outcome in outcomes} == {None}
    assert Tries.objects.get(tag="network").tries == 5 and Tries.objects.count() == 11


def try_or_succeed(counted: tries.Counted, is_right: bool) -> None:
    attempt = tries.begin(counted)
    if is_right:
        tries.succeed(attempt)


def test_of_six_who_ask_for_a_mail_at_once_one_causes_it() -> None:
    outcomes = race(tries.may_mail, *[{"kind": "new_password", "email": "ana@example.org"}] * 6)
    assert sorted(outcome.value for outcome in outcomes) == [False] * 5 + [True]


def test_place_is_used_once_by_two_who_press_at_once() -> None:
    one = counted("ana", "here")["counted"]
    Tries.objects.create(tag=one.own, tries=9, wait_until=timezone.now() + timedelta(hours=1))
    place = day_tags.new_place(one.own, timezone.now())
    outcomes = race(use_place, *[{"counted": one, "place": place}] * 4)
    assert sorted(outcome.value for outcome in outcomes) == ["looked at"] + ["waits"] * 3


def use_place(counted: tries.Counted, place: str) -> str:
    try:
        tries.begin(counted, place=place)
    except tries.MustWait:
        return "waits"
    return "looked at"
