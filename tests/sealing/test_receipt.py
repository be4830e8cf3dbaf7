import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.sealing.receipt import (
    DRAWABLE_WORDS,
    WORDS,
    NotAReceipt,
    canonical,
    credentials,
    derive_words,
    parse,
    slips,
)
from tests.sealing import strategies as draw

SECRET = bytes(range(32))
NONCE = bytes(range(32, 64))
SEVEN = ("worrisome", "bonding", "enhance", "anywhere", "absentee", "whoopee", "contents")


def refused(typed: str) -> tuple[str, int | None]:
    with pytest.raises(NotAReceipt) as caught:
        parse(typed)
    assert str(caught.value) == caught.value.reason  # nothing of what was typed
    return caught.value.reason, caught.value.fragment_index


# The list


def test_list_has_7772_words_and_seven_of_them_have_90_bits() -> None:
    assert (len(WORDS), len(set(WORDS))) == (7772, 7772)
    assert math.log2(len(WORDS) ** 7) > 90


def test_no_unkind_word_is_given_out() -> None:
    assert not {"drown", "suffocate", "slit", "poison", "unloved", "shame", "widow", "traitor"} & set(DRAWABLE_WORDS)
    assert set(DRAWABLE_WORDS) < set(WORDS) and math.log2(len(DRAWABLE_WORDS) ** 7) > 90
    given = {word for number in range(500) for word in derive_words(SECRET, NONCE, b"%d" % number)}
    assert given < set(DRAWABLE_WORDS) and len(given) > 2000
    assert parse("unloved traitor drown poison slit widow shame")  # words given out before are still accepted


def test_list_has_plain_letters_only_and_no_word_begins_another() -> None:
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    in_order = sorted(WORDS)
    assert not [pair for pair in pairwise(in_order) if pair[1].startswith(pair[0])]


# Known answers: a change here would make every open request's receipt worthless.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "heroics gecko diameter trough onstage rebate bovine"),
        ("please, somebody", "travesty obedient husked porous oppressor padded snide"),
        ("Ich kann nicht schlafen. 😔", "risk pebbly sabotage purr immodest pectin dividers"),
    ],
)
def test_derive_words_known_answers(text: str, words: str) -> None:
    assert derive_words(SECRET, NONCE, text.encode()) == tuple(words.split())


def test_credentials_known_answer_of_version_1() -> None:
    found = credentials(SECRET, SEVEN, version=1)
    assert found.locator.hex() == "f69edce603cad1b4dce15ea986d6d506c2e643998ed2a8a85e885581b7751f48"
    assert found.seed.hex() == "be708d87d457c54391c7922e92e83f3a457a3ee0af70bc79939b6274d48ea0bc"


def test_credentials_known_answer() -> None:
    found = credentials(SECRET, SEVEN)
    assert found.locator.hex() == "4e7b8611585ac147ac4ee88115265a8a1efb56d85ebc32bba0fb1bb949f49bef"
    assert found.seed.hex() == "5318825ce42cc5078a45f246c8ee62a82d81d21231a6f74c9fed215d4980c140"


# Deriving


@draw.modest
@given(secret=draw.keys, nonce=draw.keys, text=draw.data, other=draw.data)
def test_derive_words_repeats_and_differs_by_secret_nonce_and_text(
    secret: bytes, nonce: bytes, text: bytes, other: bytes
) -> None:
    words = derive_words(secret, nonce, text)
    assert words == derive_words(secret, nonce, text)
    assert set(words) <= set(WORDS)
    changed = bytes([nonce[0] ^ 1]) + nonce[1:]
    assert words != derive_words(secret, changed, text)
    assert words != derive_words(bytes([secret[0] ^ 1]) + secret[1:], nonce, text)
    assert (words == derive_words(secret, nonce, other)) == (text == other)


def test_derive_words_takes_the_longest_message_in_any_script() -> None:
    assert len(derive_words(SECRET, NONCE, ("😔" * 20_000).encode())) == 7


def test_derive_words_uses_the_whole_list() -> None:
    seen = [derive_words(SECRET, NONCE, str(number).encode()) for number in range(2000)]
    for place in range(7):
        used = {words[place] for words in seen}
        assert len(used) > 1650  # 2,000 draws of 7,772 hit 1,763 on average


def test_credentials_differ_by_secret_and_by_every_word_and_order() -> None:
    others = [(*SEVEN[:6], "zoom"), tuple(reversed(SEVEN))]
    found = [credentials(SECRET, SEVEN), credentials(NONCE, SEVEN)] + [credentials(SECRET, o) for o in others]
    assert len({c.locator for c in found} | {c.seed for c in found}) == 8


def test_credentials_show_nothing_when_printed() -> None:
    assert repr(credentials(SECRET, SEVEN)) == "Credentials()"


# Reading what was typed


@draw.modest
@given(data=st.data(), words=draw.words)
def test_parse_reads_any_rendering_of_seven_words(data: st.DataObject, words: tuple[str, ...]) -> None:
    typed = data.draw(draw.renderings(words))
    assert parse(typed) == words
    assert canonical(typed) == "".join(words)
    assert credentials(SECRET, parse(typed)) == credentials(SECRET, words)


@draw.modest
@given(typed=st.text(max_size=200))
def test_parse_of_any_text_is_seven_words_or_not_a_receipt(typed: str) -> None:
    try:
        assert len(parse(typed)) == 7
    except NotAReceipt as error:
        assert error.reason in ("empty", "too_few", "too_many", "unknown_word")
        assert (error.fragment_index is not None) == (error.reason == "unknown_word")


@pytest.mark.parametrize(
    "typed",
    [
        "Worrisome, Bonding, Enhance, Anywhere, Absentee, Whoopee, Contents.",
        "worrisomebondingenhanceanywhereabsenteewhoopeecontents",
        "1. worrisome\r\n2. bonding\r\n3. enhance\r\n4. anywhere\r\n5. absentee\r\n6. whoopee\r\n7. contents",
        "worrisome-bonding-enhance-any-\nwhere-absentee-whoopee-contents",
        "  Wórrisome bonding énhance anywhere absentee whoopee contents  ",
        "𝐖orrisome bonding enℎance anywhere absentee 𝒲hoopee contents",
    ],
)
def test_parse_forgives(typed: str) -> None:
    assert parse(typed) == SEVEN


@pytest.mark.parametrize(
    ("typed", "reason", "fragment"),
    [
        ("", "empty", None),
        (" \n 1, 2, 3 🙂 \u200f", "empty", None),
        ("worrisome bonding enhance", "too_few", None),
        (" ".join(SEVEN[:6]), "too_few", None),
        (" ".join((*SEVEN, "zoom")), "too_many", None),
        (" ".join((*SEVEN, "thanks")), "too_many", None),
        ("zoom " * 500, "too_many", None),
        ("worrisome bonding enhance anywhere absentee whoopee contentss", "unknown_word", 6),
        ("worrisome, bonding, enhance, anywhere, absentee, whoopee, contentsthanks", "unknown_word", 6),
        ("worrisomebondingenhanceanywhereabsenteewhoopeecontentss", "too_many", None),
        ("\u0301" * 5000, "too_many", None),
        ("xyzzy", "unknown_word", 0),
        ("worrisome bondign enhance anywhere absentee whoopee contents", "unknown_word", 1),
        ("worrisome bonding enhance any", "unknown_word", 3),
        ("worrisome bonding абба", "unknown_word", 2),
        ("worrisome bonding enhance drop-down absentee whoopee contents", "unknown_word", 3),
    ],
)
def test_parse_gives_a_reason(typed: str, reason: str, fragment: int | None) -> None:
    assert refused(typed) == (reason, fragment)


# One letter off


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("worrisome bondign enhance", [("bondign", ("bonding",))]),  # two in the wrong order
        ("Bondin, enhhance", [("bondin", ("bonding",)), ("enhhance", ("enhance",))]),  # too few, too many
        ("bonking", [("bonking", ("banking", "bonding"))]),  # another
        ("worrisomebonding enhnace", [("worrisomebonding", ()), ("enhnace", ("enhance",))]),
        ("xyzzy", [("xyzzy", ())]),
        ("worrisome 1 2 3", []),
        ("a" * 5000, [("a" * 5000, ())]),
    ],
)
def test_slips_are_found_in_the_public_list(typed: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert slips(typed) == found


@draw.modest
@given(data=st.data(), word=st.sampled_from(WORDS))
def test_slips_of_one_letter_always_find_the_word(data: st.DataObject, word: str) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    for typed in (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]):
        assert all(word in near for _, near in slips(typed))
