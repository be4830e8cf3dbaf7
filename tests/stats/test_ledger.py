import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.core.errors import Refused
from peersupport.program.vocabulary import VOCABULARIES
from stats.domain.ledger import (
    CONTACTS,
    COUNTERS,
    LAYOUT,
    PERSONS,
    SIZE,
    CounterId,
    Ledger,
    counter_for_group_session,
    counters_for_contact,
)

EMPTY = Ledger((0,) * len(COUNTERS))
ALL_CODES = {name: vector.codes[-1] for name, vector in VOCABULARIES.items() if vector.level in {"person", "contact"}}


def names(counters):
    return {counter.vector for counter in counters}


def test_counters_are_in_the_order_of_the_report():
    assert len(COUNTERS) == len(set(COUNTERS)) == 52
    assert [c.vector for c in COUNTERS[:2]] == ["persons", "contacts"]
    in_order = list(dict.fromkeys(c.vector for c in COUNTERS[2:]))
    expected = ["concern", "mode", "origin", "receiver", "duration", "response", "referral", "feedback", "group"]
    assert in_order == expected
    assert [c.code for c in COUNTERS if c.vector == "group"] == ["defusing", "debriefing"]


@pytest.mark.parametrize(
    ("first_this_year", "first_referral", "counts"),
    [
        (False, False, {"contacts", "feedback"}),
        (False, True, {"contacts", "feedback", "referral"}),
        (
            True,
            False,
            {"persons", "contacts", "feedback", "concern", "mode", "origin", "receiver", "duration", "response"},
        ),
        (
            True,
            True,
            {
                *("persons", "contacts", "feedback", "referral"),
                *("concern", "mode", "origin", "receiver", "duration", "response"),
            },
        ),
    ],
)
def test_a_tally_counts_each_list_at_its_level(first_this_year, first_referral, counts):
    counters = counters_for_contact(first_this_year=first_this_year, first_referral=first_referral, codes=ALL_CODES)
    assert names(counters) == counts
    assert len(counters) == len(counts)
    assert all(c.code in {"all", ALL_CODES.get(c.vector)} for c in counters)


def test_skips_are_not_counted():
    assert counters_for_contact(first_this_year=True, first_referral=True, codes={}) == (PERSONS, CONTACTS)
    assert counters_for_contact(first_this_year=True, first_referral=True, codes={"mode": "", "referral": ""}) == (
        PERSONS,
        CONTACTS,
    )


@pytest.mark.parametrize("vector", [v for v in VOCABULARIES.values() if v.level != "session"], ids=lambda v: v.name)
def test_each_code_adds_one_to_its_own_counter(vector):
    for code in vector.codes:
        counters = counters_for_contact(first_this_year=True, first_referral=True, codes={vector.name: code})
        added = EMPTY.add(*counters).by_counter()
        assert {counter for counter, value in added.items() if value} == {
            PERSONS,
            CONTACTS,
            CounterId(vector.name, code),
        }
        assert set(added.values()) == {0, 1}


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ({"concern": "other: my knee"}, "unknown_code"),
        ({"concern": "phone"}, "unknown_code"),
        ({"concern": "Grief"}, "unknown_code"),
        ({"rank": "sergeant"}, "unknown_list"),
        ({"persons": "all"}, "unknown_list"),
        ({"contacts": "all"}, "unknown_list"),
        ({"group": "defusing"}, "unknown_list"),
        ({"concern": ["grief", "work"]}, "two_codes"),
        ({"concern": ("grief",)}, "two_codes"),
        ({"mode": {"phone": 1}}, "two_codes"),
    ],
)
@pytest.mark.parametrize("first_this_year", [True, False])
def test_unlisted_codes_are_refused_with_a_sentence(codes, reason, first_this_year):
    with pytest.raises(Refused) as refused:
        counters_for_contact(first_this_year=first_this_year, first_referral=False, codes=codes)
    assert refused.value.code == reason
    assert refused.value.sentence.endswith(".")
    assert "knee" not in refused.value.sentence


def test_group_sessions_add_to_their_counter_alone():
    added = EMPTY.add(counter_for_group_session("debriefing")).by_counter()
    assert {counter: value for counter, value in added.items() if value} == {CounterId("group", "debriefing"): 1}
    with pytest.raises(Refused):
        counter_for_group_session("roll_call")


LEDGERS = st.builds(
    Ledger,
    st.lists(st.integers(-9, 2**40), min_size=len(COUNTERS), max_size=len(COUNTERS)).map(tuple),
    st.booleans(),
)


@settings(max_examples=40)
@given(LEDGERS)
def test_encoding_has_one_length_and_round_trips(ledger):
    data = ledger.encode()
    assert len(data) == LAYOUT.size <= SIZE
    assert Ledger.decode(data) == ledger


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda data: b"", "damaged"),
        (lambda data: data[:-1], "damaged"),
        (lambda data: data + b"\0", "damaged"),
        (lambda data: b"\x02" + data[1:], "damaged"),
        (lambda data: data[:2] + b"another!" + data[10:], "other_lists"),
    ],
)
def test_bytes_that_are_no_ledger_are_refused(harm, reason):
    with pytest.raises(Refused) as refused:
        Ledger.decode(harm(EMPTY.encode()))
    assert refused.value.code == reason


def test_a_ledger_of_another_length_is_refused():
    with pytest.raises(Refused):
        Ledger((0,) * (len(COUNTERS) - 1))
