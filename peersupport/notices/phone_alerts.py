"""A telephone that rings: which addresses can, and ringing them. Apprise is loaded only when one is used.

An address is typed by a person and called by this server, so it could be made to reach where only the server can.
Only services of settings.RINGING_SERVICES are called, at their own fixed place, or at a listed server of the agency.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Any

from django.conf import settings

from peersupport.core.errors import Refused
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from .models import PhoneAlert
from .presenters import notice

SIZE = 400
ADDITIONS = frozenset({"priority", "sound", "from", "to"})  # the others switch off checks, or name more places to call
ONLY_THEIR_OWN_CLOUD = "cloud"
WHOM = ("targets", "topics", "devices")  # what the services call those who are rung; the others need none
IS_AWAY = "connection error occurred"  # what each service says of a server that cannot be reached


class Heard(StrEnum):
    """What became of ringing once."""

    RANG = "rang"
    REFUSED = "refused"
    AWAY = "away"


def seal(user_id: int, address: str) -> bytes:
    return envelope.seal(_secret(), address.encode(), size=SIZE, context=_context(user_id))


def check(address: str) -> None:
    """Raises Refused, with the sentence to show, for what cannot ring, may not be called, or has no room."""
    if len(address.encode()) > SIZE:
        raise Refused("This address is too long to be kept. Please shorten it.")
    _line(address)


def service_of(bell: PhoneAlert) -> str:
    """What people call the service that rings; empty where the address does not open, and has to be set anew."""
    try:
        scheme = _address(bell).partition(":")[0].lower()
    except (CannotOpen, OSError):
        return ""
    return settings.RINGING_SERVICES[scheme][0] if scheme in settings.RINGING_SERVICES else scheme


def ring(bell: PhoneAlert) -> bool:
    """Whether the service took it. It says the same as the mail, and nobody waits long for a service that is away."""
    try:
        line = _line(_address(bell))
        return bool(line.notify(title=notice.SUBJECT, body=notice.body(settings.SITE_URL), notify_type="info"))
    except Exception:  # whatever the keyring or a service's own code does, the mails behind it leave
        return False


def try_out(bell: PhoneAlert) -> Heard:
    """Rings, and tells an address that is wrong from a service that is away, by what Apprise says of it meanwhile."""
    import apprise

    with apprise.LogCapture(level=logging.WARNING) as said:
        if ring(bell):
            return Heard.RANG
        return Heard.AWAY if IS_AWAY in said.getvalue().lower() else Heard.REFUSED


def ring_together(bells: list[PhoneAlert]) -> list[bool]:
    """All at once, so that a service that hangs keeps no other telephone silent."""
    with ThreadPoolExecutor(max_workers=max(1, len(bells))) as lines:
        return list(lines.map(ring, bells))


def _address(bell: PhoneAlert) -> str:
    sealed = bytes(bell.sealed_address)
    return envelope.open_sealed(_secret(), sealed, context=_context(bell.user_id)).decode()


def _line(address: str) -> Any:
    import apprise
    from apprise.utils.parse import parse_url

    asset = apprise.AppriseAsset(
        app_id="Peer Support",
        app_url="",
        http_redirects=False,
        image_url_mask="",
        plugin_paths=settings.RINGING_PLUGINS,
        storage_mode="memory",
    )
    parsed = parse_url(address, verify_host=False)
    line = apprise.Apprise.instantiate(address, asset=asset) if parsed else None
    if line is None:
        raise Refused("No service knows this address. Compare it with the examples, letter by letter.")
    if parsed["schema"] not in settings.RINGING_SERVICES or parsed["schema"] not in line.schemas():
        raise Refused(f"“{parsed['schema']}” cannot be used here. The services that can are listed below.")
    for name in {*parsed["qsd"], *parsed["qsd+"], *parsed["qsd-"], *parsed["qsd:"]} - ADDITIONS:
        raise Refused(f"Please leave out “{name}” at the end: only {', '.join(sorted(ADDITIONS))} can stand there.")
    if _rings_nobody(line):
        raise Refused("This address names nobody to ring: its last part is missing. Compare it with the examples.")
    if len(line) > 1:
        raise Refused("One address rings one telephone. Please leave out the others.")
    if _names_a_server(line) and _server(line) not in settings.RINGING_SERVERS:
        raise Refused(f"“{_server(line)}” is no server that may be called. Whoever runs this site can add it.")
    return line


def _rings_nobody(line: Any) -> bool:
    """Whether it names no telephone, or only the one that the service itself sends from."""
    whom = next((getattr(line, name) for name in WHOM if hasattr(line, name)), None)
    return whom is not None and set(whom) <= {getattr(line, "source", None)}


def _names_a_server(line: Any) -> bool:
    """Whether this address says itself which computer is called."""
    return any("{host}" in form for form in line.templates) and getattr(line, "mode", "") != ONLY_THEIR_OWN_CLOUD


def _server(line: Any) -> str:
    return f"{line.host}:{line.port}" if line.port else str(line.host)


def _secret() -> bytes:
    return keyring.lasting("bells")


def _context(user_id: int) -> bytes:
    return envelope.context("bell", user_id)
