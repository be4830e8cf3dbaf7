"""Which client an attempt to sign in is counted for. Pure.

What proxies write follows RFC 7239 section 6 only loosely: ports, brackets and IPv4 in IPv6's clothes all occur.
"""

import ipaddress

UNKNOWN = "unknown"  # all clients that can't be told apart are counted together
IPV6_NETWORK_BITS = 64  # an IPv6 client has a whole network of addresses and could use a new one for each attempt


def network(*, forwarded_for: str, remote_address: str, proxies: int) -> str:
    """The client's IPv4 address or IPv6 network, as the outermost of our own proxies saw it, or UNKNOWN.

    Each proxy appends one entry, and a client may have put others before: only the last `proxies` can be trusted.
    """
    if proxies <= 0:
        return _network_of(remote_address)
    entries = forwarded_for.split(",")
    return _network_of(entries[-proxies]) if len(entries) >= proxies else UNKNOWN


def _network_of(entry: str) -> str:
    try:
        address = ipaddress.ip_address(_without_port(entry.strip().strip('"')).partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry
