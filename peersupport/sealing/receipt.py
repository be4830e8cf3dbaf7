"""The receipt: seven words that an officer sees once, and what is derived from them. Pure.

The words are the EFF large list without its four hyphenated words (words.LICENSE): 7,772 ** 7 is over 2 ** 90. All of
them are accepted; those that nobody should get on a hard night (unkind.txt) aren't given out, which leaves 90 bits.
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
DRAWABLE_WORDS: tuple[str, ...] = tuple(sorted(set(WORDS) - set(_listed("unkind.txt"))))
LENGTH = 7
MAX_TYPED = 2000  # characters; seven words have at most 63

Reason = Literal["empty", "too_few", "too_many", "unknown_word"]

_WORD_SET = frozenset(WORDS)
_WORD_LENGTHS = range(min(map(len, WORDS)), max(map(len, WORDS)) + 1)


class NotAReceipt(ValueError):
    """The typed text is no receipt. It carries none of that text, so that no log can.

    fragment_index: for "unknown_word", which typed fragment has that word, counted from 0. Fragments are runs of
    letters.
    """

    def __init__(self, reason: Reason, fragment_index: int | None = None) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.fragment_index = fragment_index


@dataclass(frozen=True)
class Credentials:
    """What a receipt stands for: where its request is found, and the seed of the officer's keys (32 bytes each).

    version: of the derivation. A locator of version 1 can't be made from one of version 2, so whoever writes to the
    database can't pass a newer request off as one that was sealed as in version 1.
    """

    locator: bytes = field(repr=False)
    seed: bytes = field(repr=False)
    version: int = field(default=2, repr=False)


def derive_words(secret: bytes, nonce: bytes, text: bytes) -> tuple[str, ...]:
    """Seven words: the same for the same secret, nonce and text, and unpredictable without the secret.

    256 bits are reduced modulo the number of receipts, so none is more likely than another by over 2 ** -165.
    """
    number = int.from_bytes(derive(secret, salt=nonce, info=context("receipt words", 1, text)), "big")
    words = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(DRAWABLE_WORDS))
        words.append(DRAWABLE_WORDS[digit])
    return tuple(words)


def canonical(typed: str) -> str:
    """Only the letters, in lower case, without accents, spaces, digits, punctuation and invisible marks."""
    return "".join(_fragments(typed))


def parse(typed: str) -> tuple[str, ...]:
    """The seven words that were typed, with whatever spacing. Raises NotAReceipt.

    No word of the list is a prefix of another, so the letters alone show where each word ends.
    """
    if len(typed.strip()) > MAX_TYPED:
        raise NotAReceipt("too_many")
    letters = canonical(typed)
    if not letters:
        raise NotAReceipt("empty")
    words: list[str] = []
    at = 0
    while at < len(letters):
        if len(words) == LENGTH:
            raise _beyond_the_last_word(typed)
        word = _word_at(letters, at)
        if word is None:
            raise NotAReceipt("unknown_word", fragment_index=_fragment_at(typed, at))
        words.append(word)
        at += len(word)
    if len(words) < LENGTH:
        raise NotAReceipt("too_few")
    return tuple(words)


def _beyond_the_last_word(typed: str) -> NotAReceipt:
    """Letters are left after seven words. Where seven were typed, one of them is wrong, such as a word with an "s"."""
    fragments = _fragments(typed)
    if len(fragments) != LENGTH:
        return NotAReceipt("too_many")
    index = next(index for index, fragment in enumerate(fragments) if fragment not in _WORD_SET)
    return NotAReceipt("unknown_word", fragment_index=index)


def slips(typed: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each typed fragment that isn't on the list, with the listed words one slip away, in alphabetical order.

    A slip is one letter too many, too few or wrong, or two neighbors swapped. Only the public list is consulted.
    """
    return [(fragment, _one_slip_from(fragment)) for fragment in _fragments(typed) if fragment not in _WORD_SET]


def credentials(secret: bytes, words: Iterable[str], version: int = 2) -> Credentials:
    """Locator and seed, from one keyed derivation over the letters.

    Deliberately fast: 90 random bits can't be guessed, and a slow hash would only load the server.
    """
    letters = canonical("".join(words))
    both = derive(letters.encode(), salt=secret, info=context("receipt credentials", version), length=64)
    return Credentials(locator=both[:32], seed=both[32:], version=version)


def _fragments(typed: str) -> list[str]:
    # Marks are dropped first: long runs of them make normalization slow.
    bare = "".join(character for character in typed if not unicodedata.category(character).startswith("M"))
    plain = unicodedata.normalize("NFKD", bare).casefold()
    letters = (_letter_or_space(character) for character in plain)
    return "".join(letters).split()


def _letter_or_space(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf"):
        return ""  # an accent or an invisible mark doesn't split a word
    return character if character.isalpha() else " "


def _word_at(letters: str, at: int) -> str | None:
    return next((letters[at : at + n] for n in _WORD_LENGTHS if letters[at : at + n] in _WORD_SET), None)


def _one_slip_from(fragment: str) -> tuple[str, ...]:
    if len(fragment) > _WORD_LENGTHS.stop:  # over one letter too long; and nobody can make us work by typing a book
        return ()
    cuts = [(fragment[:at], fragment[at:]) for at in range(len(fragment) + 1)]
    near = {a + b[1:] for a, b in cuts if b}
    near |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    near |= {a + letter + rest for a, b in cuts for letter in ascii_lowercase for rest in (b, b[1:])}
    return tuple(sorted(near & _WORD_SET))


def _fragment_at(typed: str, at: int) -> int:
    end = 0
    for number, fragment in enumerate(_fragments(typed)):
        end += len(fragment)
        if at < end:
            return number
    raise AssertionError("beyond the last letter")
