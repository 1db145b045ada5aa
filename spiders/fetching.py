"""The answer to one fetch, or why there is none: the only thing the survey of a portal sees of the network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from gkmonitor.records import Observation


class Failure(StrEnum):
    """Why no answer came."""

    UNKNOWN_HOST = "unknown_host"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    BROKEN = "broken"
    TOO_BIG = "too_big"
    REDIRECT_LOOP = "redirect_loop"
    PRIVATE_ADDRESS = "private_address"
    ROBOTS = "robots"
    PROXY = "proxy"
    OTHER = "other"


_DETAILS = {
    Failure.UNKNOWN_HOST: "域名无法解析，请检查网址是否正确，或稍后再试",
    Failure.REFUSED: "服务器拒绝连接，请检查网址和端口，或确认网站是否已关停",
    Failure.TIMEOUT: "连接或响应超时，请检查网络，或稍后再试",
    Failure.CERTIFICATE: "HTTPS 证书无效、已过期或与域名不符，或该端口不提供 HTTPS，请核对网址，或改用 http:// 地址",
    Failure.BROKEN: "连接中断，响应不完整，请稍后再试",
    Failure.TOO_BIG: "页面超过大小上限，未读取；如确有需要，请调大 GKMONITOR_MAX_BODY_BYTES",
    Failure.REDIRECT_LOOP: "重定向次数过多，请检查网站的跳转设置",
    Failure.PRIVATE_ADDRESS: "公网网站跳转或链接到内网地址，已拒绝访问；如要检查内网网站，请直接填写其内网地址",
    Failure.ROBOTS: "robots.txt 不允许访问；如已获授权，可设置 GKMONITOR_OBEY_ROBOTS=false",
    Failure.PROXY: "代理服务器无法建立连接，请检查 HTTP_PROXY、HTTPS_PROXY 和 NO_PROXY",
    Failure.OTHER: "无法读取页面，请稍后再试",
}


@dataclass(frozen=True)
class Fetched:
    """One fetch. ``status`` None means that no answer came and ``failure`` says why; ``body`` is decompressed."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure | None = None
    words: str = ""  # the failure as the library words it, for logs
    redirects: tuple[str, ...] = ()  # addresses passed through on the way
    is_rendered: bool = False  # the body is what a browser showed
    server_address: str | None = None
    certificate: bytes | None = None  # of the server that answered over TLS, DER

    @cached_property
    def observation(self) -> Observation:
        digest = hashlib.sha256(self.body).hexdigest() if self.status is not None else None
        return Observation(
            self.url, self.final_url, self.fetched_at, self.status, digest, self.is_rendered, self.server_address
        )

    @property
    def detail(self) -> str | None:
        """What went wrong, in Chinese, with what to do; None when an answer below 400 came."""
        if self.failure is not None:
            return _DETAILS[self.failure]
        if self.status is not None and self.status >= 400:
            return f"服务器返回 HTTP {self.status}"
        return None

    @property
    def content_type(self) -> str:
        for name, value in self.headers.items():
            if name.lower() == "content-type":
                return value.partition(";")[0].strip().lower()
        return ""


def failed(url: str, failure: Failure, words: str = "") -> Fetched:
    """A fetch without an answer, now."""
    return Fetched(url, url, datetime.now(UTC), failure=failure, words=words)
