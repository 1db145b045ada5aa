"""二、上月问题整改复查情况: what became of last month's problems, who is named again, and corrections. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gkmonitor.monthly.records import NOTHING_FOUND, Correction, MonthNumbers, Problem
from gkmonitor.reports.notice.masked import masked, site_name
from gkmonitor.reports.notice.parts import Part

MAX_NAMED: Final = 20  # in one sentence; the annex has all


def mending_parts(numbers: MonthNumbers) -> Iterator[Part]:
    """The paragraphs of the section; it stands even when there is nothing to tell."""
    yield Part(_summary(numbers), "复查情况")
    yield Part(_unmended(numbers), "仍未整改的问题")
    yield Part(_repeated(numbers), "连续被通报的网站")
    if numbers.corrections:
        yield Part("".join(_corrected(one) for one in numbers.corrections), "更正")


def _summary(numbers: MonthNumbers) -> str:
    found = numbers.rectification
    if found.total is None:
        return f"本月未作复查统计（{masked(found.why_none or '没有上月的数据')}）。"
    if found.total == 0:
        return f"上月通报的问题：{NOTHING_FOUND}。"
    rate = "" if found.rate is None else f"，整改率{found.rate:g}%"
    told = [f"上月通报问题{found.total}个，经复查已整改{found.mended}个{rate}，仍未整改{len(found.unmended)}个"]
    if found.unclear:
        told.append(f"因近期未能复查或正在申诉，尚待认定{found.unclear}个")
    if found.left:
        told.append(f"另有{found.left}个因申诉成立、登记豁免等不再列为问题")
    return "；".join(told) + "。"


def _unmended(numbers: MonthNumbers) -> str:
    found = numbers.rectification
    if found.total is None:
        return f"本月未作复查统计（{masked(found.why_none or '没有上月的数据')}）。"
    if not found.unmended:
        return f"{NOTHING_FOUND}。"
    named = [_one(problem) for problem in found.unmended[:MAX_NAMED]]
    more = len(found.unmended) - len(named)
    return "；".join(named) + (f"；其余{more}个见附件" if more > 0 else "") + "。"


def _one(problem: Problem) -> str:
    return f"{site_name(problem.portal)}{masked(problem.message).rstrip('。；')}"


def _repeated(numbers: MonthNumbers) -> str:
    if not numbers.repeat_offenders:
        return f"{NOTHING_FOUND}。"
    named = [f"{site_name(one.portal)}（连续{one.months}个月）" for one in numbers.repeat_offenders[:MAX_NAMED]]
    more = len(numbers.repeat_offenders) - len(named)
    return "、".join(named) + (f"等（其余{more}家见附件）" if more > 0 else "") + "。"


def _corrected(one: Correction) -> str:
    year, _, month = one.month.partition("-")
    number = f"（{masked(one.number)}）" if one.number else ""
    return (
        f"{year}年{int(month)}月份通报{number}所列{masked(one.what)}，原为“{masked(one.was)}”，"
        f"现更正为“{masked(one.now)}”（{masked(one.why)}）。"
    )
