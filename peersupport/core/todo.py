"""Something that waits for the signed-in person. Each room reports its own to the home page and the rail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Todo:
    """text: what waits. detail: one more line. url, action: where to deal with it, and that link's label.

    is_warm: whether it needs attention soon. entry, count: the rail entry (a URL name) that counts it, and how many;
    empty and 0 if the rail doesn't count it.
    """

    text: str
    detail: str = ""
    url: str = ""
    action: str = ""
    is_warm: bool = False
    entry: str = ""
    count: int = 0
