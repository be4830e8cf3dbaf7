"""All that is told, and whom it rings."""

from .outbox import notify, notify_all, send
from .own_bell import remove_bell, set_bell, try_bell

__all__ = ["notify", "notify_all", "remove_bell", "send", "set_bell", "try_bell"]
