"""The broker of one machine: Celery's files, in which a message appears only once it is whole."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

from . import whole_file


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **options: Any) -> None:  # type: ignore[override]
        """Write the message beside its place, and move it there. kombu 5.7.0 writes it in its place, where a worker
        takes a file that is still empty for a message, and ends.
        """
        name = f"{round(time.monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        place = Path(self.data_folder_out, name)
        beside = place.with_suffix(".new")
        try:
            with whole_file.removed_unless_whole(beside):
                beside.write_text(dumps(payload))
                beside.rename(place)
        except OSError as error:
            raise ChannelError(f"cannot write {place}") from error


class Transport(filesystem.Transport):
    Channel = Channel
