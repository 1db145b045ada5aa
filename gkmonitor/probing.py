"""Availability probes: does a portal's home page open within fifteen seconds?

国办秘函〔2019〕19号, 单项否决“站点无法访问”: one week, at least 20 visits a day with pauses between them, more than 15
seconds count as not opened. Our own network is looked at before and after each round: what was asked while it was away
is void. An answer from a firewall's wall is an answer: blocked, never down.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from gkmonitor.networks import host_of, is_private_address, is_private_name, numeric_host, proxy_for

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

LIMIT_SECONDS: Final = 15.0
PROBES_A_DAY: Final = 24  # at least 20 are asked for; some may be lost to restarts
AT_ONCE: Final = 200
MAX_REDIRECTS: Final = 5
MAX_BODY_BYTES: Final = 64 * 1024  # enough to know a wall by its page
_DAY_SECONDS: Final = 86_400


class ProbeOutcome(StrEnum):
    """What one probe says."""

    UP = "up"
    DOWN = "down"
    BLOCKED = "blocked"  # a wall answered
    VOID = "void"  # our own network was away: says nothing


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at one portal's home page."""

    portal_id: int
    at: datetime
    outcome: ProbeOutcome
    status: int | None = None
    milliseconds: int | None = None
    scheme: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """A portal to probe."""

    portal_id: int
    url: str


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: ProbeOutcome
    status: int | None = None
    detail: str | None = None


class _LeadsInsideError(Exception):
    """A public name was answered by a private server."""


# ---------------------------------------------------------------- when


def due(targets: Sequence[ProbeTarget], since: datetime, until: datetime) -> list[ProbeTarget]:
    """The targets whose turn lies in ``since`` <= turn < ``until``.

    Each portal has turns of its own, ``PROBES_A_DAY`` at even distances, moved by its id: thousands of portals spread
    over the whole day, and one that was asked at 3:12 is asked at 4:12 and not again at 3:13.
    """
    step = _DAY_SECONDS / PROBES_A_DAY
    first, last = since.timestamp(), until.timestamp()
    if last - first >= step:
        return list(targets)
    return [one for one in targets if _next_turn(one.portal_id, first, step) < last]


def _next_turn(portal_id: int, moment: float, step: float) -> float:
    digest = hashlib.blake2b(str(portal_id).encode(), digest_size=4).digest()
    offset = int.from_bytes(digest, "big") / 2**32 * step
    return moment + (offset - moment) % step


# ---------------------------------------------------------------- asking


def probe_all(
    targets: Sequence[ProbeTarget],
    settings: Settings,
    *,
    proxies: Mapping[str, str],
    recognise_wall: Callable[[int, Mapping[str, str], bytes], bool],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Probe]:
    """One probe of each target, in their order.

    ``recognise_wall`` (status, headers, body) says whether a firewall answered in the portal's place. When no canary
    of the settings answers before or after the round, what did not open is void.
    """
    prober = _Prober(settings, proxies, recognise_wall, clock)
    return asyncio.run(prober.run(targets))


class _Prober:
    def __init__(
        self,
        settings: Settings,
        proxies: Mapping[str, str],
        recognise_wall: Callable[[int, Mapping[str, str], bytes], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._proxies = proxies
        self._recognise_wall = recognise_wall
        self._clock = clock
        self._clients: dict[str | None, httpx.AsyncClient] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self, targets: Sequence[ProbeTarget]) -> list[Probe]:
        try:
            network_before = await self._network_is_up()
            probes = list(await asyncio.gather(*(self._probe(one) for one in targets)))
            is_void = any(one.outcome is ProbeOutcome.DOWN for one in probes) and not (
                network_before and await self._network_is_up()
            )
        finally:
            for client in self._clients.values():
                await client.aclose()
        return [_voided(one) if is_void and one.outcome is ProbeOutcome.DOWN else one for one in probes]

    async def _network_is_up(self) -> bool:
        """Whether any canary answers, whatever it says; without canaries our own network is taken on trust."""
        canaries = self._settings.canaries
        if not canaries:
            return True
        answers = await asyncio.gather(*(self._ask(url) for url in canaries))
        return any(one.status is not None for one in answers)

    async def _probe(self, target: ProbeTarget) -> Probe:
        """Both schemes count: a portal that opens under either is open."""
        async with self._slots:
            at = self._clock()
            began = time.monotonic()
            answer, scheme = _Answer(ProbeOutcome.DOWN), None
            for url in (target.url, other_scheme(target.url)):
                found = await self._ask(url)
                if scheme is None or found.outcome is not ProbeOutcome.DOWN:
                    answer, scheme = found, urlsplit(url).scheme
                if found.outcome is not ProbeOutcome.DOWN:
                    break
            spent = int((time.monotonic() - began) * 1000)
        return Probe(target.portal_id, at, answer.outcome, answer.status, spent, scheme, answer.detail)

    async def _ask(self, url: str) -> _Answer:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                return await self._follow(url)
        except _LeadsInsideError:
            return _Answer(ProbeOutcome.VOID, detail="域名指向内网地址，已拒绝访问，不计入统计")
        except TimeoutError:
            return _Answer(ProbeOutcome.DOWN, detail=f"{LIMIT_SECONDS:g} 秒内没有打开")
        except httpx.TooManyRedirects:
            return _Answer(ProbeOutcome.DOWN, detail="重定向次数过多")
        except httpx.TimeoutException:
            return _Answer(ProbeOutcome.DOWN, detail="连接或响应超时")
        except httpx.ConnectError as error:
            return _Answer(ProbeOutcome.DOWN, detail=f"无法连接（{str(error)[:120] or type(error).__name__}）")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            return _Answer(ProbeOutcome.DOWN, detail=f"无法打开（{type(error).__name__}）")

    async def _follow(self, url: str) -> _Answer:
        asked = url
        for _ in range(MAX_REDIRECTS + 1):
            async with self._client(url).stream("GET", url, extensions=self._watch(asked, url)) as response:
                if response.has_redirect_location:
                    url = urljoin(url, response.headers["location"])
                    if not is_private_name(host_of(asked)) and is_private_name(host_of(url)):
                        return _Answer(ProbeOutcome.DOWN, detail="公网网址跳转到内网地址，已拒绝访问")
                    continue
                return await self._read(response)
        return _Answer(ProbeOutcome.DOWN, detail="重定向次数过多")

    def _watch(self, asked: str, url: str) -> dict[str, Any]:
        """Refuses a private server under a public name as soon as it is connected to, before anything is asked of it.

        A private portal may stay among private servers; behind a proxy only the proxy knows the server.
        """
        if proxy_for(url, self._proxies) or is_private_name(host_of(asked)) or numeric_host(host_of(url)) is not None:
            return {}

        async def refuse_private(event: str, info: Mapping[str, Any]) -> None:
            if event != "connection.connect_tcp.complete":
                return
            server = info["return_value"].get_extra_info("server_addr")
            if server is not None and is_private_address(str(server[0])):
                await info["return_value"].aclose()
                raise _LeadsInsideError

        return {"trace": refuse_private}

    async def _read(self, response: httpx.Response) -> _Answer:
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) >= MAX_BODY_BYTES:
                break
        status = response.status_code
        if self._recognise_wall(status, dict(response.headers), body[:MAX_BODY_BYTES]):
            return _Answer(ProbeOutcome.BLOCKED, status, "网站返回了防护验证页面")
        if status >= 400:
            return _Answer(ProbeOutcome.DOWN, status, f"服务器返回 HTTP {status}")
        return _Answer(ProbeOutcome.UP, status)

    def _client(self, url: str) -> httpx.AsyncClient:
        """One client a proxy. Idle connections are not kept: with thousands of hosts the pool is what costs."""
        proxy = proxy_for(url, self._proxies)
        client = self._clients.get(proxy)
        if client is None:
            client = self._clients[proxy] = httpx.AsyncClient(
                headers={"user-agent": self._settings.user_agent},
                timeout=LIMIT_SECONDS,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                proxy=proxy,
                trust_env=False,
                verify=False,  # a wrong certificate is another fault; this asks whether the page opens
            )
        return client


def other_scheme(url: str) -> str:
    """The same host under the other scheme; a port that was written stays."""
    parts = urlsplit(url)
    return urlunsplit(("https" if parts.scheme == "http" else "http", parts.netloc, parts.path, parts.query, ""))


def _voided(probe: Probe) -> Probe:
    return Probe(
        probe.portal_id,
        probe.at,
        ProbeOutcome.VOID,
        None,
        probe.milliseconds,
        probe.scheme,
        "本机网络当时不通，本次不计",
    )
