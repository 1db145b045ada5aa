"""Rule packs: what each rule rests on, what is covered, and what a changed pack would do before it is switched on."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.cadences import available_cadences
from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.concepts import all_concepts
from gkmonitor.coverage import answer_indicators, cover, load_indicators
from gkmonitor.errors import UsageError
from gkmonitor.judging import PROFILE_NAMES
from gkmonitor.office import load_choices
from gkmonitor.records import Profile
from gkmonitor.reports.wording import CHECKS
from gkmonitor.rulebook import Rule, RulePack
from gkmonitor.rules import available_packs
from gkmonitor.web.acts.trials import find_pack
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import render
from gkmonitor.web.visiting import Viewer

router = APIRouter()
CONFIDENCE: Final = {"A": "原文已核对", "B": "见于一处来源", "C": "未核实，只作提醒"}
HOW_WORDS: Final = {
    "automatic": "自动判断",
    "assisted": "辅助判断",
    "manual": "人工查看",
    "not_web": "网上看不到",
    None: "未说明",
}
_HEADS: Final = ("规则包", "规则", "内容", "文件", "条款", "原文", "来源", "程度", "检查", "参数", "适用")


@router.get("/rules")
def packs(
    request: Request,
    who: Viewer,
    q: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    choices = load_choices(desk(request).settings)
    every = choices.apply(available_packs().values())
    words = q.strip()[:100]
    found = [rule for pack in every for rule in pack.rules if words and _has(rule, words)]
    if format:
        chosen = found if words else [rule for pack in every for rule in pack.rules]
        return export([_cells(rule) for rule in chosen], _HEADS, format, "规则")
    today = desk(request).today
    rows = [{"pack": pack, "is_in_force": pack.is_in_force(today), "binds": _bound(pack)} for pack in every]
    office: dict[str, Any] = {"cadence": choices.cadence, "points": choices.points, "cadences": available_cadences()}
    return render(request, "rules.html", rows=rows, q=words, found=found, **office, confidence=CONFIDENCE)


def _has(rule: Rule, words: str) -> bool:
    texts = (rule.id, rule.title, rule.document, rule.clause, rule.words, rule.check)
    return any(words.casefold() in text.casefold() for text in texts)


def _cells(rule: Rule) -> list[object]:
    source, params = CONFIDENCE[rule.confidence], json.dumps(_plain(dict(rule.params)), ensure_ascii=False)
    basis = [rule.document, rule.clause, rule.words, source]
    return [
        rule.pack,
        rule.slug,
        rule.title,
        *basis,
        str(rule.severity),
        rule.check,
        params,
        profile_words(rule.profiles),
    ]


def profile_words(profiles: frozenset[Profile]) -> str:
    """Kinds of portals, in a fixed order; "" for all."""
    return "、".join(PROFILE_NAMES[one] for one in PROFILE_NAMES if one in profiles)


def _bound(pack: RulePack) -> str:
    """Whom a pack binds."""
    words = [f"行政区划 {pack.region}" if pack.region else "全国"]
    if pack.profiles:
        words.append(profile_words(pack.profiles))
    if pack.not_profiles:
        words.append(f"{profile_words(pack.not_profiles)}除外")
    return "，".join(words)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


# ---------------------------------------------------------------- coverage


@router.get("/rules/coverage")
def coverage(
    request: Request,
    who: Viewer,
    document: str = "",
    how: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    every = available_packs()
    found, answers = cover(every.values()), answer_indicators(every.values())
    titles = {pack.id: pack.title for pack in every.values()}
    rows = [
        (duty, found.answers[duty.id])
        for duty in found.duties
        if document in ("", duty.document) and how in ("", found.answers[duty.id].how or "none")
    ]
    if format:
        heads = ("事项", "文件", "条款", "内容", "怎样回答", "规则和任务", "理由")
        cells = [
            (
                d.id,
                titles.get(d.document, d.document),
                d.clause,
                d.restatement,
                HOW_WORDS[a.how],
                " ".join(a.rules),
                a.why,
            )
            for d, a in rows
        ]
        return export(cells, heads, format, "事项覆盖")
    is_asked = bool(document or how)
    context: dict[str, Any] = {
        "documents": found.documents(),
        "total": found.total(),
        "titles": titles,
        "faults": found.faults,
    }
    indicators = [(one, answers[one.id]) for one in load_indicators()]
    context |= {"rows": rows[:1000] if is_asked else [], "document": document, "how": how, "number": len(rows)}
    return render(request, "coverage.html", **context, indicators=indicators, hows=HOW_WORDS, is_asked=is_asked)


# ---------------------------------------------------------------- one pack, one rule


@router.get("/rules/packs/{name}")
def one_pack(request: Request, who: Viewer, name: str) -> Response:
    here = desk(request)
    pack = find_pack(name, load_choices(here.settings))
    context: dict[str, Any] = {"pack": pack, "binds": _bound(pack), "is_in_force": pack.is_in_force(here.today)}
    return render(request, "pack.html", **context, confidence=CONFIDENCE, hows=HOW_WORDS)


@router.get("/rules/packs/{name}/{slug}")
def one_rule(request: Request, who: Viewer, name: str, slug: str) -> Response:
    here = desk(request)
    pack = find_pack(name, load_choices(here.settings))
    load_checks()
    context: dict[str, Any] = {"pack": pack, "confidence": CONFIDENCE, "month": f"{here.today:%Y-%m}"}
    task = next((one for one in pack.tasks if one.slug == slug), None)
    if task is not None:
        return render(
            request, "rule_task.html", **context, task=task, profiles=profile_words(task.profiles), hows=HOW_WORDS
        )
    rule = next((one for one in pack.rules if one.slug == slug), None)
    if rule is None:
        raise UsageError(f"规则包“{pack.title}”中没有“{slug[:60]}”这条规则")
    check = registered_checks()[rule.check]
    concepts = all_concepts()
    context |= {
        "question": (check.__doc__ or rule.check).splitlines()[0],
        "check_words": CHECKS.get(rule.check, rule.check),
        "params": [(key, json.dumps(_plain(value), ensure_ascii=False)) for key, value in rule.params.items()],
        "concepts": [(one, concepts[one].name_zh if one in concepts else one) for one in rule.concepts],
        "binds": {"适用": profile_words(rule.profiles), "不适用": profile_words(rule.not_profiles)},
        "hosts": profile_words(rule.hosts),
        "cases": f"/violations?state=all&rule={quote(rule.id, safe='')}",
    }
    return render(request, "rule.html", **context, rule=rule)
