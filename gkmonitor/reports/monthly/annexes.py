"""The annex tables of a notice, made from its numbers: heads as offices print them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gkmonitor.monthly.records import Annex, GroupLine, MonthNumbers, Portal, Problem, TrendPoint

SEVERITY_WORDS = {"veto": "单项否决", "deduction": "扣分"}
FOUND_BY_WORDS = {"system": "系统", "person": "人工"}
QUALIFIED_WORDS = ("合格", "不合格", "未能判定", "未检查")


def annexes_of(numbers: MonthNumbers) -> tuple[Annex, ...]:
    """Every annex in the order of the notice. The internal accuracy is one only where the setting makes it public."""
    made = [
        _inspected(numbers),
        _unqualified(numbers),
        problem_list(numbers.problems, numbers.zone),
        _rectification(numbers),
        _groups("by-region", "各地区检查情况", "地区", numbers.by_region, _full_words(numbers)),
        _groups("by-unit", "各单位检查情况", "主管单位", numbers.by_unit),
        _indicators(numbers),
        *_trend(numbers),
        _repeat(numbers),
        _coverage(numbers),
    ]
    if numbers.ranking:
        made.append(_ranking(numbers))
    if numbers.corrections:
        made.append(_corrections(numbers))
    if numbers.accuracy.is_public:
        made.append(accuracy_annex(numbers))
    made.append(_definitions(numbers))
    return tuple(made)


def _inspected(numbers: MonthNumbers) -> Annex:
    """抽查情况统计表, in the order of the registry; what was not decided is named only where the setting allows it."""
    states: dict[int, tuple[Portal, str, str]] = {}
    states |= {one.id: (one, QUALIFIED_WORDS[0], "") for one in numbers.qualified}
    states |= {one.portal.id: (one.portal, QUALIFIED_WORDS[1], "；".join(one.vetoes)) for one in numbers.unqualified}
    if numbers.names_unconfirmed:
        states |= {one.portal.id: (one.portal, QUALIFIED_WORDS[2], one.why) for one in numbers.undecided}
        states |= {one.portal.id: (one.portal, QUALIFIED_WORDS[3], one.why) for one in numbers.not_checked}
    rows = (
        (portal.site_id_code or "", portal.name, portal.url, portal.region or "", portal.unit or "", state, why)
        for _, (portal, state, why) in sorted(states.items())
    )
    heads = ("序号", "网站标识码", "网站名称", "网站地址", "地区", "主管单位", "是否合格", "说明")
    left = len(numbers.undecided) + len(numbers.not_checked)
    note = f"另有 {left} 家网站未能判定或未检查，未列出。" if left and not numbers.names_unconfirmed else None
    return Annex("inspected", "网站检查情况统计表", heads, numbered(rows), "没有能够判定的网站", note)


def _unqualified(numbers: MonthNumbers) -> Annex:
    rows = (
        (_region(one.portal), one.portal.name, one.portal.site_id_code or "", one.portal.url, "；".join(one.vetoes))
        for one in numbers.unqualified
    )
    heads = ("序号", "地区（部门）", "网站名称", "网站标识码", "网站地址", "主要问题")
    return Annex("unqualified", "不合格网站名单", heads, numbered(rows))


def problem_list(problems: Iterable[Problem], zone: str) -> Annex:
    """问题清单: one row a problem, as monitoring offices hand it to the units."""
    heads = (
        *("序号", "网站名称", "网站标识码", "主管单位", "程度", "问题类型", "栏目名称", "栏目路径", "网址", "问题描述"),
        *("最后更新时间", "未更新天数", "首次发现", "最近监测到", "检测方式", "整改期限", "整改情况", "依据"),
    )
    rows = (
        (
            *(one.portal.name, one.portal.site_id_code or "", one.portal.unit or ""),
            *(SEVERITY_WORDS.get(one.severity, one.severity), one.rule_title),
            *(one.column or "", " > ".join(one.path), one.url or one.portal.url, one.message),
            *(day_text(one.latest), "" if one.days is None else str(one.days), day_text(one.first_seen)),
            *(instant_day(one.last_seen, zone), FOUND_BY_WORDS.get(one.found_by, one.found_by)),
            *(day_text(one.deadline), _mended(one), " ".join(part for part in (one.document, one.clause) if part)),
        )
        for one in problems
    )
    return Annex("problems", "问题清单", heads, numbered(rows))


def _rectification(numbers: MonthNumbers) -> Annex:
    found = numbers.rectification
    rows = (
        (one.portal.name, one.portal.unit or "", one.column or "", one.message, day_text(one.deadline), one.state_words)
        for one in found.unmended
    )
    heads = ("序号", "网站名称", "主管单位", "栏目名称", "问题描述", "整改期限", "复查结果")
    return Annex("unmended", "上月通报问题未整改清单", heads, numbered(rows), found.why_none or "无")


def _full_words(numbers: MonthNumbers) -> str | None:
    """Regions at 100 % in consecutive months."""
    running = [f"{one.name}（{one.months}个月）" for one in numbers.full_regions if one.months > 1]
    return f"连续两个月以上合格率100%的地区：{'、'.join(running)}。" if running else None


def _groups(slug: str, title: str, head: str, lines: Iterable[GroupLine], note: str | None = None) -> Annex:
    heads = (
        *("序号", head, "运行数", "检查数", "合格数", "不合格数", "未能判定数", "合格率"),
        *("问题数", "单项否决数", "已整改数", "发布信息条数"),
    )
    rows = (
        (
            *(one.name, str(one.running), str(one.checked), str(one.qualified), str(one.unqualified)),
            *(str(one.undecided), percent(one.rate), str(one.problems), str(one.vetoes), str(one.mended)),
            "未知" if one.items is None else str(one.items),
        )
        for one in lines
    )
    return Annex(slug, title, heads, numbered(rows), "没有在运行的网站", note)


def _indicators(numbers: MonthNumbers) -> Annex:
    rows = (
        (one.title, one.text, str(one.portals), str(one.vetoes), str(one.decided), str(one.undecided))
        for one in numbers.by_indicator
    )
    heads = ("序号", "检查指标", "检查情况", "涉及网站数", "其中单项否决", "已判定网站数", "未能判定网站数")
    return Annex("indicators", "各项指标检查情况", heads, numbered(rows))


def _trend(numbers: MonthNumbers) -> Iterable[Annex]:
    """The months of the picture in figures; none where nothing was ever counted."""
    if not any(one.rate is not None or one.problems is not None for one in numbers.trend):
        return
    rows = tuple(
        (one.month, percent(one.rate) if one.checked is not None else "", *map(_count_text, _of_month(one)))
        for one in numbers.trend
    )
    heads = ("月份", "合格率", "检查数", "合格数", "不合格数", "问题数", "单项否决数")
    yield Annex("trend", "近十二个月检查情况", heads, rows, note="以往月份为印发的通报所载，没有印发通报的月份留空。")


def _of_month(one: TrendPoint) -> tuple[int | None, ...]:
    return (one.checked, one.qualified, one.unqualified, one.problems, one.vetoes)


def _count_text(value: int | None) -> str:
    return "" if value is None else str(value)


def _repeat(numbers: MonthNumbers) -> Annex:
    rows = (
        (one.portal.name, one.portal.unit or "", str(one.months), str(one.problems), "、".join(one.columns))
        for one in numbers.repeat_offenders
    )
    heads = ("序号", "网站名称", "主管单位", "连续被通报月数", "本月问题数", "重复出现的问题")
    return Annex("repeat", "连续被通报网站名单", heads, numbered(rows))


def _coverage(numbers: MonthNumbers) -> Annex:
    kinds = {"undecided": "未能判定", "excused": "有说明或豁免", "not_checked": "未检查"}
    rows = (
        (kinds[one.kind], one.title, str(one.verdicts) if one.verdicts else "", str(one.portals))
        for one in numbers.coverage
    )
    note = "以上只说明检查覆盖情况，均不计为问题。"
    return Annex(
        "coverage", "未能判定和不计为问题的情况", ("序号", "类别", "原因", "项数", "网站数"), numbered(rows), note=note
    )


def _ranking(numbers: MonthNumbers) -> Annex:
    rows = (
        (
            *(str(one.rank), one.portal.name, one.portal.unit or ""),
            *("" if one.points is None else f"{one.points:g}", str(one.vetoes), str(one.problems)),
        )
        for one in numbers.ranking
    )
    heads = ("名次", "网站名称", "主管单位", "得分", "单项否决数", "问题数")
    return Annex(
        "ranking", "网站排名", heads, tuple(rows), note="按得分（有分值表时）、单项否决数、问题数排列，相同者并列。"
    )


def _corrections(numbers: MonthNumbers) -> Annex:
    rows = ((one.month, one.number or "", one.what, one.was, one.now, one.why) for one in numbers.corrections)
    return Annex("corrections", "更正", ("序号", "通报月份", "文号", "内容", "原为", "更正为", "原因"), numbered(rows))


def accuracy_annex(numbers: MonthNumbers) -> Annex:
    """The monitor's own accuracy, for the internal sign-off sheet."""
    found = numbers.accuracy
    rows = (
        ("本月单项否决问题", str(found.vetoes), "全部应由人复核"),
        ("已复核的单项否决问题", str(found.vetoes_reviewed), ""),
        ("准确率（复核为对的占比）", share(found.precision.value), interval(found.precision.low, found.precision.high)),
        ("抽取的正常结果", str(found.passes_sampled), f"从 {found.passes} 项正常结果中随机抽取"),
        ("已复核的正常结果", str(found.passes_reviewed), f"另有 {found.unclear} 项无法判断"),
        ("漏判率（抽样）", share(found.wrong_passes.value), interval(found.wrong_passes.low, found.wrong_passes.high)),
        ("查全率（估计）", share(found.recall), interval(found.recall_low, found.recall_high)),
    )
    note = found.why_none or "区间为 95% 置信区间（Wilson）。"
    return Annex("accuracy", "监测准确性", ("项目", "数值", "说明"), rows, note=note)


def _definitions(numbers: MonthNumbers) -> Annex:
    rows = (
        (one.title, one.text if one.value is not None else f"未知（{one.why_none}）", one.definition)
        for one in numbers.statistics
    )
    return Annex("definitions", "统计口径", ("序号", "指标", "本月数", "定义"), numbered(rows))


# ---------------------------------------------------------------- cells


def numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows with a running number in front."""
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))


def day_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def instant_day(moment: datetime, zone: str) -> str:
    """The day of an instant in the office's time zone."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def percent(value: float | None) -> str:
    """A percentage from 0 to 100; 未知 for None."""
    return "未知" if value is None else f"{value:g}%"


def share(value: float | None) -> str:
    """A share from 0 to 1 as a percentage with one decimal."""
    return "未知" if value is None else f"{value * 100:.1f}%"


def interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low * 100:.1f}%—{high * 100:.1f}%"


def _region(portal: Portal) -> str:
    return portal.region or portal.unit or ""


def _mended(problem: Problem) -> str:
    return f"{problem.state_words}（{day_text(problem.mended_on)}）" if problem.mended_on else problem.state_words
