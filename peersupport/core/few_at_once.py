"""Few threads of a process compute pages for officers at once.

Python lets one thread compute at a time. The more of them want to, the more of the processor's time goes into handing
over; three are enough to compute while others wait for the disk (docs/decisions/0788-few-compute-at-once.md).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

AT_ONCE = 3
# Then it goes on all the same: those before it may wait for the database, or for a disk, for seconds.
LONGEST_WAIT_SECONDS = 0.25


def _all_free() -> "SimpleQueue[None]":
    """A queue, and no semaphore: Python's own is written in Python, and would cost what it saves."""
    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(AT_ONCE):
        places.put(None)
    return places


_places = _all_free()


@contextmanager
def place() -> Iterator[None]:
    """One of the few places, or none after a moment."""
    places, has_place = _places, True
    try:
        places.get(timeout=LONGEST_WAIT_SECONDS)
    except Empty:
        has_place = False
    try:
        yield
    finally:
        if has_place:
            places.put(None)


def _begin_anew() -> None:
    """In a forked child, whose parent's threads it doesn't have."""
    global _places
    _places = _all_free()


os.register_at_fork(after_in_child=_begin_anew)
