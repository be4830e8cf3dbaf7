"""The site's address."""

from urllib.parse import urlsplit

TRIAL_HOSTS = frozenset({"localhost", "127.0.0.1"})


def is_trial(address: str) -> bool:
    """Whether somebody tries it on their own machine, without TLS."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in TRIAL_HOSTS
