"""The decision trail of one rule on one portal and day: what was looked at, what was set aside and why, the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from gkmonitor.cadences import available_cadences
from gkmonitor.checking import REASON_WORDS, Check, Looked, PortalView, load_checks, registered_checks
from gkmonitor.concepts import get_concept, is_within, may_hold
from gkmonitor.dates import Period
from gkmonitor.errors import CalendarIncomplete, UsageError
from gkmonitor.judging import PROFILE_NAMES, Judge
from gkmonitor.records import ColumnFacts, History, Match, PortalFacts, Reason, Verdict
from gkmonitor.rulebook import Rule, RulePack
from gkmonitor.rules import available_packs
from gkmonitor.units import is_one_of
from gkmonitor.workdays import add_workdays


@dataclass(frozen=True, slots=True)
class Step:
    """One condition that the rule had to meet: what was asked, whether it held (None: unknown), and from what."""

    question: str
    holds: bool | None
    because: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """One parameter of the rule as written and what it means on the day judged for."""

    name: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Considered:
    """One column and whether the rule looked at it."""

    column: ColumnFacts
    is_used: bool
    because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led to the answers of one rule."""

    rule: Rule
    question: str  # the check's own description
    facts: PortalFacts
    as_of: date
    steps: tuple[Step, ...]
    thresholds: tuple[Threshold, ...]
    columns: tuple[Considered, ...]
    weighed: tuple[Looked, ...]  # the single facts that the check looked at: rows, letters, wordings tried
    counted: tuple[Verdict, ...]  # answers of other rules that this one counts
    verdicts: tuple[Verdict, ...]


def find_rule(identifier: str, more: Iterable[RulePack] = ()) -> tuple[RulePack, Rule]:
    """The rule ``pack/slug`` with its pack, built-in or of ``more``. Raises UsageError that names near misses."""
    packs = available_packs() | {pack.id: pack for pack in (*available_cadences().values(), *more)}
    rules = {rule.id: (pack, rule) for pack in packs.values() for rule in pack.rules}
    wanted = identifier.strip()
    if wanted in rules:
        return rules[wanted]
    near = get_close_matches(wanted, rules, n=3, cutoff=0.5)
    near = near or [known for known in rules if known.endswith("/" + wanted.rsplit("/", 1)[-1])][:3]
    hint = f"是不是 {'、'.join(near)}？" if near else f"可用的规则包有：{'、'.join(packs)}"
    raise UsageError(f"没有规则“{wanted}”，{hint}（用 gkmonitor rules list 查看全部规则）")


def explain(
    facts: PortalFacts,
    pack: RulePack,
    rule: Rule,
    as_of: date,
    units: Sequence[str] = (),
    history: History | None = None,
) -> Explanation:
    """Judge the portal by this rule alone, with the rules that it counts, and tell the way to the answer."""
    load_checks()
    check = registered_checks()[rule.check]
    counted = tuple(one for one in pack.rules if one.slug in rule.params.get("of", ()))
    judged = Judge([replace(pack, rules=(*counted, rule))], as_of, units).judge(facts, history)
    portal = PortalView(facts, as_of, history, units=tuple(units))
    return Explanation(
        rule=rule,
        question=(check.__doc__ or rule.check).splitlines()[0],
        facts=facts,
        as_of=as_of,
        steps=tuple(_steps(facts, pack, rule, as_of)),
        thresholds=tuple(_thresholds(rule, as_of)),
        columns=tuple(_columns(check(rule, portal))),
        weighed=_weighed(check(rule, portal)),
        counted=tuple(verdict for verdict in judged if verdict.rule != rule.id),
        verdicts=tuple(verdict for verdict in judged if verdict.rule == rule.id),
    )


# ---------------------------------------------------------------- conditions


def _steps(facts: PortalFacts, pack: RulePack, rule: Rule, as_of: date) -> Iterator[Step]:
    home = facts.home
    why = home.detail or (REASON_WORDS[home.state] if home.state else f"读到 {len(home.items)} 条信息")
    yield Step("首页已读取", home.state is None, why)
    span = f"{rule.valid_from or pack.valid_from or '…'} 至 {rule.valid_to or pack.valid_to or '今'}"
    yield Step("规则在评判日有效", rule.is_in_force(as_of) and pack.is_in_force(as_of), f"有效期 {span}")
    if pack.region is not None:
        code = facts.site.site_id_code or ""
        yield Step(
            "网站在规则包的地区内",
            code.startswith(pack.region) if code else None,
            f"地区 {pack.region}，标识码 {code or '未知'}",
        )
    profile = facts.site.profile
    is_bound = rule.binds(profile)
    bound = "、".join(PROFILE_NAMES[p] for p in PROFILE_NAMES if rule.binds(p))
    name = PROFILE_NAMES[profile] if profile else "类型不明"
    yield Step("规则约束这类网站", is_bound, f"本站为{name}；规则约束{bound}")
    if rule.units:
        is_unit = is_one_of(rule.units, (facts.site.name, facts.site.organizer))
        yield Step(
            "规则约束这个单位", is_unit, f"规则约束{'、'.join(rule.units)}；本站为{facts.site.name or '名称不明'}"
        )
    seen = facts.coverage
    is_whole = not (seen.is_budget_spent or seen.is_interrupted)
    yield Step("网站已读完", is_whole, f"读取 {seen.pages_fetched} 页，发现 {len(facts.columns)} 个栏目")


# ---------------------------------------------------------------- thresholds


def _thresholds(rule: Rule, as_of: date) -> Iterator[Threshold]:
    for name, value in rule.params.items():
        yield Threshold(name, _plain(value), _meaning(rule, name, value, as_of))


def _plain(value: object) -> str:
    if isinstance(value, Period):
        return value.words
    return "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _meaning(rule: Rule, name: str, value: object, as_of: date) -> str:
    """What the parameter comes to on the day judged for, where that is a day."""
    if isinstance(value, Period):
        if name == "early_age" and "due" in rule.params:
            return "期限前这么久仍未公布即提醒"
        return f"自 {value.before(as_of)} 起（含）" + ("，更早的即提醒" if name in ("early_age", "cadence_age") else "")
    if name == "due":
        return f"{as_of.year}-{value} 当日及以前"
    if name in ("limit_days", "longer_days") and isinstance(value, int):
        kind = "工作日" if rule.day_kind == "working" else "自然日"
        return f"{value} 个{kind}，次日起算；例如 {as_of} 起至 {_end_of(rule, as_of, value)}"
    if name in ("threshold", "guides_at_least", "missing_at_least", "at_least"):
        return "达到即算（含）"
    return ""


def _end_of(rule: Rule, start: date, days: int) -> str:
    if rule.day_kind != "working":
        return str(start + timedelta(days=days))
    try:
        return str(add_workdays(start, days))
    except CalendarIncomplete as exc:
        return f"（{exc}）"


# ---------------------------------------------------------------- columns and what they hold


def _weighed(check: Check) -> tuple[Looked, ...]:
    if not check.facts.columns and check.facts.home.state is not None:
        return ()
    try:
        return tuple(check.trail())
    except Exception:  # a plugin boundary: the trail shows the verdict of the crash
        return ()


def _columns(check: Check) -> Iterator[Considered]:
    """Every column with why it was looked at or not, those looked at first."""
    rule, portal = check.rule, check.portal
    used = _used(check)
    kept = {id(column) for column in portal.columns}
    found = [
        Considered(column, id(column) in used, _why(rule, column, id(column) in used, id(column) in kept))
        for column in check.facts.columns
    ]
    yield from sorted(
        found, key=lambda one: (not one.is_used, not _is_of(rule, one.column), not _is_near(rule, one.column))
    )


def _used(check: Check) -> set[int]:
    """The columns that the check takes for its subjects, or among which it looks."""
    subjects = [subject for subject in _subjects(check) if isinstance(subject, ColumnFacts)]
    looked = check.portal.columns_of(check.rule.concepts) if check.rule.concepts else ()
    every = check.portal.columns if "names" in check.params else ()  # a name may be anywhere
    return {id(column) for column in (*subjects, *looked, *every)}


def _subjects(check: Check) -> Sequence[Any]:
    try:
        return list(check.subjects())
    except Exception:  # a plugin boundary: the trail shows the verdict of the crash
        return ()


def _is_of(rule: Rule, column: ColumnFacts) -> bool:
    return column.concept is not None and any(is_within(column.concept, wanted) for wanted in rule.concepts)


def _is_near(rule: Rule, column: ColumnFacts) -> bool:
    return column.concept is not None and any(may_hold(column.concept, wanted) for wanted in rule.concepts)


def _why(rule: Rule, column: ColumnFacts, is_used: bool, is_kept: bool) -> str:
    notes = [_why_in(rule, column) if is_used else _why_out(rule, column, is_kept)]
    if column.state is not None:
        notes.append(column.detail or REASON_WORDS[column.state])
    marks = {"设在其他网站": column.is_delegated, "已归档": column.is_archive, "只引向下级栏目": column.is_parent}
    notes += [words for words, holds in marks.items() if holds]
    return "；".join(notes)


def _why_in(rule: Rule, column: ColumnFacts) -> str:
    if "names" in rule.params and not _is_of(rule, column):
        return "按名称查找，看全部栏目"
    if column.concept is None:
        return "本条看全部栏目"
    sure = {Match.EXACT: "确切", Match.ALTERNATIVE: "另一种叫法", Match.UNSURE: "不能确认，不作为指控依据"}
    match = sure[column.match] if column.match else "未记录"
    return f"名称表示“{get_concept(column.concept).name_zh}”（{match}）"


def _why_out(rule: Rule, column: ColumnFacts, is_kept: bool) -> str:
    if not is_kept:
        return "与另一个栏目是同一地址，只看一次"
    if not rule.concepts:
        return "本条看网站整体，不逐个看栏目"
    if column.concept is None:
        return "名称不表示任何已知的栏目用途"
    name = get_concept(column.concept).name_zh
    if _is_near(rule, column):
        return f"名称表示“{name}”，可能含有所找的内容，但不能代替"
    return f"名称表示“{name}”，不是本条所指"


# ---------------------------------------------------------------- as an object


def unfinished(explanation: Explanation) -> bool:
    """Nothing of the portal was seen."""
    return explanation.facts.home.state in (Reason.UNREACHABLE, Reason.NOT_OBSERVED, Reason.CRASHED)


def column_object(one: Considered) -> Mapping[str, Any]:
    """One column of the trail as JSON shows it."""
    column = one.column
    newest = column.listing.newest if column.listing else None
    details = column.details
    return {
        "name": column.name,
        "path": list(column.path),
        "url": column.url,
        "concept": column.concept,
        "match": column.match,
        "used": one.is_used,
        "why": one.because,
        "state": column.state,
        "items": len(column.items),
        "newest": newest.isoformat() if newest else None,
        "rows": len(details.rows),
        "letters": len(details.letters),
        "guides": len(details.guides),
        "consultations": len(details.consultations),
    }


def split(columns: Iterable[Considered]) -> tuple[list[Considered], list[Considered]]:
    """Those that were looked at, and those that were set aside."""
    every = list(columns)
    return [one for one in every if one.is_used], [one for one in every if not one.is_used]
