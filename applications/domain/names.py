"""What may be a person's name. Names appear in mails, whose readers turn anything like a URL into a link. Pure."""

import re
import unicodedata

# Lower case after a dot tells a host name from "St.Clair" and "J.R.".
LINK_PATTERN = re.compile(r"://|@|\b[wW]{3}\.|\w\.[a-z]{2,}\b")
LINE_BREAK_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # reverse the text after them


def is_plain(name: str) -> bool:
    """Whether the name is one line of text without a link."""
    return not LINK_PATTERN.search(name) and not any(
        unicodedata.category(character) in LINE_BREAK_CATEGORIES or character in BIDI_CONTROLS for character in name
    )
