"""Joining the references of one page to its address: the few forms that pages use, without a general parser."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS_CHARACTERS = 2000

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_BLANKS_INSIDE = re.compile(r"[\t\r\n]+")


class BaseAddress:
    """A page's address, split once."""

    __slots__ = ("folder", "origin", "page", "scheme", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        self.scheme = parts.scheme
        self.origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""
        path = parts.path or "/"
        self.folder = path[: path.rfind("/") + 1]
        self.page = f"{self.origin}{path}"

    def join(self, href: str) -> str | None:
        """The absolute address without its fragment (``#/``, ``#!`` routes stay), or None when it leads nowhere."""
        href = _BLANKS_INSIDE.sub("", href.strip())
        if not href or len(href) > MAX_ADDRESS_CHARACTERS:
            return None
        if "#" in href:
            head, _, fragment = href.partition("#")
            if not fragment.startswith(("/", "!")):
                if not head:
                    return None
                href = head
        if " " in href:
            href = href.replace(" ", "%20")
        if "\\" in href:
            href = href.replace("\\", "/")
        return self._join(href)

    def _join(self, href: str) -> str | None:
        match = _SCHEME.match(href)
        if match:
            scheme = match[0].lower()
            if scheme not in ("http:", "https:"):
                return href if scheme == "file:" and self.scheme == "file" else None
            rest = href[len(scheme) :].lstrip("/")
            if not rest:
                return None
            return self._checked(f"{scheme}//{rest}" if "/" in rest else f"{scheme}//{rest}/")
        if href.startswith("//"):
            return self._checked(f"{self.scheme or 'http'}:{href}")
        if "./" in href or href.endswith((".", "..")) or not self.origin:
            return self._general(href)
        if href.startswith("/"):
            return self.origin + href
        if href.startswith("?"):
            return self.page + href
        if href.startswith("#"):
            return self.url.partition("#")[0] + href
        return f"{self.origin}{self.folder}{href}"

    def _general(self, href: str) -> str | None:
        if href.startswith("./") and "./" not in href[2:] and self.origin:
            return f"{self.origin}{self.folder}{href[2:]}"
        try:
            return urljoin(self.url, href)
        except ValueError:
            return None

    @staticmethod
    def _checked(url: str) -> str | None:
        if "[" in url or "]" in url:
            try:
                urlsplit(url)
            except ValueError:
                return None
        return url
