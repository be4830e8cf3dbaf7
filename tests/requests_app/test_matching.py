from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.team.domain.attributes import Gender
from requests_app.domain.matching import (
    GENDER_REASON_LABELS,
    MATCH_REASON_LABELS,
    RELAX_ORDER,
    WEIGHTS,
    MatchReason,
    Need,
    Peer,
    Ranked,
    SoftRule,
    Waiver,
    may_be_offered,
    rank,
    relax,
    shortlist,
    waivable,
    without_rules,
)

NEED = Need(tie_seed=b"tie")
PEER = Peer(member_id=1, unit="Patrol")

RULES = {
    "no rule against it": (NEED, PEER, True),
    "under the cap": (NEED, replace(PEER, open_contacts=2, cap=3), True),
    "at the cap": (NEED, replace(PEER, open_contacts=3, cap=3), False),
    "training is missing": (replace(NEED, required_subjects=frozenset({"suicide_intervention"})), PEER, False),
    "training is there": (
        replace(NEED, required_subjects=frozenset({"suicide_intervention"})),
        replace(PEER, subjects=frozenset({"suicide_intervention", "mediation"})),
        True,
    ),
    "excluded by name": (replace(NEED, excluded_members=frozenset({1})), PEER, False),
    "another is excluded": (replace(NEED, excluded_members=frozenset({2})), PEER, True),
    "from the unit": (replace(NEED, excluded_unit="patrol"), PEER, False),
    "from another unit": (replace(NEED, excluded_unit="Dispatch"), PEER, True),
    "no unit peers": (replace(NEED, excluded_unit="Patrol"), replace(PEER, unit=""), True),
    "own agency": (replace(NEED, other_agency=True), PEER, False),
    "another agency": (replace(NEED, other_agency=True), replace(PEER, agency="Next County"), True),
    "a supervisor": (NEED, replace(PEER, is_supervisor=True), False),
    "a supervisor, where that is fine": (replace(NEED, supervisor_ok=True), replace(PEER, is_supervisor=True), True),
    "a supervisor who is wanted": (replace(NEED, wanted=1), replace(PEER, is_supervisor=True), True),
    "a supervisor, and another peer is wanted": (replace(NEED, wanted=2), replace(PEER, is_supervisor=True), False),
    "wanted, but excluded by name": (
        replace(NEED, wanted=1, excluded_members=frozenset({1})),
        PEER,
        False,
    ),
    "another one is wanted, and nobody else": (replace(NEED, wanted=2, anyone_else=False), PEER, False),
    "this one is wanted, and nobody else": (replace(NEED, wanted=1, anyone_else=False), PEER, True),
    "wanted, although from the unit": (replace(NEED, wanted=1, excluded_unit="Patrol"), PEER, True),
    "wanted, although at the cap": (replace(NEED, wanted=1), replace(PEER, open_contacts=9), True),
    "wanted, but not asked by name": (replace(NEED, wanted=1), replace(PEER, is_asked_by_name=False), False),
    "not asked by name, and nobody is wanted": (NEED, replace(PEER, is_asked_by_name=False), True),
    "wanted, but not trained": (replace(NEED, wanted=1, required_subjects=frozenset({"mediation"})), PEER, False),
    "of another kind": (replace(NEED, kind="retired"), replace(PEER, kind="sworn"), False),
    "of this kind": (replace(NEED, kind="retired"), replace(PEER, kind="retired"), True),
    "one over the cap, where that is relaxed": (replace(NEED, over_cap=1), replace(PEER, open_contacts=3), True),
    "two over the cap": (replace(NEED, over_cap=1), replace(PEER, open_contacts=4), False),
    "not now": (replace(NEED, concern="grief"), replace(PEER, not_now=frozenset({"grief"})), True),
}


@pytest.mark.parametrize(("need", "peer", "expected"), RULES.values(), ids=RULES)
def test_hard_rule(need: Need, peer: Peer, expected: bool) -> None:
    assert may_be_offered(need, peer) is expected


UNITS, CODES, LANGUAGES = ("", "Patrol", "Dispatch"), ("suicide_intervention", "mediation"), ("es", "vi")
KINDS, GENDERS = ("sworn", "retired"), ("", "woman", "man")
LIVED = ("divorce", "debt")


def some(dice: Random, codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for code in codes if dice.random() < 0.5)


def a_peer_of(dice: Random, member_id: int) -> Peer:
    return Peer(
        member_id=member_id,
        unit=dice.choice(UNITS),
        agency=dice.choice(["", "Next County"]),
        kind=dice.choice(KINDS),
        gender=dice.choice(GENDERS),
        languages=some(dice, LANGUAGES),
        experiences=some(dice, LIVED),
        is_supervisor=dice.random() < 0.3,
        is_on_call=dice.random() < 0.3,
        is_on_call_soon=dice.random() < 0.3,
        is_available=dice.random() < 0.5,
        open_contacts=dice.randrange(5),
        cap=dice.randrange(1, 5),
        subjects=some(dice, CODES),
        not_now=some(dice, ("grief", "family")),
    )


def peers_of(seed: int, count: int) -> list[Peer]:
    dice = Random(seed)
    return [a_peer_of(dice, member_id) for member_id in dice.sample(range(1, 61), count)]


def need_of(seed: int) -> Need:
    dice = Random(seed)
    return Need(
        tie_seed=dice.randbytes(8),
        draw_seed=dice.choice([b"", dice.randbytes(8)]),
        concern=dice.choice(["", "grief", "family"]),
        required_subjects=some(dice, CODES),
        experiences=some(dice, LIVED),
        drawn_experiences=some(dice, LIVED),
        wanted=dice.choice([None, dice.randint(1, 60)]),
        anyone_else=dice.random() < 0.7,
        excluded_members=frozenset(dice.sample(range(1, 61), dice.randrange(10))),
        excluded_unit=dice.choice(UNITS),
        other_agency=dice.random() < 0.3,
        supervisor_ok=dice.random() < 0.5,
        language=dice.choice(["", *LANGUAGES]),
        kind=dice.choice(["", *KINDS]),
        gender=dice.choice(GENDERS),
    )


# Built from a drawn seed: drawing each attribute by itself takes longer than the code under test.
seeds = st.integers(0, 2**32)
peers = st.builds(peers_of, seeds, st.integers(0, 30))
needs = st.builds(need_of, seeds)
a_peer = st.builds(lambda seed, member_id: a_peer_of(Random(seed), member_id), seeds, st.integers(1, 60))


@given(needs, peers, st.randoms(use_true_random=False))
def test_the_order_of_the_peers_changes_nothing(need: Need, peers: list[Peer], dice: Random) -> None:
    shuffled = peers[:]
    dice.shuffle(shuffled)
    assert rank(need, shuffled) == rank(need, peers)
    assert shortlist(need, shuffled, 12) == shortlist(need, peers, 12)
    assert relax(need, shuffled) == relax(need, peers)


@given(needs, peers)
def test_rank_has_exactly_the_peers_who_pass_the_rules(need: Need, peers: list[Peer]) -> None:
    assert {ranked.member_id for ranked in rank(need, peers)} == {
        peer.member_id for peer in peers if may_be_offered(need, peer)
    }


@given(needs, peers)
def test_some_rules_are_never_relaxed(need: Need, peers: list[Peer]) -> None:
    by_id = {peer.member_id: peer for peer in peers}
    relaxed, rules = relax(need, peers)
    for one in rank(relaxed, peers):
        peer = by_id[one.member_id]
        assert peer.member_id not in need.excluded_members
        assert need.supervisor_ok or not peer.is_supervisor or peer.member_id == need.wanted
        assert need.anyone_else or need.wanted in {None, peer.member_id}
        assert need.required_subjects <= peer.subjects
        assert peer.open_contacts <= peer.cap - (SoftRule.CAP not in rules) or peer.member_id == need.wanted


@given(needs, peers)
def test_relax_gives_up_as_few_rules_as_possible(need: Need, peers: list[Peer]) -> None:
    relaxed, rules = relax(need, peers)
    if rank(need, peers):
        assert (replace(relaxed, draw_seed=need.draw_seed), rules) == (need, ())
    for rule in rules:
        fewer = [other for other in rules if other != rule]
        assert not rank(without_rules(need, fewer), peers)
    assert bool(rules) <= bool(rank(relaxed, peers))
    assert list(rules) == [rule for rule in RELAX_ORDER if rule in rules]


@given(needs, peers, a_peer)
def test_one_more_peer_never_lowers_the_best_score(need: Need, peers: list[Peer], one: Peer) -> None:
    others = [peer for peer in peers if peer.member_id != one.member_id]
    assert best(rank(need, others)) <= best(rank(need, [*others, one]))


BETTER = (
    lambda peer, need: replace(peer, open_contacts=max(0, peer.open_contacts - 1)),
    lambda peer, need: replace(peer, is_available=True),
    lambda peer, need: replace(peer, is_on_call=True),
    lambda peer, need: replace(peer, languages=frozenset(LANGUAGES)),
    lambda peer, need: replace(peer, experiences=frozenset(LIVED)),
    lambda peer, need: replace(peer, gender=need.gender),
    lambda peer, need: replace(peer, kind=need.kind),
    lambda peer, need: replace(peer, subjects=frozenset(CODES)),
    lambda peer, need: replace(peer, not_now=frozenset()),
    lambda peer, need: replace(peer, cap=peer.cap + 1),
)


@given(needs, peers, st.sampled_from(BETTER), st.data())
def test_a_peer_who_improves_never_lowers_the_best_score(
    need: Need, peers: list[Peer], improve: Callable[[Peer, Need], Peer], data: st.DataObject
) -> None:
    if not peers:
        return
    at = data.draw(st.integers(0, len(peers) - 1))
    better = [improve(peer, need) if number == at else peer for number, peer in enumerate(peers)]
    assert best(rank(need, peers)) <= best(rank(need, better))


def best(ranked: list[Ranked]) -> float:
    return ranked[0].score if ranked else float("-inf")


def ids(ranked: list[Ranked]) -> list[int]:
    return [ranked.member_id for ranked in ranked]


def test_the_wanted_peer_comes_first() -> None:
    busy = [Peer(member_id=1), Peer(member_id=2, open_contacts=2), Peer(member_id=3, open_contacts=1)]
    assert ids(rank(Need(tie_seed=b"x", wanted=2), busy)) == [2, 1, 3]


@pytest.mark.parametrize(
    ("need", "first", "second"),
    [
        (NEED, PEER, replace(PEER, open_contacts=1)),
        (NEED, replace(PEER, is_available=True, open_contacts=2), PEER),
        (NEED, PEER, replace(PEER, is_available=True, open_contacts=3, cap=4)),
        (
            replace(NEED, language="es", gender="man"),
            replace(PEER, languages=frozenset({"es"})),
            replace(PEER, gender="man", is_available=True),
        ),
    ],
    ids=["fewer open contacts", "available", "available, but too many open contacts", "language"],
)
def test_rank_order(need: Need, first: Peer, second: Peer) -> None:
    for one, other in ((1, 2), (2, 1)):
        assert ids(rank(need, [replace(second, member_id=other), replace(first, member_id=one)]))[0] == one


def test_each_ranked_peer_has_reasons_and_each_reason_a_sentence() -> None:
    need = replace(NEED, language="es", kind="retired", required_subjects=frozenset({"mediation"}))
    peer = replace(PEER, languages=frozenset({"es"}), kind="retired", subjects=frozenset({"mediation"}))
    (one,) = rank(need, [peer])
    assert one.reasons == (MatchReason.LANGUAGE, MatchReason.KIND, MatchReason.TRAINED)
    assert {*MATCH_REASON_LABELS, MatchReason.GENDER} == set(WEIGHTS) == set(MatchReason)
    assert set(GENDER_REASON_LABELS) == set(Gender)


def test_equals_are_ordered_differently_for_each_request() -> None:
    equals = [Peer(member_id=number) for number in range(1, 9)]
    orders = {tuple(ids(rank(Need(tie_seed=bytes([tie])), equals))) for tie in range(20)}
    assert len(orders) > 10


def test_shortlist_reserves_slots_for_peers_on_call_soon_despite_more_contacts() -> None:
    idle = [Peer(member_id=number) for number in range(1, 21)]
    on_call = [Peer(member_id=number, is_on_call_soon=True, open_contacts=2) for number in (31, 32)]
    chosen = shortlist(NEED, idle + on_call, 12)
    assert len(chosen) == 12
    assert chosen[-2:] == [member for member in ids(rank(NEED, idle + on_call)) if member in (31, 32)]


def test_now_puts_everyone_on_call_on_the_shortlist_whatever_else_is_wanted() -> None:
    on_call = [Peer(member_id=number, is_on_call=True) for number in range(1, 9)]
    preferred = [Peer(member_id=number, languages=frozenset({"es"})) for number in range(11, 23)]
    need = replace(NEED, language="es", is_now=True)
    assert set(range(1, 9)) < set(shortlist(need, preferred + on_call, 12))
    assert len(set(shortlist(replace(need, is_now=False), preferred + on_call, 12)) & set(range(1, 9))) == 6


FROM_PATROL = replace(PEER, unit="Patrol", kind="sworn")
RELAXED = {
    "nothing needs to": (NEED, [PEER], ()),
    "the kind": (replace(NEED, kind="retired"), [FROM_PATROL], (SoftRule.KIND,)),
    "not the unit": (replace(NEED, excluded_unit="Patrol"), [FROM_PATROL], ()),
    "not the agency": (replace(NEED, other_agency=True), [PEER], ()),
    "the cap, by one": (NEED, [replace(PEER, open_contacts=3)], (SoftRule.CAP,)),
    "no cap by two": (NEED, [replace(PEER, open_contacts=4)], ()),
    "not the training": (replace(NEED, required_subjects=frozenset({"mediation"})), [PEER], ()),
    "not an excluded member": (replace(NEED, excluded_members=frozenset({1})), [PEER], ()),
    "not a supervisor": (NEED, [replace(PEER, is_supervisor=True)], ()),
}


@pytest.mark.parametrize(("need", "peers", "expected"), RELAXED.values(), ids=RELAXED)
def test_relaxed_rules(need: Need, peers: list[Peer], expected: tuple[SoftRule, ...]) -> None:
    assert relax(need, peers)[1] == expected


ONLY_ANA = replace(NEED, wanted=1, anyone_else=False)
WAIVABLE = {
    "nothing": (replace(NEED, supervisor_ok=True), ()),
    "no supervisors": (NEED, (Waiver.SUPERVISORS,)),
    "names left out": (replace(NEED, supervisor_ok=True, excluded_members=frozenset({1})), (Waiver.NAMES,)),
    "a required training": (
        replace(NEED, supervisor_ok=True, required_subjects=frozenset({"mediation"})),
        (Waiver.TRAINING,),
    ),
    "only the peer they named": (replace(ONLY_ANA, excluded_members=frozenset({1})), (Waiver.NAMED,)),
    "only the peer they named, and a training": (
        replace(ONLY_ANA, required_subjects=frozenset({"mediation"})),
        (Waiver.NAMED, Waiver.TRAINING),
    ),
    "a unit left out": (replace(NEED, supervisor_ok=True, excluded_unit="Patrol"), (Waiver.UNIT,)),
    "another agency": (replace(NEED, supervisor_ok=True, other_agency=True), (Waiver.AGENCY,)),
    "what gives way by itself": (replace(NEED, supervisor_ok=True, kind="sworn"), ()),
}


@pytest.mark.parametrize(("need", "expected"), WAIVABLE.values(), ids=WAIVABLE)
def test_what_the_officer_could_waive(need: Need, expected: tuple[Waiver, ...]) -> None:
    assert waivable(need) == expected
