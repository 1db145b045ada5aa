"""From what a survey saw to the facts of the portal. Pure: called at the end, when interrupted, and in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from gkmonitor.records import (
    ColumnFacts,
    ColumnLink,
    CrawlCoverage,
    HomeFacts,
    Listing,
    PageKind,
    PortalFacts,
    Reason,
    Site,
    StatementKind,
)
from spiders.survey import Survey
from spiders.visits import RECENT_DAYS, Visit, crawl_words

SOURCES_MISSING: Final = "栏目列表由脚本或框架提供，未能读取"


def build_facts(survey: Survey, observed_at: datetime, seconds: float, is_interrupted: bool = False) -> PortalFacts:
    """The portal's facts as known now. ``seconds`` is the time since the survey began."""
    survey.home.resolve_items(survey.columns.visits.values())
    visits = survey.columns.visits
    columns: list[ColumnFacts] = []
    digests = _telling(survey.columns.text_digests)
    for visit in visits.values():
        state, detail = _state_of(survey, visit, is_interrupted)
        is_parent = visit.is_parent or _leads_to_other(visit, visits)
        texts = _texts(visit, digests)
        columns += [_column(visit, link, state, detail, is_parent, texts) for link in visit.links]
    return PortalFacts(
        site=_site(survey),
        observed_at=observed_at,
        home=_home(survey, is_interrupted),
        marks=survey.marks,
        columns=tuple(columns),
        pages=tuple(survey.pages),
        coverage=_coverage(survey, seconds, is_interrupted),
    )


def _site(survey: Survey) -> Site:
    page, marks = survey.home.page, survey.marks
    return Site(
        url=survey.job.url,
        final_url=survey.home.final_url,
        name=marks.labels.get("SiteName") or marks.site_name or (page.title if page else None),
        site_id_code=marks.site_id_code,
        organizer=marks.organizer,
        cms=page.cms if page else None,
    )


def _home(survey: Survey, is_interrupted: bool) -> HomeFacts:
    home = survey.home
    state, detail = home.state, home.detail
    if state is Reason.NOT_OBSERVED and not detail:
        detail = "检查被中断，首页未读完" if is_interrupted else "首页未能读取"
    return HomeFacts(
        state=state,
        observation=home.fetched.observation if home.fetched else None,
        items=tuple(home.items.values()) if state is None else (),
        only_navigates=state is None and not home.items and bool(home.page and home.page.columns),
        statements=home.statements,
        detail=detail,
        failure=home.fetched.failure if state is not None and home.fetched else None,
    )


def _coverage(survey: Survey, seconds: float, is_interrupted: bool) -> CrawlCoverage:
    return CrawlCoverage(
        pages_fetched=survey.fetched,
        pages_blocked=survey.blocked,
        pages_failed=survey.failed,
        bytes_fetched=survey.budget.bytes,
        seconds=round(seconds, 3),
        is_budget_spent=survey.is_budget_spent,
        is_interrupted=is_interrupted,
        traps=dict(Counter(survey.frontier.guard.counts) + survey.traps),
        robots_refused=survey.robots_refused,
        pages_rendered=survey.rendered,
    )


# ---------------------------------------------------------------- columns


def _column(
    visit: Visit,
    link: ColumnLink,
    state: Reason | None,
    detail: str | None,
    is_parent: bool,
    texts: Mapping[str, str],
) -> ColumnFacts:
    return ColumnFacts(
        name=link.path[-1],
        url=visit.url,
        path=link.path,
        concept=link.concept,
        match=link.match,
        state=state,
        kind=visit.kind,
        listing=_listing(visit),
        article=visit.article,
        is_delegated=visit.is_delegated,
        is_archive=is_archive(visit, link),
        is_parent=is_parent,
        pages_read=visit.pages_read,
        is_complete=is_complete(visit),
        articles_opened=visit.articles_opened,
        statements=visit.statements,
        labels=visit.labels,
        observation=visit.observation,
        detail=detail,
        details=visit.details,
        text_digests=texts,
    )


def _telling(digests: Mapping[str, str]) -> Mapping[str, str]:
    """Without those of several addresses: what a wall or a template says everywhere is no article's own text."""
    times = Counter(digests.values())
    return {url: digest for url, digest in digests.items() if times[digest] == 1}


def _texts(visit: Visit, digests: Mapping[str, str]) -> Mapping[str, str]:
    """Those of the column's own items; an article may stand in several columns and be opened for one of them."""
    if not digests:
        return {}
    return {item.url: digests[item.url] for item in visit.items.values() if item.url in digests}


def is_complete(visit: Visit) -> bool:
    """Whether every page of the list was read: no further page is offered, and no total that is stated says more."""
    if not visit.is_read or not visit.has_list or visit.next_url or visit.has_more:
        return False
    if visit.listing is None or visit.listing.total_items is None:
        return visit.listing is None or (visit.listing.total_pages or 1) <= visit.pages_read
    return len(visit.items) >= visit.listing.total_items


def _listing(visit: Visit) -> Listing | None:
    if not visit.has_list:
        return None
    items = tuple(visit.items.values())
    if visit.listing is None:
        return Listing(items, visit.next_url, has_more=visit.has_more)
    return replace(visit.listing, items=items, next_url=visit.next_url, next_request=None, has_more=visit.has_more)


def is_archive(visit: Visit, link: ColumnLink) -> bool:
    """Whether the column says of itself, or by its path, that it is kept as it was."""
    if visit.statements and any(statement.kind is StatementKind.ARCHIVE for statement in visit.statements):
        return True
    return any(map(_has_archive_word, link.path))


@lru_cache(maxsize=8192)  # portals name their columns alike
def _has_archive_word(name: str) -> bool:
    return any(word in name for word in crawl_words().archive_words)


def _leads_to_other(visit: Visit, visits: dict[str, Visit]) -> bool:
    """Whether the column's address only led to another column (a head that shows its first child)."""
    if visit.final_key is None or visit.final_key == visit.key:
        return False
    other = visits.get(visit.final_key)
    return other is not None and other is not visit and (other.is_read or not visit.items)


def _state_of(survey: Survey, visit: Visit, is_interrupted: bool) -> tuple[Reason | None, str | None]:
    """Why the column cannot be judged, or None; with words for people."""
    if not visit.is_read:
        return _state_of_unread(survey, visit, is_interrupted)
    if visit.state is not None or visit.is_parent:
        return visit.state, visit.detail
    if not visit.items and visit.article is None:
        if visit.sources_waiting:
            cut = Reason.NOT_OBSERVED if is_interrupted else survey.stopped_because or Reason.BUDGET_SPENT
            return cut, SOURCES_MISSING
        if visit.sources_failed and (visit.kind is not PageKind.OTHER or visit.has_list):
            return visit.source_failure or Reason.SCRIPT_RENDERED, SOURCES_MISSING
        if visit.kind is PageKind.SHELL:
            return Reason.SCRIPT_RENDERED, "栏目内容由脚本生成，未能读取"
        if visit.kind is PageKind.ERROR:
            return Reason.WRONG_PAGE, "栏目页面是错误提示页"
    return _state_of_dates(visit, survey.today)


def _state_of_unread(survey: Survey, visit: Visit, is_interrupted: bool) -> tuple[Reason, str | None]:
    if visit.detail is not None or visit.is_delegated:
        return visit.state or Reason.NOT_OBSERVED, visit.detail
    if survey.stopped_because is Reason.BLOCKED:
        return Reason.BLOCKED, "网站连续返回拦截页面，检查已停止"
    if survey.stopped_because is not None:
        return survey.stopped_because, "网站连续没有响应，检查已停止"
    if is_interrupted:
        return Reason.NOT_OBSERVED, "检查被中断，未读取"
    if survey.budget.is_spent or survey.is_out_of_time:
        return Reason.BUDGET_SPENT, "本次检查的页数或时间已用完，未读取"
    return Reason.NOT_OBSERVED, "未读取"


def _state_of_dates(visit: Visit, today: date) -> tuple[Reason | None, str | None]:
    """A list whose dates do not tell its newest item: in doubt it is not judged, rather than called stale."""
    newest = visit.newest
    if newest is None or newest >= today - timedelta(days=RECENT_DAYS):
        return None, visit.detail
    if visit.undated_on_top():
        return Reason.UNDATED, "列表前部有未标注日期的条目，无法确定最新日期"
    if visit.is_unordered and not is_complete(visit):
        return Reason.AMBIGUOUS, "列表未按时间倒序排列且未读完，无法确定最新日期"
    return None, visit.detail
