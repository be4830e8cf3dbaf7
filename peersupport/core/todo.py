"""Something that waits for the signed-in person. Each room reports its own to the home page and the rail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Todo:
    """text: what waits. detail: one more line. url, action: where to deal with it, and that link's label.

    needs_attention: whether it should be dealt with soon. entry, count: the rail entry (a URL name) that counts it, and
    how many; empty and 0 if the rail doesn't count it.
    """

    text: str
    detail: str = ""
    url: str = ""
    action: str = ""
    needs_attention: bool = False
    entry: str = ""
    count: int = 0
