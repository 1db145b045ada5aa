"""Small portals for the checks of events, from a rule's parameters: one that it accuses and one that it acquits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from facts_builder import AS_OF, BASE, column, item, portal

from gkmonitor.dates import Period
from gkmonitor.records import (
    ColumnFacts,
    Consultation,
    Details,
    GuideFacts,
    Letter,
    PortalFacts,
    PublicityRow,
    Site,
)
from gkmonitor.rules import Rule
from gkmonitor.workdays import add_workdays

ONE_DAY = timedelta(days=1)
EVENT = date(2026, 6, 1)  # a Monday; the weeks after it have one holiday, the Dragon Boat festival
DOCUMENT = "青禾县人民政府办公室关于印发青禾县粮食储备管理办法的通知"
EXPLANATION = "《青禾县粮食储备管理办法》政策解读"


def last_day(rule: Rule, event: date = EVENT, name: str = "limit_days") -> date:
    """The last day of the rule's limit."""
    days = int(rule.params[name])
    return add_workdays(event, days) if rule.day_kind == "working" else event + timedelta(days=days)


def row(kind: str, decided: date | None, published: date | None, subject: str = "青禾许〔2026〕1号", **details: Any):
    return PublicityRow(kind, subject, f"{BASE}row/{subject}.html", decided, published, **details)


def rows_column(rule: Rule, published: date) -> ColumnFacts:
    kind = rule.params.get("kinds", ("permit",))[0]
    details = Details(rows=(row(kind, EVENT, published, organ="青禾县市场监管局"),))
    return column("公示", rule.concepts[0], [item()], details=details)


def rows(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    longest = last_day(rule, name="longer_days" if "longer_days" in rule.params else "limit_days")
    return portal(rows_column(rule, add_workdays(longest, 1))), portal(rows_column(rule, last_day(rule)))


def interpretations(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    def explained_on(day: date) -> PortalFacts:
        documents = column("政策文件", rule.concepts[0], [item(EVENT, DOCUMENT)])
        return portal(documents, column("政策解读", "policy-interpretation", [item(day, EXPLANATION)]))

    last = last_day(rule)
    return explained_on(add_workdays(last, 1)), explained_on(last)


def windows(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    def open_for(days: int) -> PortalFacts:
        closes = EVENT + timedelta(days=days - 1)
        draft = Consultation(
            "关于青禾县供水价格重大行政决策公开征求意见", BASE + "d", EVENT, EVENT, closes, is_major=True
        )
        return portal(column("意见征集", rule.concepts[0], [item()], details=Details(consultations=(draft,))))

    limit = int(rule.params["limit_days"])
    return open_for(limit - 1), open_for(limit)


def feedback(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    title = "关于《青禾县供水价格调整方案》公开征求意见的公告"
    draft = Consultation(title, BASE + "d", EVENT, EVENT, EVENT + timedelta(days=30), is_major=True)

    def with_result(*titles: str) -> PortalFacts:
        entries = [item(EVENT, title), *(item(AS_OF, one) for one in titles)]
        return portal(column("意见征集", rule.concepts[0], entries, details=Details(consultations=(draft,))))

    return with_result(), with_result("关于《青禾县供水价格调整方案》意见采纳情况的反馈")


def published_late(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    build: dict[str, Callable[[Rule], tuple[PortalFacts, PortalFacts]]] = {
        "rows": rows,
        "interpretations": interpretations,
        "consultation-windows": windows,
        "consultation-feedback": feedback,
    }
    return build[rule.params["what"]](rule)


def letters(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    def answered(submitted: date, replied: date | None) -> PortalFacts:
        letter = Letter("咨询落户手续", BASE + "letter/1.html", submitted, replied, replied is not None)
        listed = [item(submitted, "咨询落户手续")]
        return portal(column("县长信箱", rule.concepts[0], listed, details=Details(letters=(letter,))))

    limit = rule.params.get("limit_age")
    if isinstance(limit, Period):
        start = limit.before(AS_OF)
        good = rule.params.get("early_age", limit).before(AS_OF)
        return answered(start - ONE_DAY, None), answered(good, None)
    last = last_day(rule)
    return answered(EVENT, add_workdays(last, 1)), answered(EVENT, last)


def many_columns(count: int, *more: ColumnFacts) -> PortalFacts:
    return portal(*(column(f"专题第{n}号", "plans", [item()]) for n in range(count)), *more)


def channel(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    if "at_least" in rule.params:
        wanted = int(rule.params["at_least"])

        def held(count: int) -> PortalFacts:
            entries = [item(AS_OF - timedelta(days=n), f"第{n}次征集") for n in range(count)]
            return portal(column("民意征集", rule.concepts[0], entries))

        return held(wanted - 1), held(wanted)
    enough = int(rule.params.get("least_columns", 1))
    return many_columns(enough), many_columns(enough, column("县长信箱", rule.concepts[0], [item()]))


def guides(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    def lacking(count: int) -> PortalFacts:
        names = [entry.split("|")[0] for entry in rule.params["elements"]]
        missing = int(rule.params["missing_at_least"])
        every = int(rule.params["guides_at_least"])
        found = tuple(
            GuideFacts(f"事项{n}", f"{BASE}guide/{n}.html", tuple(names[missing:] if n < count else names))
            for n in range(every)
        )
        return portal(column("办事指南", rule.concepts[0], [item()], details=Details(guides=found)))

    return lacking(int(rule.params["guides_at_least"])), lacking(0)


def table_rows(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    heads = tuple(element.split("|")[0] for element in rule.params["elements"])

    def telling(fields: tuple[str, ...]) -> PortalFacts:
        shown = PublicityRow(rule.params["kinds"][0], "青罚〔2026〕1号", BASE, fields=fields)
        return portal(column("双公示", rule.concepts[0], [item()], details=Details(rows=(shown,))))

    return telling(heads[1:]), telling(heads)


def units(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    year = AS_OF.year + int(rule.params.get("year_offset", 0))
    word = rule.params["title_has"][0]
    asked = rule.params.get("units_asked") or ("青禾县教育局", "青禾县民政局")

    def published_by(*names: str) -> PortalFacts:
        old = [item(date(year - 1, 12, 1), f"{unit}{year - 1}年部门{word}") for unit in asked]
        new = [item(AS_OF - ONE_DAY, f"{unit}{year}年部门{word}") for unit in names]
        return portal(column("部门", rule.concepts[0], [*new, *old]))

    return published_by(*asked[1:]), published_by(*asked)


def domain(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    def at(url: str, code: str = "9901020001") -> PortalFacts:
        return replace(portal(), site=Site(url, url, "青禾县人民政府", code))

    good = at("http://www.qinghe.gov.cn/")
    if rule.params["what"] == "site-code":
        return at("http://www.qinghe.gov.cn/", "310000000044"), good
    return at("http://zwgk.qinghe.gov.cn/" if rule.params["what"] == "host" else "http://www.qinghe.org.cn/"), good


EVENT_CASES: dict[str, Callable[[Rule], tuple[PortalFacts, PortalFacts]]] = {
    "published-late": published_late,
    "reply-overdue": letters,
    "no-consultation-channel": channel,
    "guide-incomplete": guides,
    "row-incomplete": table_rows,
    "unit-missing": units,
    "domain-nonconforming": domain,
}
