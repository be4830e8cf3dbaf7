"""The receipt: seven words that an officer is shown once, and what is derived from them. Pure.

Words: the EFF large list without its four hyphenated words (words.LICENSE). 7,772 ** 7 is over 2 ** 90. All of them are
understood; those that nobody should be handed on a hard night (unkind.txt) are not given out, which leaves 90 bits.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from string import ascii_lowercase
from typing import Literal

from .envelope import context, derive


def _listed(name: str) -> tuple[str, ...]:
    return tuple(resources.files(__package__).joinpath(name).read_text("ascii").split())


WORDS: tuple[str, ...] = _listed("words.txt")
GIVEN_OUT: tuple[str, ...] = tuple(sorted(set(WORDS) - set(_listed("unkind.txt"))))
LENGTH = 7
MOST_TYPED = 2000  # characters; seven words have at most 63

Reason = Literal["empty", "too_few", "too_many", "unknown_word"]

_KNOWN = frozenset(WORDS)
_WORD_LENGTHS = range(min(map(len, WORDS)), max(map(len, WORDS)) + 1)


class NotAReceipt(ValueError):
    """The typed text is no receipt. Carries no typed text, so that no log can.

    typed: for "unknown_word", the number (from 0) of the typed fragment it is in, split at what is no letter.
    """

    def __init__(self, reason: Reason, typed: int | None = None) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.typed = typed


@dataclass(frozen=True)
class Credentials:
    """What a receipt gives, 32 bytes each: where its request is found, and the seed of the officer's key."""

    locator: bytes = field(repr=False)
    seed: bytes = field(repr=False)


def derive_words(secret: bytes, nonce: bytes, text: bytes) -> tuple[str, ...]:
    """Seven words, the same for the same secret, nonce and text, and unforeseeable without the secret.

    256 bits are reduced modulo the number of receipts: none is more likely than another by more than 2 ** -165.
    """
    number = int.from_bytes(derive(secret, salt=nonce, info=context("receipt words", 1, text)), "big")
    words = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(GIVEN_OUT))
        words.append(GIVEN_OUT[digit])
    return tuple(words)


def canonical(typed: str) -> str:
    """The letters alone, in lower case: accents, spaces, digits, commas and invisible marks are dropped."""
    return "".join(_fragments(typed))


def parse(typed: str) -> tuple[str, ...]:
    """The seven words that were typed, however they were spaced. Raises NotAReceipt.

    No word of the list begins another, so the letters alone say where each word ends.
    """
    if len(typed.strip()) > MOST_TYPED:
        raise NotAReceipt("too_many")
    letters = canonical(typed)
    if not letters:
        raise NotAReceipt("empty")
    words: list[str] = []
    at = 0
    while at < len(letters):
        if len(words) == LENGTH:
            raise NotAReceipt("too_many")
        word = _word_at(letters, at)
        if word is None:
            raise NotAReceipt("unknown_word", typed=_fragment_at(typed, at))
        words.append(word)
        at += len(word)
    if len(words) < LENGTH:
        raise NotAReceipt("too_few")
    return tuple(words)


def slips(typed: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each fragment that is no word of the list, with the words one slip away, in alphabetical order.

    A slip: a letter too many, too few, another one, or two in the wrong order. Only the public list is looked at.
    """
    return [(fragment, _one_slip_from(fragment)) for fragment in _fragments(typed) if fragment not in _KNOWN]


def credentials(secret: bytes, words: Iterable[str]) -> Credentials:
    """Locator and seed, by one keyed derivation over the letters.

    Not slow on purpose: 90 random bits cannot be guessed, and a slow hash would only load the server.
    """
    letters = canonical("".join(words))
    both = derive(letters.encode(), salt=secret, info=context("receipt credentials", 1), length=64)
    return Credentials(locator=both[:32], seed=both[32:])


def _fragments(typed: str) -> list[str]:
    # Marks go first: long runs of them make normalizing slow.
    bare = "".join(character for character in typed if not unicodedata.category(character).startswith("M"))
    plain = unicodedata.normalize("NFKD", bare).casefold()
    letters = (_letter_or_space(character) for character in plain)
    return "".join(letters).split()


def _letter_or_space(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf"):
        return ""  # an accent, or invisible: it does not part a word
    return character if character.isalpha() else " "


def _word_at(letters: str, at: int) -> str | None:
    return next((letters[at : at + n] for n in _WORD_LENGTHS if letters[at : at + n] in _KNOWN), None)


def _one_slip_from(fragment: str) -> tuple[str, ...]:
    if len(fragment) > _WORD_LENGTHS.stop:  # too long by more than one letter; and no work for who types a book
        return ()
    cuts = [(fragment[:at], fragment[at:]) for at in range(len(fragment) + 1)]
    near = {a + b[1:] for a, b in cuts if b}
    near |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    near |= {a + letter + rest for a, b in cuts for letter in ascii_lowercase for rest in (b, b[1:])}
    return tuple(sorted(near & _KNOWN))


def _fragment_at(typed: str, at: int) -> int:
    end = 0
    for number, fragment in enumerate(_fragments(typed)):
        end += len(fragment)
        if at < end:
            return number
    raise AssertionError("beyond the last letter")
