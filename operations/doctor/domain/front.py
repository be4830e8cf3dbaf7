"""Whether what arrives at the program fits its settings, and which program answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Finding, or_well, see_to

CHECK = "address"


@dataclass(frozen=True)
class Arrived:
    """What the running program saw of a call of its own public address.

    forwarded: entries of X-Forwarded-For; expected: how many its settings expect. origin, fetch_site: as the program
    got them; the doctor sends the site's address and "same-origin".
    """

    scheme: str
    host: str
    forwarded: int
    expected: int
    origin: str
    fetch_site: str
    version: str
    fingerprint: str


def findings(arrived: Arrived, *, site_url: str, fingerprint: str) -> list[Finding]:
    """fingerprint: of the code on this disk."""
    scheme, _, host = site_url.partition("://")
    problems = [*_site(arrived, scheme, host), *_forwarded(arrived), *_headers(arrived, site_url)]
    if arrived.fingerprint != fingerprint:
        problems.append(see_to(CHECK, "older_code", running=arrived.fingerprint, disk=fingerprint))
    return or_well(CHECK, problems, site=site_url)


def _site(arrived: Arrived, scheme: str, host: str) -> Iterator[Finding]:
    if arrived.scheme != scheme:
        yield see_to(CHECK, "scheme", arrived=arrived.scheme, wanted=scheme)
    if arrived.host.lower() != host.lower():
        yield see_to(CHECK, "host", arrived=arrived.host, wanted=host)


def _forwarded(arrived: Arrived) -> Iterator[Finding]:
    if arrived.forwarded < arrived.expected:
        yield see_to(CHECK, "too_few", number=arrived.forwarded, wanted=arrived.expected)
    elif arrived.forwarded > arrived.expected:
        yield see_to(CHECK, "too_many", number=arrived.forwarded, wanted=arrived.expected)


def _headers(arrived: Arrived, site_url: str) -> Iterator[Finding]:
    if arrived.origin not in {site_url, ""} or (not arrived.origin and not arrived.fetch_site):
        yield see_to(CHECK, "origin", arrived=arrived.origin or "-")
    elif arrived.fetch_site != "same-origin":
        yield see_to(CHECK, "fetch_site")
