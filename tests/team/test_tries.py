"""How long somebody waits, as a table."""

import pytest

from peersupport.team.domain import tries


@pytest.mark.parametrize(
    ("wrong", "seconds"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (8, 40), (9, 60), (10_000, 60)]
)
def test_the_first_tries_are_free_and_the_waits_grow_up_to_a_minute(wrong: int, seconds: int) -> None:
    assert tries.OWN.seconds(wrong) == seconds
    assert tries.wait_after(own=wrong, account=0, network=0) == seconds


@pytest.mark.parametrize(("wrong", "seconds"), [(29, 0), (30, 5), (40, 10), (50, 20), (10_000, 20)])
def test_tries_of_others_in_a_network_cost_its_people_twenty_seconds_at_most(wrong: int, seconds: int) -> None:
    assert tries.wait_before(account=0, network=wrong) == seconds
    assert tries.wait_after(own=1, account=0, network=wrong) == seconds


@pytest.mark.parametrize(("wrong", "seconds"), [(99, 0), (100, 5), (125, 10), (200, 60), (10_000, 60)])
def test_tries_from_many_networks_cost_the_owner_a_minute_at_most(wrong: int, seconds: int) -> None:
    assert tries.wait_before(account=wrong, network=0) == seconds


def test_neither_one_person_slows_a_station_nor_one_stranger_an_account() -> None:
    assert tries.NETWORK.free > tries.SHARED_TRIES and tries.ACCOUNT.free >= 10 * tries.SHARED_TRIES
    assert tries.ALL_NETWORKS.free >= 50 * tries.SHARED_TRIES
