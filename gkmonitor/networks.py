"""Which network addresses may be asked, and through which proxy: for the crawl and the probes alike.

A public portal never leads us into a private network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed leaves it out

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@lru_cache(maxsize=4096)
def is_private_address(address: str) -> bool:
    """Whether a numeric address is not reachable from the public internet (private, loopback, link-local, reserved).

    IPv4 addresses inside IPv6 ones (mapped, 6to4, NAT64) are looked at as what they lead to. Raises ValueError when
    ``address`` is not numeric.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_private_address(str(inner))
    return not ip.is_global or ip.is_multicast


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host in lower case, without port and brackets; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def numeric_host(host: str) -> str | None:
    """The host itself when it is a numeric address, else None."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return host


def is_private_name(host: str) -> bool:
    """Whether the host names a private place by itself, without asking anybody: a private number or ``localhost``."""
    if numeric_host(host) is not None:
        return is_private_address(host)
    return host == "localhost" or host.endswith(".localhost")


def proxy_for(url: str, proxies: Mapping[str, str]) -> str | None:
    """The proxy that serves this address, or None for a direct connection.

    ``proxies`` has the keys ``http`` and ``https``, and ``no`` for the hosts that are reached directly.
    """
    scheme = urlsplit(url).scheme
    proxy = proxies.get(scheme)
    if not proxy or proxy_bypass_environment(host_of(url), {"no": proxies.get("no", "")}):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
