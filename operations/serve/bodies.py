"""What the front takes at once, and at which addresses: what it holds of bodies, it holds in memory."""

import re
from collections.abc import Iterable

from django.urls import get_resolver

# Of bodies over 33,000 bytes, or of no known length. An officer's longest message is shorter, in Latin letters.
MOST_LARGE_AT_ONCE, MOST_LARGE_FROM_ONE_ADDRESS = 24, 8
# A station has one address. Its first requests are answered at once; who goes on and on is slowed down, not refused.
MOST_CONNECTIONS_OF_ONE_ADDRESS = 400
CROWDS = 1000  # what is counted as one address: who shares a crowd with a flood is slowed down with it
REQUESTS_PER_SECOND_OF_ONE_ADDRESS, REQUESTS_AT_ONCE_OF_ONE_ADDRESS = 30, 300


def addresses(names: Iterable[str]) -> str:
    """A regular expression, as nginx takes it, of the addresses with these names."""
    return f"^/(?:{'|'.join(each for name in sorted(names) for each in _addresses(name))})$"


def _addresses(name: str) -> list[str]:
    namespace, _, view = name.partition(":")
    prefix, resolver = get_resolver().namespace_dict[namespace]
    patterns = [pattern for _, pattern, *_ in resolver.reverse_dict.getlist(view)]
    return [prefix + re.sub(r"\(\?P<\w+>", "(?:", pattern.removesuffix(r"\Z")) for pattern in patterns]
