"""Rules as data: dated packs in YAML, each rule quoting document, clause and words.

A pack is refused as a whole, with file, line, what is wrong and what to write instead; a rule whose source is not
verified (confidence C) may only warn. ``checks/packs/schema.json`` describes the same format for editors.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.concepts import all_concepts
from gkmonitor.dates import parse_period
from gkmonitor.errors import DateError, PackError
from gkmonitor.packfields import Fields, suggest
from gkmonitor.records import Profile, Severity, Site

_PERIOD = re.compile(r"P\d[0-9YMWD]*")

PACKS = ("checks", "packs")  # package and folder that hold the built-in packs


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the words it rests on, whom it binds, the check it uses and that check's parameters."""

    pack: str
    slug: str
    title: str
    document: str
    clause: str
    words: str  # quoted; empty where the wording was not seen, then ``title`` says it plainly
    confidence: str  # A: seen verbatim or in two sources, B: in one, C: unconfirmed
    check: str
    severity: Severity
    concepts: tuple[str, ...] = ()  # empty: not bound to concepts
    profiles: frozenset[Profile] = frozenset()  # empty: every profile
    not_profiles: frozenset[Profile] = frozenset()  # every profile but these; one that is unknown is bound
    points: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    covers: tuple[str, ...] = ()  # duties that it answers
    valid_from: date | None = None
    valid_to: date | None = None
    day_kind: str = "natural"  # natural, working
    line: int = 0

    @property
    def id(self) -> str:
        return f"{self.pack}/{self.slug}"

    @property
    def verified(self) -> bool:
        """The source was seen; otherwise the rule only warns."""
        return self.confidence != "C"

    def is_in_force(self, day: date) -> bool:
        return _is_within(day, self.valid_from, self.valid_to)

    def binds(self, profile: Profile | None) -> bool | None:
        """Whether the rule binds a portal of this profile; None when that depends on the unknown profile."""
        return _binds(self.profiles, self.not_profiles, profile)


@dataclass(frozen=True, slots=True)
class RulePack:
    """A dated set of rules. ``region``: the leading digits of a division code, None for the whole country."""

    id: str
    version: str
    title: str
    documents: tuple[str, ...]
    rules: tuple[Rule, ...]
    region: str | None = None
    profiles: frozenset[Profile] = frozenset()
    not_profiles: frozenset[Profile] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # packs that are chosen along with this one
    default: bool = True  # chosen without being named
    source: str = ""

    def is_in_force(self, day: date) -> bool:
        return _is_within(day, self.valid_from, self.valid_to)


def _is_within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _binds(only: frozenset[Profile], never: frozenset[Profile], profile: Profile | None) -> bool | None:
    if profile is not None:
        return profile not in never and (not only or profile in only)
    return None if only and only != frozenset(Profile) else True


# ---------------------------------------------------------------- which packs


def available_packs() -> dict[str, RulePack]:
    """The built-in packs by id."""
    return {name: _built_in(name) for name in _built_in_files()}


def load_pack(pack: str | Path) -> RulePack:
    """A built-in pack by its id, or a pack file by its path. Raises PackError."""
    name = str(pack)
    if name in _built_in_files():
        return _built_in(name)
    path = Path(name)
    if path.suffix.lower() in {".yaml", ".yml"} or path.exists() or "/" in name:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as exc:
            raise PackError(f"{name}: 没有这个规则包文件，请检查路径") from exc
        except UnicodeDecodeError as exc:
            raise PackError(f"{name}: 不是 UTF-8 编码的文本，请另存为 UTF-8 后再用") from exc
        except OSError as exc:
            raise PackError(f"{name}: 无法读取规则包文件（{exc.strerror}）") from exc
        return parse_pack(text, name)
    raise PackError(f"没有规则包“{name}”{suggest(name, _built_in_files())}；可用的有：{'、'.join(_built_in_files())}")


def select_packs(pack_ids: Sequence[str] | None, site: Site, as_of: date) -> list[RulePack]:
    """The packs to judge by: those named, else every default pack in force that binds the site.

    Without names: every national pack in force on ``as_of`` that binds the profile (an unknown profile is bound), never
    a superseded one; a local pack only where the division in the site code lies in its region, and with it what it
    cites. Raises PackError for an unknown name.
    """
    if pack_ids:
        return list({pack.id: pack for pack in map(load_pack, pack_ids)}.values())
    packs = available_packs()
    in_force = [pack for pack in packs.values() if pack.is_in_force(as_of)]
    superseded = {old for pack in in_force for old in pack.supersedes}
    chosen = {
        pack.id: pack
        for pack in in_force
        if pack.default
        and pack.id not in superseded
        and _is_regional(pack, site)
        and _binds(pack.profiles, pack.not_profiles, site.profile) is not False
    }
    for pack in list(chosen.values()):
        if pack.region is not None:
            chosen.update({cited: packs[cited] for cited in pack.cites if cited in packs})
    return list(chosen.values())


def _is_regional(pack: RulePack, site: Site) -> bool:
    if pack.region is None:
        return True
    code = site.site_id_code or ""
    return bool(re.fullmatch(r"\d{10}", code)) and code.startswith(pack.region)


@lru_cache(maxsize=1)
def _built_in_files() -> dict[str, Traversable]:
    package, folder = PACKS
    files = importlib.resources.files(package).joinpath(folder).iterdir()
    return {f.name.removesuffix(".yaml"): f for f in sorted(files, key=lambda f: f.name) if f.name.endswith(".yaml")}


@lru_cache(maxsize=64)
def _built_in(name: str) -> RulePack:
    file = _built_in_files()[name]
    return parse_pack(file.read_text(encoding="utf-8"), file.name)


# ---------------------------------------------------------------- reading a pack


def parse_pack(text: str, source: str) -> RulePack:
    """A pack from the text of its file. Raises PackError with ``source``, line and what to write instead."""
    load_checks()
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        problem = f"（{exc.problem}）"
        raise PackError(f"{source}:{line}: YAML 写法不对{problem}；请检查缩进、冒号后的空格和引号") from exc
    except yaml.YAMLError as exc:
        raise PackError(f"{source}:1: 不是 YAML 文本（含有不允许的字符）；请用纯文本编辑器另存为 UTF-8") from exc
    if not isinstance(node, yaml.MappingNode):
        raise PackError(f"{source}:1: 规则包应当是“键: 值”的形式；请从 id、version、title 写起")
    return _pack(Fields(node, source, "规则包", _PACK_KEYS))


_PACK_KEYS = {
    "id": True,
    "version": True,
    "title": True,
    "documents": True,
    "rules": True,
    **dict.fromkeys(
        ("region", "profiles", "not_profiles", "valid_from", "valid_to", "supersedes", "cites", "default"), False
    ),
}
_RULE_KEYS = {
    **dict.fromkeys(("slug", "title", "clause", "confidence", "check", "severity"), True),
    **dict.fromkeys(("document", "words", "concepts", "profiles", "not_profiles", "points", "params"), False),
    **dict.fromkeys(("covers", "valid_from", "valid_to", "day_kind"), False),
}


def _pack(fields: Fields) -> RulePack:
    pack_id = fields.slug("id")
    region = fields.text("region") or None
    if region is not None and not re.fullmatch(r"\d{2}|\d{4}|\d{6}", region):
        fields.fail(
            fields.line_of("region"), f"“region”不是行政区划代码：{region}", '请写 2、4 或 6 位数字，例如 "5106"'
        )
    documents = fields.words("documents")
    rule_nodes = fields.nodes["rules"]
    if not isinstance(rule_nodes, yaml.SequenceNode) or not rule_nodes.value:
        fields.fail(fields.line_of("rules"), "“rules”应当是一列规则", "每条规则以“- slug: ...”开头")
    only, never = fields.profiles("profiles"), fields.profiles("not_profiles")
    rules: dict[str, Rule] = {}
    for node in rule_nodes.value:
        rule = _rule(Fields(node, fields.source, "规则", _RULE_KEYS), pack_id, documents)
        if not rule.profiles and not rule.not_profiles:
            rule = replace(rule, profiles=only, not_profiles=never)
        if rule.slug in rules:
            fields.fail(rule.line, f"规则“{rule.slug}”与第 {rules[rule.slug].line} 行重名", "请换一个 slug")
        rules[rule.slug] = rule
    _check_counted_rules(fields, rules)
    return RulePack(
        id=pack_id,
        version=fields.text("version"),
        title=fields.text("title"),
        documents=documents,
        rules=tuple(rules.values()),
        region=region,
        profiles=only,
        not_profiles=never,
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        supersedes=fields.words("supersedes"),
        cites=fields.words("cites"),
        default=fields.flag("default", True),
        source=fields.source,
    )


def _rule(fields: Fields, pack_id: str, documents: tuple[str, ...]) -> Rule:
    confidence = fields.one_of("confidence", ("A", "B", "C"))
    severity = Severity(fields.one_of("severity", list(Severity)))
    if confidence == "C" and severity is not Severity.ADVICE:
        fields.fail(
            fields.line_of("severity"), f"来源未经核实（confidence: C）的规则不能是 {severity}", "请写 severity: advice"
        )
    points = fields.value("points")
    if points is not None and not isinstance(points, int | float):
        fields.fail(fields.line_of("points"), f"“points”应当是分数，现在是 {points!r}", "没有依据时请写 points: null")
    checks = registered_checks()
    check = fields.one_of("check", checks)
    return Rule(
        pack=pack_id,
        slug=fields.slug("slug"),
        title=fields.text("title"),
        document=fields.one_of("document", documents, documents[0] if documents else None),
        clause=fields.text("clause"),
        words=fields.text("words"),
        confidence=confidence,
        check=check,
        severity=severity,
        concepts=fields.some_of("concepts", all_concepts(), "栏目概念"),
        profiles=fields.profiles("profiles"),
        not_profiles=fields.profiles("not_profiles"),
        points=points,
        params=_params(fields, check),
        covers=fields.words("covers"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        day_kind=fields.one_of("day_kind", ("natural", "working"), "natural"),
        line=fields.line,
    )


def _params(fields: Fields, code: str) -> Mapping[str, Any]:
    check = registered_checks()[code]
    if check.needs_concepts and not fields.words("concepts"):
        fields.fail(fields.line, f"检查 {code} 需要写明栏目概念", "请加上一行 concepts: [budget]")
    names = dict.fromkeys(check.accepts, False) | dict.fromkeys(check.requires, True)
    if "params" not in fields.nodes:
        for name in check.requires:
            fields.fail(fields.line, f"检查 {code} 缺少参数“{name}”", f"请写 params: {{{name}: ...}}")
        return {}
    given = Fields(fields.nodes["params"], fields.source, f"检查 {code} 的参数", names)
    return {name: _param(given, name, check.values.get(name)) for name in given.nodes}


def _param(given: Fields, name: str, kind: str | tuple[str, ...] | None) -> Any:
    if isinstance(kind, tuple):
        return given.one_of(name, kind)
    if kind == "texts":
        return given.words(name)
    if kind == "flag":
        return given.flag(name, False)
    value = given.value(name)
    if kind == "number":
        if not isinstance(value, int | float):
            given.fail(given.line_of(name), f"“{name}”应当是数字，现在是 {value!r}", f"请写成 {name}: 5 的形式")
        return value
    if kind == "month-day":
        if not _is_month_day(value):
            given.fail(given.line_of(name), f"“{name}”应当是月和日，现在是 {value!r}", f'请写成 {name}: "01-31" 的形式')
        return value
    if not name.endswith("_age") and not (isinstance(value, str) and _PERIOD.match(value)):
        return tuple(value) if isinstance(value, list) else value
    try:
        return parse_period(value if isinstance(value, str) else repr(value))
    except DateError as exc:
        given.fail(given.line_of(name), f"期限“{name}: {value}”的写法不对", "请写成 P14D、P6M 或 P1Y", exc)


def _is_month_day(value: object) -> bool:
    """A day that every year has, as MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(f"2001-{value}").strftime("%m-%d") == value
    except ValueError:
        return False


def _check_counted_rules(fields: Fields, rules: Mapping[str, Rule]) -> None:
    for rule in rules.values():
        for slug in rule.params.get("of", ()):
            if slug not in rules:
                fields.fail(
                    rule.line,
                    f"规则“{rule.slug}”要计数的“{slug}”不在本规则包中",
                    suggest(slug, rules) or "请写本包的 slug",
                )
