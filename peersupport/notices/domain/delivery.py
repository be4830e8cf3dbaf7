"""What became of a notice or a mail that was to leave. Whoever may have heard of it is left in peace for a while."""

from enum import StrEnum


class Delivery(StrEnum):
    """refused: certainly not delivered. uncertain: the answer was lost, or says nothing about what happened."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
