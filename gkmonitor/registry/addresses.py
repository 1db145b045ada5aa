"""What makes two addresses the same portal."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from gkmonitor.checking import address_key as page_key

_OWN_PORTS = {"http": 80, "https": 443}


def address_key(url: str) -> str:
    """The key of a portal's address: without scheme, its own port, ``www.``, index file and closing slash.

    Hosts in Chinese letters and in their ``xn--`` form are the same. ``url`` has passed ``check_address``.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    place = f"[{host}]" if ":" in host else host
    if parts.port is not None and parts.port != _OWN_PORTS.get(parts.scheme):
        place = f"{place}:{parts.port}"
    return page_key(urlunsplit((parts.scheme, place, parts.path, parts.query, "")))
