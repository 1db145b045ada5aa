"""Joining the references of one page to its address: the few forms that pages use, without a general parser."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS_CHARACTERS: Final = 2000

# What ``urlsplit`` would take apart in the same way: scheme, host with its port, path.
_ORDINARY: Final = re.compile(r"(https?)://([\w.:\-]+)(/[^?#\t\r\n]*)?(?:[?#].*)?", re.ASCII | re.DOTALL)
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_BLANKS_INSIDE: Final = re.compile(r"[\t\r\n]+")
_PLAIN_REST: Final = re.compile(r"(?:[^/.;?#:]+(?:\.[^/.;?#:]+)*/)*(?:[^/.;?#:]+(?:\.[^/.;?#:]+)*(?:\?[^;#/]+)?)?")
_ORDINARY_FOLDER: Final = re.compile(r"/(?:[^/.;?#]+(?:\.[^/.;?#]+)*/)*")  # no empty part, no dots or parameters


class BaseAddress:
    """A page's address, split once."""

    __slots__ = ("_folders", "folder", "host", "origin", "page", "scheme", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        ordinary = _ORDINARY.fullmatch(url)
        if ordinary is not None:
            self.scheme: str = ordinary[1]
            self.host: str = ordinary[2]  # with its port
            path: str = ordinary[3] or "/"
        else:
            try:
                parts = urlsplit(url)
            except ValueError:
                parts = urlsplit("")
            self.scheme, self.host, path = parts.scheme, parts.netloc, parts.path or "/"
        self.origin = f"{self.scheme}://{self.host}" if self.scheme else ""
        self.folder = path[: path.rfind("/") + 1]
        self.page = self.origin + path
        self._folders: tuple[str, ...] | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """Of an ordinary address: the folder and those around it, nearest first; what ``../`` leads to."""
        if self._folders is None:
            self._folders = self._split_folder()
        return self._folders

    def _split_folder(self) -> tuple[str, ...]:
        if self.scheme not in ("http", "https") or not self.host or not _ORDINARY_FOLDER.fullmatch(self.folder):
            return ()
        names = self.folder.split("/")[1:-1]
        return tuple(["/".join(("", *names[:count], "")) for count in range(len(names), -1, -1)])

    def join(self, href: str) -> str | None:
        """The absolute address without its fragment (but one that names a page), or None when it leads nowhere."""
        href = href.strip()
        if href.startswith("javascript:"):
            return None
        if not href.isprintable():  # as blanks are not, but for the space
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
        if ":" in href and (match := _SCHEME.match(href)):
            scheme: str = match[0].lower()
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
        if href.startswith("../") and self.folders:
            levels, rest = 0, href
            while rest.startswith("../"):
                levels, rest = levels + 1, rest[3:]
            if _is_plain(rest):
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


def _is_plain(rest: str) -> bool:
    """Whether a relative path has no empty part, no dots that lead elsewhere, no parameters and no scheme."""
    if "?" in rest or "#" in rest:
        return _PLAIN_REST.fullmatch(rest) is not None
    if rest.startswith((".", "/")) or rest.endswith("."):
        return False
    if "//" in rest or "./" in rest or "/." in rest or ".." in rest:
        return False
    return ":" not in rest and ";" not in rest


def _names_page(address: str, fragment: str) -> bool:
    """``#/`` and ``#!`` routes, and the column numbers of Guangdong's disclosure platform (/gkmlpt/index#2795)."""
    return fragment.startswith(("/", "!")) or (fragment.isdigit() and "gkmlpt/" in address)
