"""Redis, where there is one: whether it answers. Without it pages work as ever, and notices wait."""

from django.conf import settings

SECONDS = 2  # one that accepts and stays silent is given up on


def problem() -> str:
    """The kind of error with which it was asked in vain; empty where it answers, or none is set. It quotes no URL."""
    url = getattr(settings, "REDIS_URL", "")
    if not url:
        return ""
    from redis import Redis  # slow to load

    try:
        with Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            client.ping()
    except Exception as error:  # of all kinds, where the URL is wrong
        return type(error).__name__
    return ""
