"""One portal's inspection from its address to its facts: the crawl runs in a child process of its own.

A Twisted reactor cannot be started twice in one process, and a crawl that hangs or dies must not take its caller along:
so every crawl is a child (``python -m spiders``) that is told its job on stdin and tells its facts on stdout.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from gkmonitor.addresses import check_address, other_scheme, shorten
from gkmonitor.errors import CrawlError, SettingError, system_words
from gkmonitor.records import CrawlCoverage, HomeFacts, PortalFacts, Profile, Reason, Site
from spiders.jobs import CrawlJob, CrawlLimits, Progress, dump_job

if TYPE_CHECKING:
    from pathlib import Path

    from gkmonitor.settings import Settings

logger = logging.getLogger(__name__)

INTERRUPT_SECONDS: Final = 1.5  # for the facts known so far, before the child is killed
EXIT_SECONDS: Final = 0.2  # for the child to end after its last word
OVERTIME_SECONDS: Final = 60.0  # beyond the time that the limits allow: the child hangs
LOG_LINES_KEPT: Final = 20
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


# ---------------------------------------------------------------- inspecting


def inspect_portal(
    url: str,
    *,
    settings: Settings,
    profile: Profile | None = None,
    max_pages: int | None = None,
    today: date | None = None,
    proxies: Mapping[str, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    render: bool = False,
    private_hosts: Collection[str] | None = None,
) -> PortalFacts:
    """Crawl one portal and give its facts.

    ``today`` is the day by which a list counts as recent (default: today at the portal). A portal that cannot be
    reached gives facts whose ``home.state`` says so. On KeyboardInterrupt the facts known so far come back within two
    seconds, with ``coverage.is_interrupted``. ``render`` shows pages that only a script fills in an installed Chromium.
    Raises AddressError for what is no address, SettingError when there is no browser to ``render`` with, CrawlError
    when the crawl process dies.
    """
    profiles = {url: profile} if profile is not None else None
    return inspect_portals(
        [url],
        settings=settings,
        profiles=profiles,
        max_pages=max_pages,
        today=today,
        proxies=proxies,
        progress=progress,
        render=render,
        private_hosts=private_hosts,
    )[0]


def inspect_portals(
    urls: Sequence[str],
    *,
    settings: Settings,
    profiles: Mapping[str, Profile] | None = None,
    max_pages: int | None = None,
    today: date | None = None,
    proxies: Mapping[str, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    finished: Callable[[PortalFacts], None] | None = None,
    patience: float = 1.0,
    should_stop: Callable[[], bool] | None = None,
    render: bool = False,
    keep_dir: Path | None = None,
    private_hosts: Collection[str] | None = None,
) -> list[PortalFacts]:
    """Crawl many portals in one child process; the facts in the order of ``urls``. See ``inspect_portal``.

    ``profiles`` maps addresses as given in ``urls`` to profiles; ``proxies`` replaces those of the environment.
    ``finished`` is called with each portal's facts as soon as its crawl is complete: whoever keeps them there loses
    nothing when the rest fails. ``patience`` multiplies the time limits. ``should_stop`` is asked every second: once it
    says so, the crawl ends as on KeyboardInterrupt. ``keep_dir``: a folder where the pages are
    kept as evidence (``gkmonitor.evidence.keeping``). ``private_hosts``: the only hosts that may have private
    addresses, at the first request and after redirects; None: a portal that is private itself may stay among such.
    """
    if not urls:
        return []
    jobs = [_job(url) for url in urls]
    day = today or datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date()
    limits = _patient(build_limits(settings, max_pages=max_pages, proxies=proxies), patience)
    if render:
        limits = replace(limits, browser=find_browser(settings))
    if keep_dir is not None:
        limits = replace(limits, keep_dir=str(keep_dir))
    if private_hosts is not None:
        limits = replace(limits, private_hosts=tuple(sorted(private_hosts)))
    unique = list({job.url: job for job in jobs}.values())
    wanted = profiles or {}
    given = {job.url: wanted.get(url) for url, job in zip(urls, jobs, strict=True)}

    def tell(facts: PortalFacts) -> None:
        if finished is not None:
            finished(_with_profile(facts, given.get(facts.site.url)))

    found = _Crawl(unique, limits, day, progress, tell if finished is not None else None, should_stop).run()
    return [_with_profile(found[job.url], wanted.get(url)) for url, job in zip(urls, jobs, strict=True)]


def build_limits(
    settings: Settings, *, max_pages: int | None = None, proxies: Mapping[str, str] | None = None
) -> CrawlLimits:
    """What a crawl may spend, from the settings and the environment's proxies."""
    from gkmonitor.settings import find_proxies

    return CrawlLimits(
        user_agent=settings.user_agent,
        max_pages=max_pages or settings.max_pages,
        check_seconds=settings.check_seconds,
        max_body_bytes=settings.max_body_bytes,
        request_delay_seconds=settings.request_delay_seconds,
        connections_per_host=settings.connections_per_host,
        obey_robots=settings.obey_robots,
        proxies=dict(find_proxies() if proxies is None else proxies),
    )


def _patient(limits: CrawlLimits, patience: float) -> CrawlLimits:
    return replace(
        limits,
        fetch_timeout_seconds=limits.fetch_timeout_seconds * patience,
        check_seconds=limits.check_seconds * patience,
    )


def names_wall(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a firewall or a verification page answered in a portal's place, from the beginning of its answer."""
    from spiders.readers.challenge import read_challenge

    text = body.decode("utf-8", "replace")
    return read_challenge(text, headers, status, has_content=text.count("<a ") > 10) is not None


def find_browser(settings: Settings) -> str:
    """The Chromium that ``--render`` drives. Raises SettingError, saying what to install, when something is missing."""
    if importlib.util.find_spec("playwright") is None:
        raise SettingError(
            '--render 需要安装 Playwright，请运行 pip install "gkmonitor[render]"（不必下载其自带的浏览器）'
        )
    if settings.chromium:
        if found := shutil.which(settings.chromium):
            return found
        raise SettingError(
            f"GKMONITOR_CHROMIUM 的值“{shorten(settings.chromium)}”不是可以运行的程序，请填写浏览器的路径"
        )
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    raise SettingError(
        "--render 需要 Chromium 浏览器，请先安装（例如 apt-get install chromium），或用 GKMONITOR_CHROMIUM 写明其路径"
    )


def _job(url: str) -> CrawlJob:
    address = check_address(url)
    has_scheme = url.strip().lower().startswith(("http://", "https://"))
    return CrawlJob(address, () if has_scheme else (other_scheme(address),))


def _with_profile(facts: PortalFacts, given: Profile | None) -> PortalFacts:
    """The facts with the profile that was given, else with the one that the portal's own marks tell."""
    from gkmonitor.units import infer_profile

    site = facts.site
    if given is not None:
        return replace(facts, site=replace(site, profile=given, profile_source="given"))
    host = urlsplit(site.final_url).hostname
    profile, source = infer_profile(site.name, site.site_id_code, site.organizer, host)
    return replace(facts, site=replace(site, profile=profile, profile_source=source))


def _empty_facts(url: str) -> PortalFacts:
    home = HomeFacts(Reason.NOT_OBSERVED, None, detail="检查被中断，未读取首页")
    return PortalFacts(Site(url, url), datetime.now(UTC), home, coverage=CrawlCoverage(is_interrupted=True))


class _Crawl:
    """The child process of one crawl, and what it has told so far."""

    def __init__(
        self,
        jobs: Sequence[CrawlJob],
        limits: CrawlLimits,
        today: date,
        progress: Callable[[Progress], None] | None,
        finished: Callable[[PortalFacts], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self._finished = finished
        self._should_stop = should_stop or (lambda: False)
        self._jobs = jobs
        self._limits = limits
        self._today = today
        self._progress = progress
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._log: deque[str] = deque(maxlen=LOG_LINES_KEPT)
        self._facts: dict[str, dict[str, Any]] = {}
        self._partial: dict[str, dict[str, Any]] = {}
        self._is_done = False

    def run(self) -> dict[str, PortalFacts]:
        """Facts by address; every job has some. Raises CrawlError when the child died before it was done."""
        child = self._start()
        try:
            try:
                self._listen(self._deadline())
            except KeyboardInterrupt:
                self._interrupt(child)
                return self._collect(is_interrupted=True)
            if not self._is_done and self._should_stop():
                self._interrupt(child)
                return self._collect(is_interrupted=True)
            if not self._is_done:
                raise CrawlError(self._last_words(child))
            return self._collect(is_interrupted=False)
        finally:
            _end(child)

    def _start(self) -> subprocess.Popen[str]:
        """The child in a process group of its own, so that a terminal's Ctrl-C reaches only this process."""
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "spiders"],  # -P: a folder named spiders here is not ours
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise CrawlError(f"无法启动采集进程（{system_words(error)}），请检查系统资源") from error
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            json.dump(dump_job(self._jobs, self._limits, self._today), child.stdin)
            child.stdin.close()
        for target in (self._read_lines, self._read_log):
            threading.Thread(target=target, args=(child,), daemon=True).start()
        return child

    def _read_lines(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with child.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _read_log(self, child: subprocess.Popen[str]) -> None:
        assert child.stderr is not None
        with child.stderr as lines:
            for line in lines:
                self._log.append(line.rstrip())
                logger.info("%s", line.rstrip())

    def _deadline(self) -> float:
        rounds = -(-len(self._jobs) // self._limits.portals_at_once)
        return time.monotonic() + rounds * self._limits.check_seconds + OVERTIME_SECONDS

    def _listen(self, until: float) -> None:
        """Take the child's lines until it is done, has ended, the time is over or somebody wants to stop."""
        while not self._is_done and not self._should_stop() and (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=min(left, 1.0))
            except queue.Empty:
                continue
            if line is None:
                return
            self._take(line)

    def _take(self, line: str) -> None:
        from gkmonitor.facts import load_facts

        try:
            event = json.loads(line)
        except ValueError:
            logger.warning("the crawl process wrote no event: %s", line[:200])
            return
        kind = event.pop("event", None)
        if kind == "progress":
            if self._progress is not None:
                self._progress(Progress(**event))
        elif kind in ("facts", "partial"):
            known = self._facts if kind == "facts" else self._partial
            known[event["facts"]["site"]["url"]] = event["facts"]
            if kind == "facts" and self._finished is not None:
                self._finished(load_facts(event["facts"]))
            self._is_done = len(self._facts) >= len(self._jobs)
        elif kind == "done":
            self._is_done = True

    def _interrupt(self, child: subprocess.Popen[str]) -> None:
        """Ask the child for what it knows; a second Ctrl-C does without."""
        self._progress = self._finished = None
        self._should_stop = lambda: False
        with contextlib.suppress(OSError):
            child.send_signal(signal.SIGINT)
        with contextlib.suppress(KeyboardInterrupt):
            self._listen(time.monotonic() + INTERRUPT_SECONDS)

    def _collect(self, is_interrupted: bool) -> dict[str, PortalFacts]:
        from gkmonitor.facts import load_facts

        found = {}
        for job in self._jobs:
            obj = self._facts.get(job.url) or self._partial.get(job.url)
            if obj is None and not is_interrupted:
                raise CrawlError(f"采集进程没有交回 {job.url} 的结果，请重试")
            found[job.url] = load_facts(obj) if obj is not None else _empty_facts(job.url)
        return found

    def _last_words(self, child: subprocess.Popen[str]) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1.0)
        code = child.poll()
        if code is None:
            return "采集进程超时没有响应，已结束，请重试"
        words = next((line for line in reversed(self._log) if line.strip()), "")
        how = f"被信号 {-code} 结束" if code < 0 else f"退出码 {code}"
        return f"采集进程意外结束（{how}）{'：' + shorten(words) if words else ''}，请重试"


def _end(child: subprocess.Popen[str]) -> None:
    """Leave no child behind: one that has said its last word gets a moment, any other is killed.

    Its output is closed by the threads that read it: closing it here would wait for them, and so for whatever
    processes of the child hold it open a while longer.
    """
    try:
        child.wait(timeout=EXIT_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
    if child.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            child.stdin.close()
