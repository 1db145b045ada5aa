"""Every figure of a month, each defined once: how it is counted, and the words that the annex prints for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from gkmonitor.monthly.defining import Counted, Definition, Unknown, share
from gkmonitor.monthly.derived import derived_statistics
from gkmonitor.monthly.grouping import rate
from gkmonitor.monthly.inputs import MonthData, PastMonth, PortalMonth, TypedFigure, month_before
from gkmonitor.monthly.qualifying import FAILURES
from gkmonitor.monthly.records import Statistic, Value
from gkmonitor.monthly.regions import full_regions, rated_regions, running_regions, silent_units
from gkmonitor.monthly.splitting import made_for
from gkmonitor.monthly.tally import Tally
from gkmonitor.monthly.words import month_words

HOURS: Final = "72小时"
_DEFINITIONS: list[Definition] = []


def _statistic(slug: str, title: str, unit: str, words: str) -> Callable[[Callable[[Tally], Counted]], None]:
    def note(count: Callable[[Tally], Counted]) -> None:
        _DEFINITIONS.append(Definition(slug, title, unit, words, count))

    return note


def count_statistics(counted: Tally) -> tuple[Statistic, ...]:
    """Every statistic in the order of the notice, then what people typed in."""
    found: list[Statistic] = []
    for definition in (*_DEFINITIONS, *made_for(counted)):
        value = definition.count(counted)
        why = value.why if isinstance(value, Unknown) else None
        shown = None if isinstance(value, Unknown) else value
        found.append(Statistic(definition.slug, definition.title, shown, definition.unit, definition.words, why))
    figures = {one.slug: one.value for one in found}
    typed = tuple(_typed(counted.data.typed))
    derived = derived_statistics({one.slug: one for one in typed})
    return (*found, *_changes(counted.data, figures), *typed, *derived)


# ---------------------------------------------------------------- portals

_statistic("running", "在运行网站数", "家", "统计时登记簿中状态为启用的网站。")(lambda t: len(t.data.portals))
_statistic(
    "checked",
    "检查网站数",
    "家",
    "本月至少完成一次自动检查，或有人工确认的单项否决问题的在运行网站；待核实改版的不算。",
)(lambda t: len(t.checked))
_statistic("checked-share", "检查覆盖率", "%", "检查网站数÷在运行网站数。")(
    lambda t: share(len(t.checked), len(t.data.portals), "没有在运行的网站")
)
_statistic(
    "not-checked", "未检查网站数", "家", f"在运行而本月没有完成检查的网站，原因分为：{'、'.join(FAILURES.values())}。"
)(lambda t: t.count("not_checked"))
_statistic("qualified", "合格网站数", "家", "全部单项否决指标正常、有说明、已豁免、已排除或本月经人工核对无误的网站。")(
    lambda t: t.count("qualified")
)
_statistic(
    "unqualified",
    "不合格网站数",
    "家",
    f"本月有经人工确认的单项否决问题的网站（含本月确认后已整改的）；问题尚未整改的，须在统计前{HOURS}内再次观测到。",
)(lambda t: t.count("unqualified"))
_statistic(
    "undecided", "未能判定网站数", "家", "已检查，但有单项否决指标未能判定、待人工确认或待复查的网站；不计入合格率。"
)(lambda t: t.count("undecided"))
_statistic("qualified-rate", "合格率", "%", "合格网站数÷（合格网站数＋不合格网站数），未能判定的不计入。")(
    lambda t: _rate(t)
)
_statistic("unqualified-rate", "不合格率", "%", "不合格网站数÷（合格网站数＋不合格网站数）。")(
    lambda t: share(t.count("unqualified"), t.count("qualified", "unqualified"), "没有能够判定的网站")
)
_statistic("decided-share", "判定覆盖率", "%", "（合格网站数＋不合格网站数）÷在运行网站数。")(
    lambda t: share(t.count("qualified", "unqualified"), len(t.data.portals), "没有在运行的网站")
)
_statistic("regions-full", "合格率100%的地区数", "个", "登记簿所填地区中，能够判定的网站全部合格的地区。")(
    lambda t: len(full_regions(t))
)
_statistic(
    "regions-full-running",
    "连续合格率100%的地区数",
    "个",
    "合格率100%的地区中，上月通报的合格率也是100%的（连续两个月以上）。",
)(lambda t: Unknown(found) if isinstance(found := running_regions(t), str) else len(found))
_statistic("regions-full-longest", "连续合格率100%最长月数", "个月", "上述地区中，最长的连续月数（含本月）。")(
    lambda t: _longest_run(t)
)
_statistic(
    "regions-low", f"合格率低于{month_words().low_rate:g}%的地区数", "个", "登记簿所填地区中，合格率低于该值的地区。"
)(lambda t: sum((one.rate or 0) < month_words().low_rate for one in rated_regions(t)))


# ---------------------------------------------------------------- problems

_PROBLEM_WORDS: Final = (
    f"本月末处于已确认或已通知整改状态，或本月确认后已整改的问题；尚未整改的须在统计前{HOURS}内再次观测到。"
    "疑似、待确认、提醒、豁免、已排除和申诉成立的不计。"
)
_statistic("problems", "问题数", "个", _PROBLEM_WORDS)(lambda t: len(t.problems))
_statistic("vetoes", "单项否决问题数", "个", "问题中程度为单项否决的。")(
    lambda t: sum(one.severity == "veto" for one in t.problems)
)
_statistic("deductions", "扣分问题数", "个", "问题中程度为扣分的。")(
    lambda t: sum(one.severity == "deduction" for one in t.problems)
)
_statistic("problem-portals", "有问题的网站数", "家", "本月有问题的网站。")(lambda t: len(t.of_portal))
_statistic("veto-portals", "有单项否决问题的网站数", "家", "本月有单项否决问题的网站。")(
    lambda t: sum(any(one.severity == "veto" for one in found) for found in t.of_portal.values())
)
_statistic("deduction-portals", "只有扣分问题的网站数", "家", "本月有问题而没有单项否决问题的网站。")(
    lambda t: sum(all(one.severity == "deduction" for one in found) for found in t.of_portal.values())
)
_statistic("mended", "本月问题中已整改数", "个", "本月问题中，统计前已认定整改的。")(
    lambda t: sum(one.state == "mended" for one in t.problems)
)
_statistic("person-problems", "人工发现的问题数", "个", "本月问题中由人工检查发现的。")(
    lambda t: sum(one.found_by == "person" for one in t.problems)
)
_statistic(
    "left-unseen", "待复查而未列入的问题数", "个", f"已确认，但统计前{HOURS}内没有再次观测到的问题，不计入问题数。"
)(lambda t: len(t.selection.unseen))
_statistic("left-appealed", "申诉中而未列入的问题数", "个", "单位已提出申诉、尚无结论的问题，不计入问题数。")(
    lambda t: len(t.selection.appealed)
)
_statistic(
    "left-void", "确认后又撤销的问题数", "个", "本月曾确认，后因申诉成立、复核排除或豁免而撤销的问题，不计入问题数。"
)(lambda t: len(t.selection.void))
_statistic("waiting", "待人工确认数", "个", "两次以上独立观测到、尚未经人工确认的情形，不计入问题数。")(
    lambda t: sum(t.data.waiting.values())
)


# ---------------------------------------------------------------- what was looked at

_statistic(
    "columns-due", "需更新栏目数", "个", "各网站最近一次检查中，对更新期限作出判断的栏目（正常、超期或有说明）。"
)(lambda t: _sum_read(t, lambda one: one.inspected.columns_due if one.inspected else None))
_statistic(
    "items",
    "发布信息条数",
    "条",
    "本月首次观测到、所印日期也在本月的信息；同一网站同一网址只计一次，没有日期的不计。",
)(lambda t: _sum_read(t, lambda one: one.items))
_statistic("items-news", "发布动态信息条数", "条", "发布信息中位于动态要闻栏目的。")(
    lambda t: _sum_read(t, lambda one: one.news)
)
_statistic("items-disclosure", "发布信息公开条数", "条", "发布信息中不在动态要闻栏目的。")(
    lambda t: _sum_read(t, lambda one: None if one.items is None or one.news is None else one.items - one.news)
)
_statistic("without-items", "发布信息为0条的网站数", "家", "本月完成检查而没有观测到当月发布信息的网站。")(
    lambda t: len(without_items(t))
)
_statistic(
    "units-without-items",
    "发布信息为0条的单位数",
    "个",
    "登记簿所填主管单位中，所管网站本月有完成检查的、而都没有观测到当月发布信息的。",
)(lambda t: len(silent_units(t)))
_statistic("site-letters", "网站公开显示的本月来信数", "封", "各网站最近一次检查读到的来信列表中，来信日期在本月的。")(
    lambda t: _letters(t, lambda received, answered, unanswered: received)
)
_statistic("site-letters-answered", "其中已答复数", "封", "上述来信中，页面显示已答复或印有答复日期的。")(
    lambda t: _letters(t, lambda received, answered, unanswered: answered)
)
_statistic("site-letters-rate", "网站来信答复率", "%", "已答复数÷（已答复数＋未答复数），页面没有说明是否答复的不计。")(
    lambda t: _letters(t, lambda received, answered, unanswered: share(answered, answered + unanswered, "本月没有来信"))
)
_statistic("probes", "可用性监测次数", "次", "本月各网站的有效访问次数；本机网络不通时的访问不算。")(
    lambda t: sum(one.probes.up + one.probes.down + one.probes.blocked for one in t.data.portals if one.probes)
)
_statistic("down-share", "网站不可访问率", "%", "打不开的访问次数÷有效访问次数；被拦截的计为可以访问。")(
    lambda t: _down_share(t)
)
_statistic(
    "down-portals",
    f"不可访问率超过{month_words().early_down_percent:g}%的网站数",
    "家",
    "本月打不开的访问次数占比超过该值的网站，作为预警，不计为问题。",
)(lambda t: _down_portals(t))
_statistic("tasks-done", "完成的人工检查任务数", "项", "本月派给人工的检查任务中已登记结果的。")(
    lambda t: t.data.tasks.done
)
_statistic("tasks-todo", "未完成的人工检查任务数", "项", "本月派给人工的检查任务中没有登记结果的。")(
    lambda t: t.data.tasks.todo
)


# ---------------------------------------------------------------- last month

_statistic("last-problems", "上月问题数", "个", "上月通报列出的问题；上月没有印发通报的，按台账中上月的问题计。")(
    lambda t: _of_last(t, t.rectification.total)
)
_statistic("last-mended", "上月问题已整改数", "个", "其中统计前已认定整改、没有再次出现的。")(
    lambda t: _of_last(t, t.rectification.mended)
)
_statistic("last-unmended", "上月问题未整改数", "个", f"其中统计前{HOURS}内仍观测到的。")(
    lambda t: _of_last(t, len(t.rectification.unmended))
)
_statistic("last-unclear", "上月问题待复查数", "个", "其中近期没有再次观测到、又不能认定已整改，或正在申诉的。")(
    lambda t: _of_last(t, t.rectification.unclear)
)
_statistic("rectification-rate", "上月问题整改率", "%", "上月问题已整改数÷（已整改数＋未整改数）。")(
    lambda t: t.rectification.rate if t.rectification.rate is not None else Unknown(t.rectification.why_none or "")
)
_statistic("repeat-offenders", "连续被通报的网站数", "家", "连续两个月以上有问题被列入通报的网站。")(
    lambda t: Unknown(t.rectification.why_none or "") if t.rectification.total is None else len(t.repeat)
)
_statistic("repeat-longest", "连续被通报最长月数", "个月", "连续被通报的网站中，最长的连续月数（含本月）。")(
    lambda t: max(one.months for one in t.repeat) if t.repeat else Unknown("没有连续被通报的网站")
)


# ---------------------------------------------------------------- against earlier months

_CHANGES: Final = (
    ("running", "在运行网站数", "家"),
    ("qualified-rate", "合格率", "百分点"),
    ("problems", "问题数", "个"),
    ("vetoes", "单项否决问题数", "个"),
    ("items", "发布信息条数", "条"),
)


def _changes(data: MonthData, figures: dict[str, Value]) -> Iterator[Statistic]:
    """Against last month and the same month last year, as their notices were issued."""
    times = (
        ("change", "比上月", data.previous, month_before(data.month)),
        ("year", "比去年同月", data.year_ago, month_before(data.month, 12)),
    )
    for slug, title, unit in _CHANGES:
        for suffix, against, past, month in times:
            value = _difference(figures[slug], past, slug, month)
            yield Statistic(
                f"{slug}-{suffix}",
                f"{title}{against}增减",
                None if isinstance(value, Unknown) else value,
                unit,
                f"本月数减去{month}月通报所印的数。",
                value.why if isinstance(value, Unknown) else None,
            )


def _difference(value: Value, past: PastMonth | None, slug: str, month: str) -> Counted:
    if past is None:
        return Unknown(f"{month}月没有印发通报")
    before = past.figures.get(slug)
    if not isinstance(value, int | float):
        return Unknown("本月数未知")
    if not isinstance(before, int | float):
        return Unknown(f"{month}月通报没有这一数字")
    return round(value - before, 2)


# ---------------------------------------------------------------- typed by people


def _typed(figures: Iterable[TypedFigure]) -> Iterator[Statistic]:
    """In the order of the data; a blank one is left out."""
    given = {one.slug: one for one in figures if one.value.strip()}
    for kind in month_words().typed:
        if kind.slug in given:
            one = given[kind.slug]
            words = f"由{one.signed_by}填写并签认，程序不能核对。"
            value = number_of(one.value)
            yield Statistic(kind.slug, kind.title, value, kind.unit, words, None, "typed", one.signed_by)


def number_of(text: str) -> Value:
    """A typed figure: a number where it is one (1,200 and 98.5% too), else the words as written."""
    plain = text.strip().replace(",", "").replace("，", "").rstrip("%％")
    if plain.isascii() and plain.isdigit() and len(plain) < 16:
        return int(plain)
    whole, _, part = plain.partition(".")
    if plain.isascii() and whole.isdigit() and part.isdigit() and len(plain) < 16:
        return float(plain)
    return text.strip()


# ---------------------------------------------------------------- arithmetic


def without_items(counted: Tally) -> list[PortalMonth]:
    """Portals that were read and on which nothing of the month was seen."""
    return [one for one in counted.data.portals if one.inspected is not None and one.items == 0]


def _longest_run(counted: Tally) -> Counted:
    found = running_regions(counted)
    if isinstance(found, str):
        return Unknown(found)
    return found[0].months if found else Unknown("没有连续合格率100%的地区")


def _rate(counted: Tally) -> Counted:
    value = rate(counted.count("qualified"), counted.count("unqualified"))
    return Unknown("没有能够判定的网站") if value is None else value


def _of_last(counted: Tally, value: int | None) -> Counted:
    return Unknown(counted.rectification.why_none or "") if counted.rectification.total is None else value


def _sum_read(counted: Tally, figure: Callable[[PortalMonth], int | None]) -> Counted:
    values = [value for one in counted.data.portals if (value := figure(one)) is not None]
    return sum(values) if values else Unknown("本月没有完成检查的网站")


def _letters(counted: Tally, figure: Callable[[int, int, int], Counted]) -> Counted:
    seen = [one.inspected.letters for one in counted.data.portals if one.inspected and one.inspected.letters]
    if not seen:
        return Unknown("本月没有读到公开的来信列表")
    return figure(
        sum(one.received for one in seen), sum(one.answered for one in seen), sum(one.unanswered for one in seen)
    )


def _down_share(counted: Tally) -> Counted:
    probes = [one.probes for one in counted.data.portals if one.probes]
    valid = sum(one.up + one.down + one.blocked for one in probes)
    return share(sum(one.down for one in probes), valid, "本月没有可用性监测")


def _down_portals(counted: Tally) -> Counted:
    probes = [one.probes for one in counted.data.portals if one.probes and one.probes.up + one.probes.down]
    if not probes:
        return Unknown("本月没有可用性监测")
    limit = month_words().early_down_percent
    return sum(100 * one.down > limit * (one.up + one.down + one.blocked) for one in probes)
