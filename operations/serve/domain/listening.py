"""At which port, on which addresses and with what the front listens. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from peersupport.core.site import is_trial

TLS_PORT, PLAIN_PORT, PORT_FOR_A_PROXY = 443, 80, 8000
LOOPBACK = ("127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # nosec B104  # with TLS the site is for everybody


@dataclass(frozen=True)
class Listening:
    """has_tls: the front itself has the certificate; without it, it is reached from this machine alone."""

    port: int
    has_tls: bool = False
    redirects_plain: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        return EVERYWHERE if self.has_tls else LOOPBACK

    @property
    def ports(self) -> tuple[int, ...]:
        return (self.port, PLAIN_PORT) if self.redirects_plain else (self.port,)


def where(*, asked: int | None, configured: int | None, site: str, has_tls: bool) -> Listening:
    """asked: on the command line. configured: in the settings. site: its address, as browsers have it."""
    chosen = asked or configured
    address = urlsplit(site)
    if is_trial(site):
        return Listening(chosen or address.port or PLAIN_PORT)
    if has_tls:
        port = chosen or TLS_PORT
        return Listening(port, has_tls=True, redirects_plain=port == TLS_PORT)
    return Listening(chosen or PORT_FOR_A_PROXY)


def ready_address(listening: Listening, site: str) -> str:
    """What the operator opens: for a trial at another port than its own, that port."""
    address = urlsplit(site)
    if is_trial(site):
        return f"http://{address.hostname}:{listening.port}/"
    return f"{site}/"
