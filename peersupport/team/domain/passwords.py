"""How a typed password is spelled: keyboards write one letter in several ways, and people can't see which."""

import unicodedata


def normalized(typed: str) -> str:
    """The one spelling (NFC, Unicode Standard Annex 15) from which hashes and keys are made."""
    return unicodedata.normalize("NFC", typed)


def spellings(typed: str) -> list[str]:
    """The normalized password; then as it was typed, and decomposed, for what was made before it was normalized."""
    return list(dict.fromkeys([normalized(typed), typed, unicodedata.normalize("NFD", typed)]))
