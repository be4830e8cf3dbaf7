"""What can be a person's name: it stands in mails to others, whose programs make links of what looks like one. Pure."""

import re
import unicodedata

# Small letters after a dot tell the name of a host from "St.Clair" and "J.R.".
LINK = re.compile(r"://|@|\b[wW]{3}\.|\w\.[a-z]{2,}\b")
BREAKS = frozenset({"Cc", "Zl", "Zp"})
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turn the order of what follows


def is_plain(name: str) -> bool:
    """Whether it is one line of words, without a link."""
    return not LINK.search(name) and not any(unicodedata.category(each) in BREAKS or each in TURNS for each in name)
