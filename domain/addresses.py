"""Network addresses: which may be called on behalf of a user (public ones only), and which are one host's."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

#: IPv6 addresses of which the last 32 bits are an IPv4 address behind a translator (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address (as text) is one of the public internet.

    Private, shared, loopback, link-local, multicast, reserved and unspecified ones are not; an IPv6 address that
    wraps an IPv4 address is as public as what it wraps. Text that is no address is not public.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        inner = _wrapped(parsed)
        if inner is not None:
            return is_public(str(inner))
        if parsed.is_site_local:  # global to the library: fec0::/10 was given up in 2004
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def origin(address: str) -> str:
    """What is counted for an address: itself, or the /64 that an IPv6 host can choose its addresses from; "" for none."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
