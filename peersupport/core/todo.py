"""One thing that waits for the person who has signed in, as a room tells the home and the rail of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Todo:
    """text: what waits. detail: a word more. url, action: where it is dealt with, and what that link says.

    is_warm: whether it needs somebody soon. entry, count: at which entry of the rail, by its URL name, so many things
    wait; empty and 0 where the rail does not count them.
    """

    text: str
    detail: str = ""
    url: str = ""
    action: str = ""
    is_warm: bool = False
    entry: str = ""
    count: int = 0
