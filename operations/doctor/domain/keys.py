"""The keyring against the database."""

from dataclasses import dataclass

from .findings import Finding, or_well, see_to


@dataclass(frozen=True)
class Keys:
    """without_row: keys that had time to get a row and have none. without_key: rows, by table, whose key is gone."""

    without_row: int
    without_key: dict[str, int]


def findings(keys: Keys) -> list[Finding]:
    """Keys without a row are destroyed by a round each half hour, so those that are there point to a fault."""
    problems = [see_to("keys", "without_key", table=table, number=n) for table, n in sorted(keys.without_key.items())]
    if keys.without_row:
        problems.append(see_to("keys", "without_row", number=keys.without_row))
    return or_well("keys", problems)
