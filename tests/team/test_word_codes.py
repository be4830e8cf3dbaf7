from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing.receipt import WORDS, canonical
from peersupport.team.domain.word_codes import fingerprint, recovery_code


def test_fingerprint_of_a_known_key() -> None:
    """If this changes, the words that people have compared no longer stand for their keys."""
    assert fingerprint(bytes(range(32)), WORDS) == "baboon coastland vendetta scoundrel"


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_fingerprint_differs_between_keys(one: bytes, other: bytes) -> None:
    assert len(fingerprint(one, WORDS).split()) == 4
    assert (fingerprint(one, WORDS) == fingerprint(other, WORDS)) == (one == other)


def test_recovery_code_takes_each_word_from_the_choice() -> None:
    chosen = iter(WORDS[:8])
    assert recovery_code(lambda words: next(chosen), WORDS) == " ".join(WORDS[:8])


def test_recovery_code_has_a_hundred_bits() -> None:
    assert len(WORDS) ** 8 > 2**103


def test_recovery_code_is_the_same_however_it_is_typed() -> None:
    assert canonical("  Abacus-Abdomen\nABDUCT ") == "abacusabdomenabduct"
