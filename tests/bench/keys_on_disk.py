"""How many destroyed keys the disk under `shred/` still holds.

    python tests/bench/keys_on_disk.py FOLDER DEVICE [--keys 200]

FOLDER lies on the file system that is to be tested. DEVICE is the block device or image under it (the opened one, if it
is encrypted), and reading it takes root. Keys are made and destroyed as the program does it, in a keyring of their own;
then DEVICE is searched from end to end for their bytes.
"""

import argparse
import mmap
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

from django.conf import settings

sys.path.insert(0, str(Path(__file__).parents[2]))
from peersupport.sealing import keyring

CHUNK_BYTES = 1 << 22


def found_on(device: Path, beginning: bytes) -> set[bytes]:
    """What begins so on the disk itself: O_DIRECT reads past the page cache."""
    key = re.compile(re.escape(beginning) + b".{%d}" % (keyring.KEY_BYTES - len(beginning)), re.DOTALL)
    found, before = set(), b""
    descriptor = os.open(device, os.O_RDONLY | os.O_DIRECT)
    with mmap.mmap(-1, CHUNK_BYTES) as page_aligned:
        while count := os.readv(descriptor, [page_aligned]):
            text = before + page_aligned[:count]
            found.update(key.findall(text))
            before = text[1 - keyring.KEY_BYTES :]
    os.close(descriptor)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("device", type=Path)
    parser.add_argument("--keys", type=int, default=200)
    chosen = parser.parse_args()
    # All keys of this run begin alike, so that one pass over the disk finds them.
    beginning, random_bytes = secrets.token_bytes(12), secrets.token_bytes
    secrets.token_bytes = lambda count: beginning + random_bytes(count - len(beginning))
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix=".bench-") as folder:
        settings.configure(KEYRING=Path(folder) / "keyring")
        keyring.prepare()
        ids = [keyring.create() for _ in range(chosen.keys)]
        keys = {keyring.get(key_id) for key_id in ids}
        os.sync()
        living = len(keys & found_on(chosen.device, beginning))
        if living < chosen.keys:
            sys.exit(f"{living} of {chosen.keys} living keys found: does {chosen.folder} lie on {chosen.device}?")
        for key_id in ids:
            keyring.destroy(key_id)
        os.sync()
        destroyed = len(keys & found_on(chosen.device, beginning))
    print(f"on {chosen.device}: {living} of {chosen.keys} living keys, {destroyed} of them after they were destroyed")


if __name__ == "__main__":
    main()
