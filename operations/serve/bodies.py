"""How large a body the front takes, and at which addresses: what it holds of bodies, it holds in memory."""

import re

from django.conf import settings
from django.urls import get_resolver

from peersupport.access.uploads import MEGABYTE, UPLOAD_LIMITS

# Above the program's own limits, so that its forms refuse in their own words.
TEXT_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MEGABYTE
UPLOAD_BYTES = max(UPLOAD_LIMITS.values()) + 2 * MEGABYTE
# Of bodies from 100 kB on, or of no known length. No form that an officer fills in is so long.
MOST_LARGE_AT_ONCE, MOST_LARGE_FROM_ONE_ADDRESS = 32, 8


def upload_addresses() -> str:
    """A regular expression, as nginx takes it, of the addresses with a file field."""
    return f"^/(?:{'|'.join(each for name in UPLOAD_LIMITS for each in _addresses(name))})$"


def _addresses(name: str) -> list[str]:
    namespace, _, view = name.partition(":")
    prefix, resolver = get_resolver().namespace_dict[namespace]
    patterns = [pattern for _, pattern, *_ in resolver.reverse_dict.getlist(view)]
    return [prefix + re.sub(r"\(\?P<\w+>", "(?:", pattern.removesuffix(r"\Z")) for pattern in patterns]
