#!/usr/bin/env bash
# kombu 5.7.0, filesystem transport: a consumer takes a message that its producer is still writing.
#
# Channel._put opens the file under its final name and serializes the message afterward, under an exclusive lock.
# Channel._get moves the file away and reads it without asking for that lock. Polled in between, it gets no byte, raises
# JSONDecodeError, and has already removed the file: the message is lost, and a Celery worker ends with "Unrecoverable
# error". One would bet on the lock, or on the exclusive write, to keep the reader away. Seen with one producer and one
# consumer on a busy machine, with messages of 200 bytes; here the message is long, so that it happens every time.
#
# Exits 0 while it behaves so, 1 when that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check kombu==5.7.0
cat >"$folder/run.py" <<'PYTHON'
import json
import pathlib
import sys
import tempfile
import threading
from queue import Empty

import kombu

queue = pathlib.Path(tempfile.mkdtemp(dir=sys.argv[1]))
options = {name: str(queue) for name in ("data_folder_in", "data_folder_out", "control_folder")}
message = {"body": ["a line of a long message"] * 400_000}
with kombu.Connection("filesystem://localhost", transport_options=options) as connection:
    channel = connection.channel()
    producer = threading.Thread(target=channel._put, args=("work", message))
    producer.start()
    outcome = "nothing was there"
    while outcome == "nothing was there":
        was_writing = producer.is_alive()
        try:
            outcome = "a whole message" if channel._get("work") == message else "another message"
        except Empty:
            if not was_writing:
                break
        except json.JSONDecodeError as error:
            outcome = f"JSONDecodeError: {error}"
    producer.join()
print(f"kombu {kombu.__version__}: the consumer got {outcome}; files left: {len(list(queue.iterdir()))}")
sys.exit(outcome != "JSONDecodeError: Expecting value: line 1 column 1 (char 0)" or bool(list(queue.iterdir())))
PYTHON
"$folder/venv/bin/python" "$folder/run.py" "$folder"
# Seen: kombu 5.7.0: the consumer got JSONDecodeError: Expecting value: line 1 column 1 (char 0); files left: 0
