from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.matching import Need, Peer, may_be_offered, rank, shortlist

NEED = Need(tie=b"tie")
PEER = Peer(member_id=1, unit="Patrol")

RULES = {
    "nothing speaks against it": (NEED, PEER, True),
    "under the cap": (NEED, replace(PEER, open_contacts=2, cap=3), True),
    "at the cap": (NEED, replace(PEER, open_contacts=3, cap=3), False),
    "training is missing": (replace(NEED, required_subjects=frozenset({"suicide_intervention"})), PEER, False),
    "training is there": (
        replace(NEED, required_subjects=frozenset({"suicide_intervention"})),
        replace(PEER, subjects=frozenset({"suicide_intervention", "mediation"})),
        True,
    ),
    "named by the officer": (replace(NEED, not_these=frozenset({1})), PEER, False),
    "another is named": (replace(NEED, not_these=frozenset({2})), PEER, True),
    "from the unit": (replace(NEED, not_unit="patrol"), PEER, False),
    "from another unit": (replace(NEED, not_unit="Dispatch"), PEER, True),
    "no unit known": (replace(NEED, not_unit="Patrol"), replace(PEER, unit=""), True),
    "own agency": (replace(NEED, other_agency=True), PEER, False),
    "another agency": (replace(NEED, other_agency=True), replace(PEER, agency="Next County"), True),
    "a supervisor": (NEED, replace(PEER, is_supervisor=True), False),
    "a supervisor is all right": (replace(NEED, supervisor_ok=True), replace(PEER, is_supervisor=True), True),
    "a supervisor named by the officer": (replace(NEED, wanted=1), replace(PEER, is_supervisor=True), True),
    "another one is named": (replace(NEED, wanted=2), replace(PEER, is_supervisor=True), False),
    "not now": (replace(NEED, concern="grief"), replace(PEER, not_now=frozenset({"grief"})), False),
    "not now, but something else": (replace(NEED, concern="work"), replace(PEER, not_now=frozenset({"grief"})), True),
    "not now, and nothing said": (NEED, replace(PEER, not_now=frozenset({"grief"})), True),
}


@pytest.mark.parametrize(("need", "peer", "expected"), RULES.values(), ids=RULES)
def test_hard_rule(need: Need, peer: Peer, expected: bool) -> None:
    assert may_be_offered(need, peer) is expected


peers = st.lists(
    st.builds(
        Peer,
        member_id=st.integers(1, 60),
        unit=st.sampled_from(["", "Patrol", "Dispatch"]),
        is_supervisor=st.booleans(),
        is_on_call=st.booleans(),
        open_contacts=st.integers(0, 4),
        cap=st.integers(1, 4),
    ),
    max_size=30,
    unique_by=lambda peer: peer.member_id,
)


@given(peers, st.randoms(use_true_random=False), st.binary(min_size=1, max_size=16))
def test_rank_does_not_depend_on_the_order_of_peers(known: list[Peer], dice: object, tie: bytes) -> None:
    need = Need(tie=tie, not_unit="Patrol")
    shuffled = known[:]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(need, shuffled) == rank(need, known)
    assert shortlist(need, shuffled, 12) == shortlist(need, known, 12)


@given(peers)
def test_rank_puts_fewest_open_contacts_first_and_leaves_out_whom_a_rule_forbids(known: list[Peer]) -> None:
    need = Need(tie=b"x")
    load = {peer.member_id: peer.open_contacts for peer in known}
    ranked = rank(need, known)
    assert [load[member] for member in ranked] == sorted(load[member] for member in ranked)
    assert set(ranked) == {peer.member_id for peer in known if may_be_offered(need, peer)}


def test_whom_the_officer_would_rather_talk_to_comes_first() -> None:
    busy = [Peer(member_id=1), Peer(member_id=2, open_contacts=2), Peer(member_id=3, open_contacts=1)]
    assert rank(Need(tie=b"x", wanted=2), busy) == [2, 1, 3]


def test_equals_come_in_another_order_for_another_request() -> None:
    equals = [Peer(member_id=number) for number in range(1, 9)]
    orders = {tuple(rank(Need(tie=bytes([tie])), equals)) for tie in range(20)}
    assert len(orders) > 10


def test_shortlist_keeps_places_for_those_on_call_who_carry_more() -> None:
    idle = [Peer(member_id=number) for number in range(1, 21)]
    on_call = [Peer(member_id=number, is_on_call=True, open_contacts=2) for number in (31, 32)]
    chosen = shortlist(NEED, idle + on_call, 12)
    assert len(chosen) == 12
    assert chosen[-2:] == [member for member in rank(NEED, idle + on_call) if member in (31, 32)]
