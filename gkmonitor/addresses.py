"""Addresses as people write them: checked, completed, refused with words; one place for commands and registry."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from gkmonitor.errors import AddressError

_SCHEMES: Final = ("http", "https")


def check_address(text: str) -> str:
    """The address of a portal as it will be asked, with scheme and path; ``http://`` is put before a bare host.

    Raises AddressError, in Chinese, saying what is wrong and what to write.
    """
    address = text.strip().strip("\u3000\ufeff")
    if not address:
        raise AddressError("网址为空，请填写网站首页的网址，例如 http://www.example.gov.cn/")
    if any(char.isspace() or not char.isprintable() for char in address):
        raise AddressError(f"网址“{shorten(address)}”中有空格或不可见字符，请删除后重试")
    scheme, colon, _ = address.partition("://")
    if not colon:
        _refuse_other_scheme(address)
        address = f"http://{address.lstrip('/')}"
    elif scheme.lower() not in _SCHEMES:
        raise AddressError(f"不支持“{shorten(scheme)}://”，只能检查 http:// 或 https:// 开头的网站")
    return _normalise(address, text)


def _refuse_other_scheme(address: str) -> None:
    """``file:/x``, ``mailto:x``, ``http:/x`` and ``http;//x`` are slips; ``host:8080/x`` is a host with its port."""
    head, colon, rest = address.partition(":")
    if address.lower().startswith(("http:", "https:", "http;", "https;", "http：", "https：")):
        raise AddressError(f"网址“{shorten(address)}”的开头有误，应为 http:// 或 https://")
    if colon and "." not in head and not rest.split("/")[0].isdigit() and head.isalpha():
        raise AddressError(f"不支持“{shorten(head)}:”，只能检查 http:// 或 https:// 开头的网站")


def _normalise(address: str, text: str) -> str:
    shown = shorten(text.strip())
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressError(f"网址“{shown}”的主机或端口有误，请核对") from error
    if parts.username is not None:
        raise AddressError(f"网址“{shown}”中不能带用户名或密码，请去掉 @ 及其前面的部分")
    if not _is_host(host):
        raise AddressError(f"“{shown}”不是网址，请填写网站首页的网址，例如 http://www.example.gov.cn/")
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", parts.query, ""))


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return True
    try:
        ascii_host = host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:
        return False
    labels = ascii_host.split(".")
    allowed = all(label and all(c.isalnum() or c in "-_" for c in label) for label in labels)
    is_name = allowed and not labels[-1].isdigit() and not any(label.startswith("-") for label in labels)
    return is_name and (len(labels) > 1 or ascii_host == "localhost")


def shorten(text: str) -> str:
    """At most 80 characters of what somebody wrote, for a message."""
    return text if len(text) <= 80 else text[:77] + "..."


def other_scheme(url: str) -> str:
    """The same host under the other scheme, for an address that was given without one."""
    parts = urlsplit(url)
    return urlunsplit(("https" if parts.scheme == "http" else "http", parts.netloc, parts.path, parts.query, ""))
