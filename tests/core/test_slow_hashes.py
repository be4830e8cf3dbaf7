"""Who gets a seat at a slow hash, who waits and who is asked to press again."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from operations.serve import children
from peersupport.core import slow_hashes
from peersupport.core.slow_hashes import Busy, Line, in_line, seat
from peersupport.sealing import envelope
from peersupport.team import key_pair
from peersupport.team.password_hasher import BoundedArgon2Hasher

MANY_SECONDS = 60


@contextmanager
def holding(line: Line) -> Iterator[None]:
    """Somebody in another thread has a seat, for as long as the block lasts."""
    has_seat, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with in_line(line), seat():
            has_seat.set()
            is_over.wait(MANY_SECONDS)

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert has_seat.wait(MANY_SECONDS)
    try:
        yield
    finally:
        is_over.set()
        holder.join(MANY_SECONDS)


def outcome_in_thread(line: Line) -> tuple[threading.Thread, list[str]]:
    outcome: list[str] = []

    def run() -> None:
        try:
            with in_line(line), seat():
                outcome.append("seat")
        except Busy:
            outcome.append("busy")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, outcome


def wait_until_waiting(line: Line, number: int) -> None:
    with slow_hashes._change:
        while slow_hashes._waiting[line] < number:
            slow_hashes._change.wait(0.01)


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_hashes, "LONGEST_WAIT_SECONDS", 0.0)


@pytest.fixture
def long_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_hashes, "LONGEST_WAIT_SECONDS", float(MANY_SECONDS))


def take(line: Line) -> None:
    with in_line(line), seat():
        pass


def test_strangers_never_have_all_the_seats(short_wait: None) -> None:
    with holding(Line.STRANGERS):
        with pytest.raises(Busy):
            take(Line.STRANGERS)
        take(Line.KNOWN)
    take(Line.STRANGERS)


def test_no_more_at_once_than_the_setting_says(short_wait: None) -> None:
    with ExitStack() as all_seats:
        for _ in range(slow_hashes.most_at_once()):
            all_seats.enter_context(holding(Line.KNOWN))
        for line in Line:
            with pytest.raises(Busy):
                take(line)
    take(Line.STRANGERS)


def test_who_waits_gets_the_next_seat(long_wait: None) -> None:
    with holding(Line.STRANGERS):
        thread, outcome = outcome_in_thread(Line.STRANGERS)
        wait_until_waiting(Line.STRANGERS, 1)
    thread.join(MANY_SECONDS)
    assert outcome == ["seat"]


def test_line_of_strangers_that_is_full_keeps_no_thread_and_nobody_known_waiting(long_wait: None) -> None:
    with holding(Line.STRANGERS):
        waiting = [outcome_in_thread(Line.STRANGERS) for _ in range(slow_hashes.most_waiting())]
        wait_until_waiting(Line.STRANGERS, slow_hashes.most_waiting())
        with pytest.raises(Busy):  # at once
            take(Line.STRANGERS)
        take(Line.KNOWN)
    for thread, outcome in waiting:
        thread.join(MANY_SECONDS)
        assert outcome == ["seat"]


def test_known_who_wait_come_before_strangers(long_wait: None) -> None:
    with ExitStack() as seats:
        seats.enter_context(holding(Line.KNOWN))
        with holding(Line.KNOWN):
            known, outcome = outcome_in_thread(Line.KNOWN)
            wait_until_waiting(Line.KNOWN, 1)
            assert not slow_hashes._may_run(Line.STRANGERS)
        known.join(MANY_SECONDS)
        assert outcome == ["seat"]


def test_one_turn_is_enough_for_several_hashes_one_after_the_other(short_wait: None) -> None:
    with holding(Line.KNOWN), seat():
        key_pair.new_key_pair("a quiet word at night")
        with seat():
            pass


@pytest.mark.parametrize("at_once", [0, 1, 2, 3, 4, 6, 8, 99])
def test_lines_and_seats_never_take_all_threads_of_a_web_process(
    settings: Any, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    assert slow_hashes.limits == slow_hashes.Limits(settings.SLOW_HASHES_AT_ONCE, settings.WEB_THREADS)
    monkeypatch.setattr(slow_hashes.limits, "at_once", at_once)
    most = slow_hashes.most_at_once() + len(Line) * slow_hashes.most_waiting()
    assert slow_hashes.most_at_once() >= 2 and most <= settings.WEB_THREADS - slow_hashes.SPARE_THREADS
    assert children.web()[children.web().index("--blocking-threads") + 1] == str(settings.WEB_THREADS)


def test_every_slow_hash_takes_a_seat(short_wait: None, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = Argon2PasswordHasher().encode("a quiet word", "saltsaltsalt")
    assert BoundedArgon2Hasher().verify("a quiet word", encoded)
    pair, code = key_pair.new_key_pair("a quiet word")
    with ExitStack() as all_seats:
        for _ in range(slow_hashes.most_at_once()):
            all_seats.enter_context(holding(Line.KNOWN))
        for hashing in (
            lambda: BoundedArgon2Hasher().verify("a quiet word", encoded),
            lambda: BoundedArgon2Hasher().encode("a quiet word", "saltsaltsalt"),
            lambda: key_pair.open_by_password(pair, "a quiet word"),
            lambda: key_pair.open_by_recovery_code(pair, code),
            lambda: key_pair.seal_by_password(envelope.new_private_key(), "a quiet word"),
            lambda: key_pair.seal_by_recovery_code(envelope.new_private_key(), code),
        ):
            with pytest.raises(Busy):
                hashing()


def test_the_program_uses_the_bounded_hasher() -> None:
    from peersupport.settings import base

    assert base.PASSWORD_HASHERS == ["peersupport.team.password_hasher.BoundedArgon2Hasher"]
