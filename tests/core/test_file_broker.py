import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu.transport.virtual import Channel

from peersupport.celery import app

PAYLOAD = {"body": ["a line of a long message"] * 400_000}  # takes a while to write


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with app.connection("filesystem://localhost", transport_options=folders) as connection:
        yield connection.channel()


def test_message_is_taken_whole_even_while_it_is_written(channel: Channel) -> None:
    writer = threading.Thread(target=channel._put, args=("celery", PAYLOAD))
    writer.start()
    taken = None
    while taken is None:
        is_written = not writer.is_alive()
        try:
            taken = channel._get("celery")
        except Empty:
            assert not is_written, "it was written and isn't there"
    writer.join()
    assert taken == PAYLOAD
    with pytest.raises(Empty):
        channel._get("celery")


def test_nothing_is_left_in_the_folder(channel: Channel, tmp_path: Path) -> None:
    channel._put("celery", {"body": "short"})
    assert channel._get("celery") == {"body": "short"}
    assert list(tmp_path.iterdir()) == []
