"""The program word: printed on poster and pocket card, it opens the names of the team."""

import hmac
import unicodedata


def matches_program_word(typed: str, word: str) -> bool:
    """Whether both have the same letters and digits, ignoring case, accents, spaces and punctuation.

    False for an empty `typed`. Takes the same time wherever they differ.
    """
    return bool(_plain(typed)) and hmac.compare_digest(_plain(typed).encode(), _plain(word).encode())


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())
