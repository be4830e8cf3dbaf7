"""The papers of the launch, as they came with this version of the program."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from peersupport.program.models import LaunchPaper

FILES = {
    LaunchPaper.Code.COUNSEL: "for-counsel.md",
    LaunchPaper.Code.RETENTION_SCHEDULE: "for-counsel.md",
    LaunchPaper.Code.UNION: "for-the-union.md",
}
# Of the paper for counsel, that is the draft for the records officer.
PARTS = {LaunchPaper.Code.RETENTION_SCHEDULE: "draft entry"}


@dataclass(frozen=True)
class Written:
    """A paper in Markdown. part: words of the only paragraph or item that is meant, in small letters; empty for all."""

    text: str
    part: str


def paper(code: str) -> Written | None:
    """None for another code, or where somebody installed the program without its documents."""
    if code not in LaunchPaper.Code.values:
        return None
    known = LaunchPaper.Code(code)
    file = Path(settings.BASE_DIR, "docs", FILES[known])
    return Written(file.read_text(encoding="utf-8"), PARTS.get(known, "")) if file.is_file() else None
