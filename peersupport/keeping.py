"""What a table keeps, said by the table itself. Backup, erasure and the public list of what is kept read this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Plane = Literal["team", "support", "statistics", "program"]


@dataclass(frozen=True)
class Kept:
    """One table's declaration.

    plane: "team" is recorded, "support" is sealed while open and gone afterwards, "statistics" holds
    counts only, "program" holds the program's own words and settings.
    fields: for each field why it is there; on the support plane also whether it is sealed.
    """

    plane: Plane
    reason: str
    lifetime: str
    readers: str
    fields: Mapping[str, str]
