"""How large a posted form may be, by its address. nginx.conf is made of the same table."""

from django.conf import settings

from .public_routes import ANONYMOUS_ROUTES, FORMLESS_ROUTES
from .uploads import MEGABYTE, UPLOAD_LIMITS

# An officer's longest message fits in whatever script: 20,000 characters of twelve bytes each. What is somewhat longer
# its field refuses, and gives back.
ANYBODYS_BYTES = 256 * 1024
STAFF_BYTES: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# Above the page's own limit, so that the form says beside the field that a file is too large.
UPLOAD_BYTES = max(UPLOAD_LIMITS.values()) + 2 * MEGABYTE

UPLOAD_ROUTES = frozenset(UPLOAD_LIMITS)
ANYBODYS_ROUTES = ANONYMOUS_ROUTES - FORMLESS_ROUTES - UPLOAD_ROUTES
