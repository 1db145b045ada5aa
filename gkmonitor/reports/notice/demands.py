"""四、工作要求: what is asked of the units, from what was found. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.reports.notice.parts import Part


def demand_parts(numbers: MonthNumbers) -> Iterator[Part]:
    """The paragraphs of the section: mending is asked for only where something stands."""
    if any(one.state == "standing" for one in numbers.problems):
        yield Part(_mend(numbers), "立即整改存在问题")
    yield Part(
        "各单位要对照检查指标举一反三，全面自查所管网站的栏目和内容，做到早发现、早处置，防止同类问题反复出现。",
        "全面开展自查",
    )
    yield Part(
        "严格落实信息发布“三审三校”制度，明确栏目保障责任人；对无力更新维护的非必要栏目及时归并整合，"
        "对确无信息可发布的栏目按要求作出说明。",
        "健全长效机制",
    )
    yield Part(_again(numbers), "加强跟踪问效")


def _mend(numbers: MonthNumbers) -> str:
    day = numbers.office.issued_on or numbers.last_day
    deadlines = [one.deadline for one in numbers.problems if one.state == "standing" and one.deadline]
    ahead = [one for one in deadlines if one >= day]
    by = "在整改通知书规定的期限内"
    if ahead:
        last = max(ahead)
        by = f"在整改通知书规定的期限内（最迟{last.year}年{last.month}月{last.day}日）"
    if len(ahead) < len(deadlines):
        by += "、已过期限的立即"
    return (
        f"有关单位要对照附件中的问题清单逐项整改，{by}完成整改并将整改情况书面报送我办。"
        "对通报内容有异议的，可同时提出申诉并附证明材料。"
    )


def _again(numbers: MonthNumbers) -> str:
    again = "我办将于下月对本次通报的问题进行复查，对仍未整改的予以通报"
    if numbers.repeat_offenders or numbers.rectification.unmended:
        return again + "；对整改不彻底、连续被通报的，按有关规定约谈单位负责人。"
    return again + "。"
