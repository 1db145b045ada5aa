"""Rules as data: dated packs in YAML, each rule quoting document, clause and words.

A pack is refused as a whole, with file, line, what is wrong and what to write instead; a rule whose source is not
verified (confidence C) may only warn. ``checks/packs/schema.json`` describes the same format for editors.
"""

from __future__ import annotations

import difflib
import importlib.resources
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

import yaml

from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.concepts import all_concepts
from gkmonitor.dates import parse_period
from gkmonitor.errors import DateError, PackError
from gkmonitor.records import Profile, Severity, Site

PACKS = ("checks", "packs")  # package and folder that hold the built-in packs

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PERIOD = re.compile(r"P\d[0-9YMWD]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    raise PackError(f"没有规则包“{name}”{_suggest(name, _built_in_files())}；可用的有：{'、'.join(_built_in_files())}")


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
    return _pack(_Fields(node, source, "规则包", _PACK_KEYS))


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


class _Fields:
    """The values of one YAML mapping, each with the line to name when it is wrong."""

    def __init__(self, node: yaml.Node, source: str, what: str, keys: Mapping[str, bool] | None) -> None:
        self.source, self.what, self.line = source, what, node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.fail(self.line, f"{what}应当是“键: 值”的形式", "例如 slug: home-not-updated")
        self.nodes: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in self.nodes:
                self.fail(line, f"{what}中“{key}”写了两次", "请只保留一个")
            if keys is not None and key not in keys:
                self.fail(line, f"{what}不认识“{key}”", _suggest(key, keys) or f"可用的键：{'、'.join(keys)}")
            self.nodes[key] = value
        for key in keys or ():
            if keys and keys[key] and key not in self.nodes:
                self.fail(self.line, f"{what}缺少“{key}”", f"请加上一行 {key}: ...")

    def fail(self, line: int, wrong: str, instead: str, cause: Exception | None = None) -> NoReturn:
        raise PackError(f"{self.source}:{line}: {wrong}；{instead.lstrip('，')}") from cause

    def line_of(self, key: str) -> int:
        return self.nodes[key].start_mark.line + 1 if key in self.nodes else self.line

    def value(self, key: str) -> Any:
        node = self.nodes.get(key)
        return None if node is None else _value(node)

    def text(self, key: str, default: str = "") -> str:
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fail(self.line_of(key), f"“{key}”应当是文字，现在是 {value!r}", f'请加引号，例如 {key}: "{value}"')
        return value.strip()

    def words(self, key: str) -> tuple[str, ...]:
        value = self.value(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fail(self.line_of(key), f"“{key}”应当是一列文字", f"请写成 {key}: [甲, 乙]")
        return tuple(value)

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        text, choices = self.text(key, default or ""), list(allowed)
        if text not in choices:
            instead = _suggest(text, choices) or f"请写 {'、'.join(choices)} 之一"
            self.fail(self.line_of(key), f"“{key}”不能是“{text}”", instead)
        return text

    def some_of(self, key: str, allowed: Iterable[str], what: str) -> tuple[str, ...]:
        chosen, choices = self.words(key), list(allowed)
        for word in chosen:
            if word not in choices:
                instead = _suggest(word, choices) or f"可用的有：{'、'.join(choices[:12])}"
                self.fail(self.line_of(key), f"没有{what}“{word}”", instead)
        return chosen

    def day(self, key: str) -> date | None:
        text = self.text(key)
        if not text:
            return None
        try:
            if not _DAY.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError as exc:
            self.fail(self.line_of(key), f"“{key}”不是日期：{text}", "请写成 2019-05-15 的形式", exc)

    def profiles(self, key: str) -> frozenset[Profile]:
        return frozenset(Profile(p) for p in self.some_of(key, list(Profile), "网站类型"))


def _value(node: yaml.Node) -> Any:
    """Plain values; days and periods stay text, so that their own errors can be told."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(child) for child in node.value]
    tag, text = node.tag.rsplit(":", 1)[-1], str(node.value)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in {"true", "yes", "on"}
    if tag == "int" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if tag == "float" and re.fullmatch(r"-?\d+\.\d+", text) else text


def _pack(fields: _Fields) -> RulePack:
    pack_id = _slug(fields, "id")
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
        rule = _rule(_Fields(node, fields.source, "规则", _RULE_KEYS), pack_id, documents)
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
        default=_flag(fields, "default", True),
        source=fields.source,
    )


def _rule(fields: _Fields, pack_id: str, documents: tuple[str, ...]) -> Rule:
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
        slug=_slug(fields, "slug"),
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


def _params(fields: _Fields, code: str) -> Mapping[str, Any]:
    check = registered_checks()[code]
    names = dict.fromkeys(check.accepts, False) | dict.fromkeys(check.requires, True)
    if "params" not in fields.nodes:
        for name in check.requires:
            fields.fail(fields.line, f"检查 {code} 缺少参数“{name}”", f"请写 params: {{{name}: ...}}")
        return {}
    given = _Fields(fields.nodes["params"], fields.source, f"检查 {code} 的参数", names)
    return {name: _param(given, name) for name in given.nodes}


def _param(given: _Fields, name: str) -> Any:
    value = given.value(name)
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and (_PERIOD.match(value) or name.endswith("_age")):
        try:
            return parse_period(value)
        except DateError as exc:
            given.fail(given.line_of(name), f"期限“{name}: {value}”的写法不对", "请写成 P14D、P6M 或 P1Y", exc)
    if name.endswith("_age"):
        given.fail(given.line_of(name), f"“{name}”应当是期限，现在是 {value!r}", "请写成 P14D、P6M 或 P1Y")
    return value


def _check_counted_rules(fields: _Fields, rules: Mapping[str, Rule]) -> None:
    for rule in rules.values():
        for slug in rule.params.get("of", ()):
            if slug not in rules:
                fields.fail(
                    rule.line,
                    f"规则“{rule.slug}”要计数的“{slug}”不在本规则包中",
                    _suggest(slug, rules) or "请写本包的 slug",
                )


def _slug(fields: _Fields, key: str) -> str:
    text = fields.text(key)
    if not _SLUG.fullmatch(text):
        fields.fail(
            fields.line_of(key), f"“{key}”的写法不对：{text}", "请用小写字母、数字和连字符，例如 home-not-updated"
        )
    return text


def _flag(fields: _Fields, key: str, default: bool) -> bool:
    value = fields.value(key)
    if value is not None and not isinstance(value, bool):
        fields.fail(fields.line_of(key), f"“{key}”应当是 true 或 false，现在是 {value!r}", f"请写 {key}: true")
    return default if value is None else value


def _suggest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，是不是“{near[0]}”？" if near else ""
