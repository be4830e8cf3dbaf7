"""What became of a notice or a mail that was to leave. Whoever may have heard of it is left in peace for a while."""

from enum import StrEnum


class Delivery(StrEnum):
    """refused: certainly not delivered. unknown: the same, because the server says that there is no such address.

    uncertain: the answer was lost, or says nothing about what happened.
    """

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNCERTAIN = "uncertain"


NOT_DELIVERED = frozenset({Delivery.REFUSED, Delivery.UNKNOWN})  # certainly
