"""A spot check asked for at the desk: an address looked at once and judged, with nothing written into the ledger.

Two files below the evidence folder, ``spot/<key>.json`` and ``spot/<key>.html``, are all that there is of it. The key
is random, so that nobody finds another's result by guessing; both are swept after a week.
"""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor import __version__
from gkmonitor.addresses import check_address
from gkmonitor.errors import AddressError, UnfinishedError
from gkmonitor.evidence.places import inside, remove, write_evidence
from gkmonitor.networks import host_of, is_private_name
from gkmonitor.records import PortalFacts, Profile
from gkmonitor.reports.spot import SpotCheck
from gkmonitor.scoring import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gkmonitor.office import OfficeChoices
    from gkmonitor.settings import Settings

SPOT: Final = "spot"  # the folder below the evidence folder
KEPT: Final = timedelta(days=7)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class SpotRequest:
    """One spot check: who asked for it, and how far it is (waiting, running, done, failed)."""

    key: str
    url: str
    profile: Profile | None
    asked_by: str
    asked_at: datetime
    state: str = "waiting"
    detail: str = ""  # why it failed
    name: str = ""  # of the portal, as its home page says


# ---------------------------------------------------------------- judging


def judge_once(
    facts: PortalFacts,
    choices: OfficeChoices,
    zone: ZoneInfo,
    *,
    profile: Profile | None = None,
    packs: Sequence[str] = (),
    as_of: date | None = None,
) -> SpotCheck:
    """Judge what one look saw, for the day asked or for the day of the observation at the portal."""
    from gkmonitor.judging import Judge

    if profile is not None:
        facts = replace(facts, site=replace(facts.site, profile=profile, profile_source="given"))
    seen_on = facts.observed_at.astimezone(zone).date()
    day = as_of or seen_on
    chosen = choices.select_packs(list(packs) or None, facts.site, day)
    verdicts = tuple(Judge(chosen, day, choices.units).judge(observed_by(facts, day, seen_on, zone)))
    score = choices.score(verdicts, facts.site.profile)
    return SpotCheck(facts, day, tuple(chosen), verdicts, summary(verdicts), zone, __version__, choices.points, score)


def observed_by(facts: PortalFacts, as_of: date, seen_on: date, zone: ZoneInfo) -> PortalFacts:
    """A day judged for that is later than the observation stands for its time too."""
    if as_of <= seen_on:
        return facts
    return replace(facts, observed_at=datetime.combine(as_of, time(12), zone).astimezone(UTC))


# ---------------------------------------------------------------- asking


def refuse_private(url: str, settings: Settings) -> str:
    """The checked address. Raises AddressError for one that names a private place which no setting allows.

    A name may still lead there: the crawl looks at every address before it asks anything of it.
    """
    address = check_address(url)
    host = host_of(address)
    if is_private_name(host) and host not in settings.private_hosts:
        raise AddressError(
            f"{host} 是内网地址，网页上不能发起对它的检查；确需检查的，请管理员写入 GKMONITOR_DESK_PRIVATE_HOSTS"
        )
    return address


def new_request(settings: Settings, url: str, profile: Profile | None, *, asked_by: str, now: datetime) -> SpotRequest:
    """A request that waits for its job. Raises AddressError, StorageError."""
    refuse_private(url, settings)
    request = SpotRequest(secrets.token_urlsafe(24), url.strip(), profile, asked_by, now)
    _write(settings, request)
    return request


def read_request(settings: Settings, key: str) -> SpotRequest | None:
    """The request of that key; None when there is none (any more)."""
    body = _read(settings, key, ".json")
    if body is None:
        return None
    obj: dict[str, Any] = json.loads(body)
    profile = Profile(obj["profile"]) if obj["profile"] else None
    asked_at = datetime.fromisoformat(obj["asked_at"])
    return SpotRequest(**{**obj, "key": key, "profile": profile, "asked_at": asked_at})


def read_page(settings: Settings, key: str) -> bytes | None:
    """The result as an HTML page; None while there is none."""
    return _read(settings, key, ".html")


def sweep_requests(settings: Settings, now: datetime) -> int:
    """Deletes what is older than a week; how many files."""
    folder, before, swept = settings.evidence_folder, (now - KEPT).timestamp(), 0
    with suppress(OSError):
        for file in sorted((folder / SPOT).iterdir()):
            if file.stat().st_mtime < before:
                swept += remove(folder, f"{SPOT}/{file.name}")
    return swept


# ---------------------------------------------------------------- the job


def look_once(settings: Settings, key: str) -> None:
    """Crawl, judge and write the page. What cannot be finished is told in the request; one that is done stays."""
    from gkmonitor.inspection import inspect_portal
    from gkmonitor.office import load_choices
    from gkmonitor.reports.spot_html import spot_page

    request = read_request(settings, key)
    if request is None or request.state in ("done", "failed"):
        return
    _write(settings, replace(request, state="running"))
    try:
        facts = inspect_portal(
            request.url, settings=settings, profile=request.profile, private_hosts=settings.private_hosts
        )
    except UnfinishedError as error:
        _write(settings, replace(request, state="failed", detail=str(error)))
        return
    spot = judge_once(facts, load_choices(settings), ZoneInfo(settings.timezone), profile=request.profile)
    write_evidence(settings.evidence_folder, f"{SPOT}/{key}.html", spot_page(spot).encode())
    _write(settings, replace(request, state="done", name=facts.site.name or ""))


def _write(settings: Settings, request: SpotRequest) -> None:
    obj = {
        "url": request.url,
        "profile": request.profile.value if request.profile else None,
        "asked_by": request.asked_by,
        "asked_at": request.asked_at.isoformat(),
        "state": request.state,
        "detail": request.detail,
        "name": request.name,
    }
    body = json.dumps(obj, ensure_ascii=False).encode("utf-8", "replace")
    write_evidence(settings.evidence_folder, f"{SPOT}/{request.key}.json", body)


def _read(settings: Settings, key: str, suffix: str) -> bytes | None:
    if not _KEY.fullmatch(key):
        return None
    file: Path = inside(settings.evidence_folder, f"{SPOT}/{key}{suffix}")
    try:
        return file.read_bytes()
    except OSError:
        return None
