"""Joining the references of one page to its address: the few forms that pages use, without a general parser.

The pages of one site refer to the same places again and again, so what was joined is kept (bounded) across pages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS_CHARACTERS = 2000
MAX_REMEMBERED = 8_192
MAX_REMEMBERED_CHARACTERS = 300  # longer references are rare and not worth the memory

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_BLANKS_INSIDE = re.compile(r"[\t\r\n]+")
_PLAIN_REST = re.compile(r"(?:[^/.;?#:]+(?:\.[^/.;?#:]+)*/)*(?:[^/.;?#:]+(?:\.[^/.;?#:]+)*(?:\?[^;#/]+)?)?")
_ORDINARY_FOLDER = re.compile(r"/(?:[^/.;?#]+(?:\.[^/.;?#]+)*/)*")  # no empty part, no dots or parameters


class BaseAddress:
    """A page's address, split once."""

    __slots__ = ("folder", "folders", "host", "origin", "page", "scheme", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        self.scheme = parts.scheme
        self.host = parts.netloc  # with its port
        self.origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""
        path = parts.path or "/"
        self.folder = path[: path.rfind("/") + 1]
        self.page = f"{self.origin}{path}"
        # Of an ordinary address: the folder and those around it, nearest first; what ``../`` leads to.
        self.folders: tuple[str, ...] = ()
        if parts.scheme in ("http", "https") and parts.netloc and _ORDINARY_FOLDER.fullmatch(self.folder):
            names = self.folder.split("/")[1:-1]
            self.folders = tuple("/".join(("", *names[:count], "")) for count in range(len(names), -1, -1))

    def join(self, href: str) -> str | None:
        """The absolute address without its fragment (but one that names a page), or None when it leads nowhere."""
        href = href.strip()
        if len(href) > MAX_REMEMBERED_CHARACTERS or not self.folders or href[:1] in "?#;":
            return self.join_anew(href)
        return _joined(self.origin, "/" if href[0] == "/" else self.folder, href)

    def join_anew(self, href: str) -> str | None:
        """The same, of a reference without blanks around it, without looking at what was joined before."""
        if "\n" in href or "\t" in href or "\r" in href:
            href = _BLANKS_INSIDE.sub("", href)
        if not href or len(href) > MAX_ADDRESS_CHARACTERS:
            return None
        if "#" in href:
            head, _, fragment = href.partition("#")
            if not _names_page(head or self.url, fragment):
                if not head:
                    return None
                href = head
        if " " in href:
            href = href.replace(" ", "%20")
        if "\\" in href:
            href = href.replace("\\", "/")
        return self._join(href)

    def _join(self, href: str) -> str | None:
        if href.startswith("//"):
            return self._checked(f"{self.scheme or 'http'}:{href}")
        match = _SCHEME.match(href)
        if match:
            scheme = match[0].lower()
            if scheme not in ("http:", "https:"):
                return href if scheme == "file:" and self.scheme == "file" else None
            rest = href[len(scheme) :].lstrip("/")
            if not rest:
                return None
            return self._checked(f"{scheme}//{rest}" if "/" in rest else f"{scheme}//{rest}/")
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
        if self.folders and href.startswith("../"):
            levels = href.count("../")
            rest = href[3 * levels :]
            if href.startswith("../" * levels) and _PLAIN_REST.fullmatch(rest):
                return f"{self.origin}{self.folders[min(levels, len(self.folders) - 1)]}{rest}"
        try:
            return urljoin(self.url, href)
        except ValueError:
            return None

    @staticmethod
    def _checked(url: str) -> str | None:
        if url.partition("//")[2][:1] in ("", "/", "?", ":", ".", "#"):
            return None  # no host
        if "[" in url or "]" in url:
            try:
                urlsplit(url)
            except ValueError:
                return None
        return url


def _names_page(address: str, fragment: str) -> bool:
    """``#/`` and ``#!`` routes, and the column numbers of Guangdong's disclosure platform (/gkmlpt/index#2795)."""
    return fragment.startswith(("/", "!")) or (fragment.isdigit() and "gkmlpt/" in address)


@lru_cache(maxsize=64)
def _folder_of(origin: str, folder: str) -> BaseAddress:
    return BaseAddress(origin + folder)


@lru_cache(maxsize=MAX_REMEMBERED)
def _joined(origin: str, folder: str, href: str) -> str | None:
    """What a reference leads to from any page of that folder (from any page of the site, where it begins with /)."""
    return _folder_of(origin, folder).join_anew(href)
