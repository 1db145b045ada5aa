"""Whether the portal opens and whether its home page lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from checks.observing import first_words
from gkmonitor.checking import REASON_WORDS, Looked, PortalCheck, Undecided, address_key, register
from gkmonitor.dates import Period
from gkmonitor.records import Excuse, Item, PortalFacts, ProbeWindow, Reason, StatementKind, Verdict

_SHOWN_ENTRIES = 10  # of the home page, in the trail


@register
class SiteUnreachable(PortalCheck):
    """The share of probes that did not open within the limit, over the window; never known from one visit."""

    code = "site-unreachable"
    # early_percent: a smaller share that already warns.
    accepts = ("window_age", "probes_a_day", "limit_seconds", "share_percent", "early_percent")
    values: ClassVar = dict.fromkeys(("probes_a_day", "limit_seconds", "share_percent", "early_percent"), "number")
    needs_home = False

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        window = self.portal.history.probes if self.portal.history is not None else None
        if window is None:
            raise Undecided(Reason.NOT_OBSERVED, "站点是否无法访问须按监测时段内的多次访问统计，一次检查不能判断")
        wanted = (window.last_day - window.first_day).days + 1
        if window.days < wanted or window.share_down_percent is None:
            enough = f"只有 {window.days} 天访问次数足够，不满 {wanted} 天，不能判断"
            raise Undecided(Reason.NOT_OBSERVED, f"{window.first_day} 至 {window.last_day} {enough}")
        yield self._weighed(window, window.share_down_percent)

    def _weighed(self, window: ProbeWindow, share: float) -> Verdict:
        limit = float(self.params.get("share_percent", 100))
        early = self.params.get("early_percent")
        measured = f"{window.valid} 次中 {window.down} 次未打开，占 {share:.1f}%"
        details: dict[str, Any] = {
            "measured": measured,
            "required": f"未打开的次数占比低于 {limit:g}%",
            "quote": f"{window.first_day} 至 {window.last_day}：{measured}",
        }
        words = f"{window.first_day} 至 {window.last_day} 共有效访问 {measured}"
        if share >= limit:  # 累计占比达到5%: the limit itself is reached
            return self.violation(None, f"{words}，达到 {limit:g}%", **details)
        if early is not None and share >= float(early):
            return self.warning(None, f"{words}，接近 {limit:g}%，请及早排查", **details)
        return self.ok(None, f"{words}，低于 {limit:g}%", **details)


@register
class HomeNotUpdated(PortalCheck):
    """Nothing new on the home page (or on second-level pages of one that only navigates) within the window."""

    code = "home-not-updated"
    requires = ("max_age",)
    accepts = ("early_age",)  # a shorter age that already warns

    def trail(self) -> Iterator[Looked]:
        newest = sorted(self._items(self.facts), key=lambda item: item.published or date.min, reverse=True)
        for item in newest[:_SHOWN_ENTRIES]:
            is_later = item.published is not None and item.published > self.as_of
            because = "晚于评判日，不计" if is_later else item.printed or "没有印出日期"
            yield Looked(f"首页条目“{item.title}”{item.published or '未标日期'}", because, item.url)

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        if facts.home.state is not None:
            raise Undecided(facts.home.state, f"首页未能读取：{REASON_WORDS[facts.home.state]}")
        limit, items = self.period("max_age"), self._items(facts)
        oldest_allowed = limit.before(self.as_of)
        dated = [item for item in items if item.published is not None and item.published <= self.as_of]
        newest = max(dated, key=lambda item: item.published or self.as_of, default=None)
        if newest is not None and newest.published is not None and newest.published >= oldest_allowed:
            yield from self._in_time(items, newest, limit)
            return
        words = first_words(facts.home.statements, StatementKind.UPGRADE)
        if words:
            yield self.excused(None, Excuse.EXEMPTION, f"首页公告正在升级改版：“{words}”", quote=words)
            return
        self._require_all_dated(facts, items, newest)
        assert newest is not None
        assert newest.published is not None
        days = (self.as_of - newest.published).days
        yield self.violation(
            None,
            f"首页最新一条信息为 {newest.published}，距 {self.as_of} 已 {days} 天，超过 {limit.words}未更新",
            measured=f"最新 {newest.published}，{days} 天",
            required=f"{limit.words}内有更新",
            latest=newest.published,
            days=days,
            quote=_quote(newest),
        )

    def _in_time(self, items: list[Item], newest: Item, limit: Period) -> Iterator[Verdict]:
        """Within the limit; close to it also a warning, where the rule has an earlier line."""
        day = newest.published or self.as_of
        details: dict[str, Any] = {
            "measured": f"最新 {day}，{(self.as_of - day).days} 天",
            "required": f"{limit.words}内有更新",
            "latest": day,
            "days": (self.as_of - day).days,
            "quote": _quote(newest),
        }
        yield self.ok(None, f"首页最新一条信息为 {day}，在 {limit.words}之内", **details)
        early = self.params.get("early_age")
        if not isinstance(early, Period) or day >= early.before(self.as_of):
            return
        with suppress(Undecided):  # something newer may be there unseen: no warning then
            self._require_all_dated(self.facts, items, newest)
            message = f"首页最新一条信息为 {day}，已超过 {early.words}，将到 {limit.words}的期限"
            yield self.warning(None, message, **details)

    def _items(self, facts: PortalFacts) -> list[Item]:
        """The entries that stand for the home page; undated ones take the day that the portal's own lists print."""
        if facts.home.only_navigates:
            return [item for column in self.portal.columns if not column.is_delegated for item in column.items]
        if all(item.published is not None for item in facts.home.items):
            return list(facts.home.items)
        days = self.portal.day_by_url
        return [
            item if item.published is not None else replace(item, published=days.get(address_key(item.url)))
            for item in facts.home.items
        ]

    def _require_all_dated(self, facts: PortalFacts, items: list[Item], newest: Item | None) -> None:
        """Raises Undecided when something newer could be there unseen."""
        if facts.home.only_navigates:
            unread = next((c for c in self.portal.columns if c.state is not None and not c.is_delegated), None)
            if unread is not None and unread.state is not None:
                raise Undecided(unread.state, "首页仅作导航，部分二级页面未能读取，不能断定没有更新")
            if self.portal.is_cut:
                raise Undecided(Reason.BUDGET_SPENT, "首页仅作导航，二级页面没有读完，不能断定没有更新")
        if not items:
            raise Undecided(Reason.NOT_OBSERVED, "首页上未读到信息条目，不能断定没有更新")
        undated = [item for item in items if item.published is None]
        if undated or newest is None:
            shown = f"，例如“{undated[0].title}”" if undated else ""
            reason = Reason.UNDATED if undated else Reason.AMBIGUOUS
            raise Undecided(reason, f"首页有 {len(undated)} 条信息没有可读的发布日期{shown}，不能断定没有更新")
        if (newest.date_source or "").startswith("url"):
            message = f"首页信息没有印出日期，只有网址中带有 {newest.published}，不能据此断定没有更新"
            raise Undecided(Reason.UNDATED, message, quote=newest.title, latest=newest.published)


def _quote(item: Item) -> str:
    return f"{item.title} {item.printed or item.published}".strip()
