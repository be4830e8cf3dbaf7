"""The uploaded files that rows name: which a backup has, and how they come back."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings

from applications import resumes
from training import certificates

from . import tables

# Which column names the files of which folder.
NAMED_BY = {
    certificates.FOLDER: ("training.ExternalTraining", "certificate"),
    resumes.FOLDER: ("applications.Application", "resume"),
}
_PATH = re.compile(r"[a-z_]{1,40}/[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """One file, by its path below the folder of uploads, such as `resumes/0f…`."""

    path: str

    @property
    def file(self) -> Path:
        return Path(settings.PRIVATE_FILES) / self.path


def named(alias: str) -> Iterator[Upload]:
    """The files that the rows of this database name, whether they are there or not."""
    for folder, (label, column) in NAMED_BY.items():
        rows = tables.rows_for_backup(apps.get_model(label), alias).exclude(**{column: ""})
        for name in rows.order_by(column).values_list(column, flat=True):
            yield Upload(f"{folder}/{name}")


def is_path(path: str) -> bool:
    """Whether this is the path of an upload, and leads nowhere else."""
    return _PATH.fullmatch(path) is not None


def put_back(path: str, content: IO[bytes]) -> bool:
    """Write the file, whole, unless it is there. Returns whether it was written."""
    file = Upload(path).file
    if file.exists():
        return False
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}")
    with open(half, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        while piece := content.read(1 << 20):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
    return True
