import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from peersupport.sealing import envelope
from peersupport.sealing.envelope import CannotOpen, TooLong
from tests.sealing import strategies as draw
from tests.sealing.reference_hpke import open_base

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))
CONTEXT = envelope.context("request", b"\x01\x02", 7)


# Known answers: a change here would lose what is sealed in a running installation.


def test_context_known_answer() -> None:
    assert CONTEXT.hex() == "73000000077265717565737462000000020102690000000137"


BEFORE_VERSIONS = "561887bcdd94cdad7669e875ec6fb902a90e1e952aa5cf09539adaae021aa612c19f12798f5c14a91358a508f0f45db3"


@pytest.mark.parametrize(
    "sealed",
    ["02141ab21cc952b9a93d0798ea90a02b2ac36c2c086b15e8d6a562df29747bfeb59ecf914003fbea933e7242dc", BEFORE_VERSIONS],
)
def test_sealed_known_answer_opens(sealed: str) -> None:
    assert envelope.open_sealed(KEY, bytes.fromhex(sealed), context=CONTEXT) == b"hello"


@pytest.mark.parametrize(
    "sealed",
    [
        "02954f5b10ee0db97d6ed9d7545bd5d4f24275d2f099f4532730e51cd0c490cc3ca465e4f0de22b8b17bd3d6773d59708416606bf807",
        "d6129af4fea0f1c426efeb43465df96042cb5519d0ff2b6157684f0ef5fdb918dce68d387ea0115efca8021fa9d5e061737c612220",
    ],
    ids=["version 2", "before there were versions"],
)
def test_sealed_to_known_answer_opens(sealed: str) -> None:
    assert envelope.open_with(KEY, bytes.fromhex(sealed), info=CONTEXT) == b"hello"


def test_a_version_byte_is_bound_to_what_follows() -> None:
    """Put in front of what was sealed before, or taken away, it opens nothing."""
    sealed = envelope.seal(KEY, b"hello", size=12, context=CONTEXT)
    assert sealed[:1] == envelope.VERSION
    for other in (sealed[1:], b"\x01" + sealed[1:], envelope.VERSION + bytes.fromhex(BEFORE_VERSIONS)):
        with pytest.raises(CannotOpen):
            envelope.open_sealed(KEY, other, context=CONTEXT)


def test_derive_is_hkdf_of_rfc_5869_test_case_1() -> None:
    salt, info = bytes(range(13)), bytes(range(0xF0, 0xFA))
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert envelope.derive(b"\x0b" * 22, salt=salt, info=info, length=42).hex() == expected
    assert envelope.derive(b"\x0b" * 22, salt=salt, info=info).hex() == expected[:64]


def test_reference_hpke_opens_the_vector_of_rfc_9180_a_2_1() -> None:
    private = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"
    sealed = (
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )
    opened = open_base(bytes.fromhex(private), bytes.fromhex(sealed), b"Ode on a Grecian Urn", b"Count-0")
    assert opened == b"Beauty is truth, truth beauty"


@draw.modest
@given(private=draw.keys, data=draw.data, info=draw.data)
def test_seal_to_is_hpke_as_the_reference_reads_it(private: bytes, data: bytes, info: bytes) -> None:
    sealed = envelope.seal_to(envelope.public_key_of(private), data, info=info)
    assert sealed[:1] == envelope.VERSION
    assert open_base(private, sealed[1:], envelope.VERSION + info) == data


def test_private_key_from_seed_known_answer() -> None:
    private = envelope.private_key_from(bytes(range(32)))
    assert private.hex() == "88c52f0b06a0415670cd8915c45cdc4ce241e6d166c4ef41d3fd1c89d1a4b851"
    assert envelope.public_key_of(private).hex() == "7b9d661d65c2638ced64afc679bbb374fb2f3495c49b56604fe3540b05566b35"


def test_password_key_known_answer(slow_passwords: None) -> None:
    key = envelope.password_key("correct horse battery", bytes(range(16)))
    assert key.hex() == "5995fc5ddabdb7f10fae2ad796270c269821d70b0efb8fb60262a81f1b6f0eb8"


# Sealing under a key


@draw.modest
@given(key=draw.keys, data=draw.data, context=draw.data, more=st.integers(0, 300))
def test_sealed_opens_and_its_length_is_constant(key: bytes, data: bytes, context: bytes, more: int) -> None:
    size = len(data) + more
    sealed = envelope.seal(key, data, size=size, context=context)
    assert envelope.open_sealed(key, sealed, context=context) == data
    assert envelope.open_sealed(key, memoryview(sealed), context=context) == data
    assert len(sealed) == size + envelope.SEALED_OVERHEAD
    assert sealed != envelope.seal(key, data, size=size, context=context)


def test_data_with_trailing_zeros_comes_back_complete() -> None:
    for data in (b"", b"\0", b"a\0\0"):
        sealed = envelope.seal(KEY, data, size=8, context=CONTEXT)
        assert envelope.open_sealed(KEY, sealed, context=CONTEXT) == data


def test_too_long_data_is_refused_and_not_truncated() -> None:
    envelope.seal(KEY, b"x" * 8, size=8, context=CONTEXT)
    with pytest.raises(TooLong):
        envelope.seal(KEY, b"x" * 9, size=8, context=CONTEXT)


def flip(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ mask]) + sealed[at + 1 :]


def cut(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[:at]


def cut_front(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[at + 1 :]


def drop_one(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[:at] + sealed[at + 1 :]


def add_one(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[:at] + bytes([mask]) + sealed[at:]


def turn(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[at:] + sealed[:at]


def swap_neighbors(sealed: bytes, at: int, mask: int) -> bytes:
    return sealed[:at] + sealed[at : at + 2][::-1] + sealed[at + 2 :]


DAMAGE = [flip, cut, cut_front, drop_one, add_one, turn, swap_neighbors]
damages = st.tuples(st.sampled_from(DAMAGE), st.integers(min_value=0), st.integers(1, 255))
Damage = tuple[Callable[[bytes, int, int], bytes], int, int]


def damaged(sealed: bytes, damage: Damage) -> bytes:
    how, where, mask = damage
    result = how(sealed, where % len(sealed), mask)
    assume(result != sealed)
    return result


@draw.modest
@given(key=draw.keys, data=draw.data, damage=damages)
def test_cut_moved_or_altered_byte_fails_closed(key: bytes, data: bytes, damage: Damage) -> None:
    sealed = damaged(envelope.seal(key, data, size=300, context=CONTEXT), damage)
    with pytest.raises(CannotOpen):
        envelope.open_sealed(key, sealed, context=CONTEXT)


@draw.modest
@given(key=draw.keys, other=draw.keys, one=st.lists(draw.parts), two=st.lists(draw.parts))
def test_wrong_key_or_another_place_fails_closed(key: bytes, other: bytes, one: list, two: list) -> None:
    sealed = envelope.seal(key, b"words", size=16, context=envelope.context(*one))
    if key != other:
        with pytest.raises(CannotOpen):
            envelope.open_sealed(other, sealed, context=envelope.context(*one))
    if one != two:
        with pytest.raises(CannotOpen):
            envelope.open_sealed(key, sealed, context=envelope.context(*two))


@draw.modest
@given(one=st.lists(draw.parts), two=st.lists(draw.parts))
def test_context_is_equal_only_for_equal_parts(one: list, two: list) -> None:
    assert (envelope.context(*one) == envelope.context(*two)) == (one == two)


def test_context_distinguishes_types_and_boundaries() -> None:
    alike = [("1",), (1,), (b"1",), ("ab", "c"), ("a", "bc"), ("abc",), (), ("",), ("", "")]
    assert len({envelope.context(*parts) for parts in alike}) == len(alike)


@pytest.mark.parametrize("sealed", [None, b"", b"x", b"x" * 28, "text", bytes(100)])
@pytest.mark.parametrize("key", [KEY, b"", b"short", KEY + b"x", None])
def test_nonsense_cannot_be_opened(key: bytes, sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        envelope.open_sealed(key, sealed, context=CONTEXT)
    with pytest.raises(CannotOpen):
        envelope.open_with(key, sealed, info=CONTEXT)


def test_cannot_open_reveals_neither_data_nor_reason() -> None:
    with pytest.raises(CannotOpen) as caught:
        envelope.open_sealed(KEY, b"x" * 50, context=CONTEXT)
    assert (str(caught.value), caught.value.__cause__) == ("", None)


# Sealing to a person


@draw.modest
@given(private=draw.keys, data=draw.data, info=draw.data)
def test_sealed_to_opens_with_the_private_half(private: bytes, data: bytes, info: bytes) -> None:
    public = envelope.public_key_of(private)
    sealed = envelope.seal_to(public, data, info=info)
    assert envelope.open_with(private, sealed, info=info) == data
    assert envelope.open_with(private, memoryview(sealed), info=info) == data
    assert len(sealed) == len(data) + envelope.SEALED_TO_OVERHEAD
    assert sealed != envelope.seal_to(public, data, info=info)


@draw.modest
@given(private=draw.keys, data=draw.data, damage=damages)
def test_sealed_to_fails_closed_when_damaged(private: bytes, data: bytes, damage: Damage) -> None:
    sealed = damaged(envelope.seal_to(envelope.public_key_of(private), data, info=CONTEXT), damage)
    # X25519 ignores the highest bit of the one-use public key, but HPKE binds its bytes all the same.
    with pytest.raises(CannotOpen):
        envelope.open_with(private, sealed, info=CONTEXT)


def test_sealed_to_fails_closed_for_another_person_or_request() -> None:
    private, other = envelope.new_private_key(), envelope.new_private_key()
    sealed = envelope.seal_to(envelope.public_key_of(private), b"content key", info=CONTEXT)
    with pytest.raises(CannotOpen):
        envelope.open_with(other, sealed, info=CONTEXT)
    with pytest.raises(CannotOpen):
        envelope.open_with(private, sealed, info=CONTEXT + b"\0")


@pytest.mark.parametrize("public", [b"", b"x" * 31, bytes(32)])
def test_nothing_is_sealed_to_a_malformed_public_key(public: bytes) -> None:
    with pytest.raises(ValueError):
        envelope.seal_to(public, b"content key", info=CONTEXT)


# Keys


def test_new_keys_are_32_random_bytes() -> None:
    made = [make() for make in (envelope.new_key, envelope.new_private_key) for _ in range(20)]
    assert {len(key) for key in made} == {32}
    assert len(set(made)) == 40


def test_derive_differs_by_secret_salt_and_info() -> None:
    derived = {
        envelope.derive(secret, salt=salt, info=info)
        for secret in (b"1" * 32, b"2" * 32)
        for salt in (b"1" * 32, b"2" * 32)
        for info in (b"card", b"words")
    }
    assert len(derived) == 8


AT_ONCE = """
import sys, threading
from peersupport.sealing import envelope
made = []
def derive(number):
    for _ in range(2):
        made.append(envelope.password_key("correct horse battery", bytes(range(16))).hex())
threads = [threading.Thread(target=derive, args=[number]) for number in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(made), len(set(made)))
"""


def test_several_people_sign_in_at_once() -> None:
    """In a process of its own, with the real memory cost: a deadlock can only be killed."""
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=30, cwd=ROOT)
    assert done.stdout.split() == ["8", "1"], done.stderr


def test_password_key_differs_by_password_and_salt() -> None:
    made = {envelope.password_key(*of) for of in (("one", b"1" * 16), ("two", b"1" * 16), ("one", b"2" * 16))}
    assert len(made) == 3
