"""Words that people read to each other or write down, instead of figures: a key's fingerprint and the recovery code."""

import hashlib
from collections.abc import Callable, Sequence

FINGERPRINT_WORDS = 4
RECOVERY_WORDS = 8  # out of some 7,500: 102 bits, behind a slow hash


def fingerprint(public_key: bytes, words: Sequence[str]) -> str:
    """Four words that stand for a public key (51 bits), to be compared by two people who know each other."""
    rest = int.from_bytes(hashlib.sha256(b"peer support member key\x00" + public_key).digest(), "big")
    chosen = []
    for _ in range(FINGERPRINT_WORDS):
        rest, index = divmod(rest, len(words))
        chosen.append(words[index])
    return " ".join(chosen)


def recovery_code(choose: Callable[[Sequence[str]], str], words: Sequence[str]) -> str:
    """A new recovery code. choose: must pick evenly and unpredictably, as secrets.choice does."""
    return " ".join(choose(words) for _ in range(RECOVERY_WORDS))
