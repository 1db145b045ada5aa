"""一、总体情况: how many portals, how many checked, how many qualified, and what could not be said. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gkmonitor.monthly.records import NOT_MONITORED, NOTHING_FOUND, MonthNumbers, Statistic
from gkmonitor.monthly.words import NO_REGION, month_words
from gkmonitor.reports.notice.masked import masked, site_name
from gkmonitor.reports.notice.parts import Part

MAX_NAMED: Final = 20  # in one sentence; the annex has all
_BY_LEVEL: Final = "running-department-"


def overall_parts(numbers: MonthNumbers) -> Iterator[Part]:
    """The paragraphs of the section."""
    yield Part(_checked(numbers), "检查情况")
    if regions := _regions(numbers):
        yield Part(regions, "各地区合格情况")
    yield Part(_unqualified(numbers), "不合格网站")
    yield Part(_problems(numbers), "问题情况")
    if published := _published(numbers):
        yield Part(published, "信息发布和留言情况")
    yield Part(_coverage(numbers), "未能判定和未监测的情况")
    if silent := _without_items(numbers):
        yield Part(silent, "未发布信息的网站")
    yield from _typed(numbers)


def _checked(numbers: MonthNumbers) -> str:
    region = masked(numbers.office.region)
    split_ones = [one for one in numbers.statistics if one.slug.startswith("running-") and _kind(one)]
    if any(one.slug.startswith(_BY_LEVEL) for one in split_ones):  # in the place of their sum
        split_ones = [one for one in split_ones if one.slug != _BY_LEVEL.rstrip("-")]
    kinds = [f"{_kind(one)}{one.text}" for one in split_ones]
    split = f"（其中{'、'.join(kinds)}）" if len(kinds) > 1 else ""
    running = f"{region}在运行政府网站{_of(numbers, 'running')}{split}{_change(numbers, 'running-change')}"
    checked = f"本月检查{_of(numbers, 'checked')}，检查覆盖率{_of(numbers, 'checked-share')}"
    states = f"其中合格{_of(numbers, 'qualified')}、不合格{_of(numbers, 'unqualified')}"
    if numbers.value("undecided"):
        states += f"、未能判定{_of(numbers, 'undecided')}"
    rate = numbers.find("qualified-rate")
    if rate is None or rate.value is None:
        why = masked(rate.why_none) if rate is not None and rate.why_none else "没有能够判定的网站"
        return f"{running}；{checked}；{states}，合格率未知（{why}）。"
    changes = f"{_change(numbers, 'qualified-rate-change')}{_change(numbers, 'qualified-rate-year', '去年同月')}"
    return f"{running}；{checked}。{states}，合格率{rate.text}{changes}。"


def _regions(numbers: MonthNumbers) -> str:
    """Regions at 100 %, how long in a row, and how many lie low; empty where there are not several to compare."""
    several = sum(one.rate is not None and one.name != NO_REGION for one in numbers.by_region) > 1
    if not several or numbers.value("regions-full") is None:
        return ""
    told = f"合格率100%的地区{_of(numbers, 'regions-full')}"
    running = [one for one in numbers.full_regions if one.months > 1]
    if running:
        named = [f"{masked(one.name)}（{one.months}个月）" for one in running[:MAX_NAMED]]
        told += f"，其中连续两个月以上的{len(running)}个：{_listed(named, len(running), '个')}"
    low = numbers.value("regions-low")
    return f"{told}；合格率低于{month_words().low_rate:g}%的地区{low}个。" if low else f"{told}。"


def _kind(one: Statistic) -> str:
    """县级门户 from 在运行的县级门户数; empty for the other figures of running portals."""
    title = masked(one.title)
    return title[4:-1] if title.startswith("在运行的") and title.endswith("数") and one.value else ""


def _unqualified(numbers: MonthNumbers) -> str:
    if not numbers.value("checked"):
        return f"{NOT_MONITORED}（没有完成检查的网站）。"
    if not numbers.unqualified:
        return f"{NOTHING_FOUND}。"
    named = [
        f"{site_name(one.portal)}（{'、'.join(masked(veto) for veto in one.vetoes)}）"
        for one in numbers.unqualified[:MAX_NAMED]
    ]
    total = len(numbers.unqualified)
    return f"存在单项否决问题、被判定为不合格的网站{total}家：{_listed(named, total, '家')}。"


def _problems(numbers: MonthNumbers) -> str:
    if not numbers.value("checked"):
        return f"{NOT_MONITORED}（没有完成检查的网站）。"
    total = numbers.value("problems")
    if total is None:
        total = len(numbers.problems)
    if not total:
        return f"经人工确认的问题：{NOTHING_FOUND}。"
    vetoes = sum(one.severity == "veto" for one in numbers.problems)
    portals = len({one.portal.id for one in numbers.problems})
    mended = sum(one.state == "mended" for one in numbers.problems)
    others, standing = len(numbers.problems) - vetoes, len(numbers.problems) - mended
    return (
        f"经人工确认的问题{total}个，涉及网站{portals}家，其中单项否决问题{vetoes}个、其他问题{others}个；"
        f"截至统计时已整改{mended}个、尚未整改{standing}个。"
    )


def _published(numbers: MonthNumbers) -> str:
    """What the portals published and which letters they show; empty where it is not known."""
    told = []
    if numbers.value("items") is not None:
        parts = [
            f"{word}{found.text}"
            for word, slug in (("动态信息", "items-news"), ("公开信息", "items-disclosure"))
            if (found := numbers.find(slug)) is not None and found.value is not None
        ]
        split = f"（{'、'.join(parts)}）" if parts else ""
        told.append(f"监测到各网站本月发布信息{_of(numbers, 'items')}{split}{_change(numbers, 'items-change')}")
    if numbers.value("without-items"):
        told.append(f"没有监测到当月发布信息的网站{_of(numbers, 'without-items')}")
    if numbers.value("site-letters"):
        answered = f"，已答复{_of(numbers, 'site-letters-answered')}" if numbers.find("site-letters-answered") else ""
        told.append(f"网站公开显示的本月来信{_of(numbers, 'site-letters')}{answered}")
    return "；".join(told) + "。" if told else ""


def _coverage(numbers: MonthNumbers) -> str:
    told = []
    if numbers.not_checked:
        told.append(f"未检查的网站{len(numbers.not_checked)}家{_reasons(numbers, 'not_checked')}")
    undecided = sum(one.verdicts for one in numbers.coverage if one.kind == "undecided")
    if undecided:
        told.append(f"未能判定的事项{undecided}项{_reasons(numbers, 'undecided')}")
    excused = sum(one.verdicts for one in numbers.coverage if one.kind == "excused")
    if excused:
        told.append(f"有说明或已登记豁免的事项{excused}项")
    seen = f"{'；'.join(told)}。以上均不计为问题。" if told else "检查的网站和事项均已判定。"
    missing = len(numbers.sections_not_monitored)
    return seen + (f"{NOT_MONITORED}的指标{missing}项，见第三部分。" if missing else "")


def _reasons(numbers: MonthNumbers, kind: str) -> str:
    """The two reasons that weigh most, so that a sentence stays one; the annex has all."""
    lines = [one for one in numbers.coverage if one.kind == kind]
    lines.sort(key=lambda one: (-(one.verdicts or one.portals), one.title))
    if not lines:
        return ""
    return f"（主要原因：{'、'.join(masked(one.title) for one in lines[:2])}）"


def _without_items(numbers: MonthNumbers) -> str:
    if not numbers.names_unconfirmed or not numbers.without_items:
        return ""
    named = [site_name(one) for one in numbers.without_items[:MAX_NAMED]]
    total = len(numbers.without_items)
    return f"本月未监测到新发布信息的网站{total}家：{_listed(named, total, '家')}。"


# ---------------------------------------------------------------- what people typed

_TYPED_HEADS: Final[Mapping[str, str]] = {
    "finder": "“我为政府网站找错”留言办理情况",
    "letters": "网民留言办理情况",
    "media": "政务新媒体情况",
    "words": "内容核对情况",
    "accountability": "问责情况",
    "ipv6": "IPv6改造情况",
}
_OTHER_HEAD: Final = "其他情况"
_COUNTING: Final = ("人数", "天数", "数")  # 约谈人数 3人 is said 约谈3人


def _typed(numbers: MonthNumbers) -> Iterator[Part]:
    """Figures that the ledger cannot give, each group a paragraph; nothing where nobody typed one."""
    kinds = {one.slug: one.group for one in month_words().typed}
    kinds |= {one.slug: one.group for one in month_words().derived}
    groups: dict[str, list[Statistic]] = {}
    for one in numbers.statistics:
        if one.source == "typed" and one.value is not None:
            groups.setdefault(_TYPED_HEADS.get(kinds.get(one.slug, ""), _OTHER_HEAD), []).append(one)
    for head, found in groups.items():
        figures = [_typed_words(one) for one in found if one.unit]
        words = [masked(one.value).rstrip("。") for one in found if not one.unit]
        yield Part("。".join([*(["，".join(figures)] if figures else []), *words]) + "。", head)


def _typed_words(one: Statistic) -> str:
    title = masked(one.title)
    end = next((end for end in _COUNTING if title.endswith(end)), "")
    return f"{title.removesuffix(end)}{masked(one.text)}"


# ---------------------------------------------------------------- figures in a sentence


def _of(numbers: MonthNumbers, slug: str) -> str:
    found = numbers.find(slug)
    return found.text if found is not None else "未知"


def _change(numbers: MonthNumbers, slug: str, since: str = "上月") -> str:
    """，比上月增加2家 or 提高1.5个百分点; empty where there is nothing to compare with."""
    found = numbers.find(slug)
    if found is None or not isinstance(found.value, int | float):
        return ""
    value = found.value
    if value == 0:
        return f"，与{since}持平"
    more, less = ("提高", "下降") if found.unit == "百分点" else ("增加", "减少")
    unit = "个百分点" if found.unit == "百分点" else found.unit
    return f"，比{since}{more if value > 0 else less}{abs(value):g}{unit}"


def _listed(named: list[str], total: int, unit: str) -> str:
    more = total - len(named)
    return "、".join(named) + (f"等（其余{more}{unit}见附件）" if more > 0 else "")
