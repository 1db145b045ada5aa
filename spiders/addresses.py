"""Which pages are one page, and which addresses may be asked (``gkmonitor.networks``)."""

from __future__ import annotations

from functools import lru_cache

from gkmonitor.networks import host_of, is_private_address, is_private_name, numeric_host, proxy_for
from spiders.traps import canonical_url

__all__ = ["host_of", "is_private_address", "is_private_name", "numeric_host", "page_key", "proxy_for"]


@lru_cache(maxsize=16_384)  # every page of a portal names the same addresses
def page_key(url: str) -> str:
    """The address as pages are told apart: canonical, with the fragment where a script makes it the page.

    ``#/route``, ``#!route`` and the column numbers of ``/gkmlpt/index#1234`` name pages; other fragments name places.
    """
    head, _, fragment = url.partition("#")
    key = canonical_url(head)
    is_route = fragment.startswith(("/", "!")) or (fragment.isdigit() and "/gkmlpt" in head)
    return f"{key}#{fragment}" if is_route else key
