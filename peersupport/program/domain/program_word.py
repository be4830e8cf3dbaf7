"""The program word: printed on poster and pocket card, it opens the names of the team to those who have one. Pure."""

import hmac
import unicodedata


def is_the_word(typed: str, word: str) -> bool:
    """Whether both have the same letters and digits: capitals, accents, spaces and signs do not matter."""
    return bool(_plain(typed)) and hmac.compare_digest(_plain(typed).encode(), _plain(word).encode())


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())
