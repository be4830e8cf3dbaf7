"""How data are written as bytes before they are sealed: JSON objects with exactly their fields. Pure."""

import json
from collections.abc import Collection
from typing import Any


class Malformed(ValueError):
    """The bytes are no object with these fields. Names the fields, and quotes nothing of what the bytes hold."""


def to_bytes(data: object) -> bytes:
    """The same data give the same bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def fields_in(data: bytes, names: Collection[str]) -> dict[str, Any]:
    """The values of an object that has these fields and no others. Raises Malformed."""
    try:
        raw = json.loads(data)
    except ValueError:
        raise Malformed("no JSON") from None
    if not isinstance(raw, dict):
        raise Malformed("no object")
    if missing := set(names) - raw.keys():
        raise Malformed(f"missing: {', '.join(sorted(missing))}")
    if unknown := raw.keys() - set(names):
        raise Malformed(f"unknown fields: {len(unknown)}")
    return raw
