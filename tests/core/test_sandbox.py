"""The process in which a file is read, and how many of them there are at once."""

import dataclasses
import os
import queue
import subprocess
import threading

import pytest
from django.conf import settings

from peersupport.core.errors import Refused
from peersupport.core.sandbox import running

pytestmark = pytest.mark.sqlite_only
READER = running.Reader(
    "tests.core.sandbox_readers", "too much", cpu_seconds=5, memory_bytes=512 * running.MEGABYTE, seconds=60,
    answer_bytes=1000,
)  # fmt: skip


def test_an_answer_comes_back_from_another_process() -> None:
    answer = running.read(READER, b"\x00bytes\n", "echo")
    assert (answer.content, answer.facts != os.getpid()) == (b"\x00bytes\n", True)


@pytest.mark.parametrize(
    ("what", "limits"),
    [("loop", {"cpu_seconds": 1}), ("loop", {"seconds": 0.5}), ("grow", {}), ("pour", {})],
    ids=["CPU time", "by the clock", "memory", "answer"],
)
def test_a_reader_that_takes_too_much_is_stopped(what: str, limits: dict[str, float]) -> None:
    with pytest.raises(Refused, match="too much"):
        running.read(dataclasses.replace(READER, **limits), b"x" * 100, what)


def test_a_reader_has_no_secrets_network_or_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERSUPPORT_HOST_SECRET", "secret")
    assert running.read(READER, b"", "escape").facts == []


def test_a_reader_that_cannot_start_is_not_blamed_on_the_file() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        running.read(dataclasses.replace(READER, module="peersupport.core.nowhere"), b"")


def test_of_eight_at_once_one_is_read_three_wait_and_the_others_are_told() -> None:
    answers: queue.Queue[str] = queue.Queue()
    line, pids = running.Line(waiting=3), set()

    def read() -> None:
        try:
            pids.add(running.read(READER, b"", "echo", line=line).facts)
            answers.put("read")
        except Refused as refused:
            answers.put(refused.code)

    threads = [threading.Thread(target=read) for _ in range(7)]
    with line.turn():
        for thread in threads:
            thread.start()
        assert [answers.get(timeout=60) for _ in range(4)] == ["busy"] * 4
        assert not pids
    assert [answers.get(timeout=60) for _ in range(3)] == ["read"] * 3
    with line.turn():
        assert len(pids) == 3, "the line is free again"


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WAITING_SECONDS", 0.01)
    line = running.Line(waiting=1)
    for _ in range(3):  # whoever gave up holds no place
        with line.turn(), pytest.raises(Refused, match="Many files"):
            running.read(READER, b"", "echo", line=line)


def test_threads_are_left_for_pages_without_a_file() -> None:
    strangers, staff = (line._places._value for line in (running.STRANGERS, running.STAFF))
    assert (strangers, strangers + staff) <= (settings.WEB_THREADS / 2, settings.WEB_THREADS - 1)
