"""At most three threads of a process compute officers' pages at once; nobody waits long for a place."""

import threading
import time
from queue import SimpleQueue

import pytest
from django.test import Client

from peersupport.core import few_at_once


def holding(places: int, until: threading.Event) -> list[threading.Thread]:
    """Threads that have so many places, until the event."""
    have = threading.Barrier(places + 1)

    def hold() -> None:
        with few_at_once.place():
            have.wait(5)
            until.wait(5)

    threads = [threading.Thread(target=hold) for _ in range(places)]
    for thread in threads:
        thread.start()
    have.wait(5)
    return threads


def seconds_to_a_place() -> float:
    began = time.monotonic()
    with few_at_once.place():
        return time.monotonic() - began


def test_the_last_place_is_taken_at_once_and_the_next_comer_goes_on_after_a_moment() -> None:
    over = threading.Event()
    threads = holding(few_at_once.AT_ONCE - 1, over)
    assert seconds_to_a_place() < few_at_once.LONGEST_WAIT_SECONDS / 2
    threads += holding(1, over)
    assert few_at_once.LONGEST_WAIT_SECONDS <= seconds_to_a_place() < 2
    over.set()
    for thread in threads:
        thread.join()
    assert few_at_once._places.qsize() == few_at_once.AT_ONCE


def test_a_page_that_fails_gives_its_place_back() -> None:
    for _ in range(2 * few_at_once.AT_ONCE):
        with pytest.raises(RuntimeError), few_at_once.place():
            raise RuntimeError
    assert few_at_once._places.qsize() == few_at_once.AT_ONCE


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "asked"), [("/about/", 1), ("/sign-in/", 0)])
def test_only_pages_for_anybody_take_a_place(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, asked: int
) -> None:
    """Who signs in may wait for seconds until a password can be looked at, and keeps no officer waiting."""
    taken: SimpleQueue[str] = SimpleQueue()

    class Counted(SimpleQueue):  # type: ignore[type-arg]
        def get(self, *how: object, **more: object) -> None:
            taken.put(address)

    monkeypatch.setattr(few_at_once, "_places", Counted())
    assert client.get(address).status_code == 200
    assert taken.qsize() == asked
