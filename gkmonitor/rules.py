"""Rules as data: dated packs in YAML, each rule quoting document, clause and words.

A pack is refused as a whole, with file, line, what is wrong and what to write instead; a rule whose source is not
verified (confidence C) may only warn. ``checks/packs/schema.json`` describes the same format for editors.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
from gkmonitor.packfields import Fields, refuse_traps, suggest
from gkmonitor.records import Severity, Site
from gkmonitor.rulebook import NotWeb, Rule, RulePack, Task, binds

__all__ = ["NotWeb", "Rule", "RulePack", "Task", "available_packs", "load_pack", "parse_pack", "select_packs"]

_PERIOD = re.compile(r"P\d[0-9YMWD]*")

PACKS = ("checks", "packs")  # package and folder that hold the built-in packs
HEAD = "pack.yaml"  # of a pack that is a folder; its other YAML files hold further rules, tasks and not_web


# ---------------------------------------------------------------- which packs


def available_packs() -> dict[str, RulePack]:
    """The built-in packs by id."""
    return {name: _built_in(name) for name in _built_in_files()}


def load_pack(pack: str | Path) -> RulePack:
    """A built-in pack by its id, or a pack file by its path. Raises PackError."""
    name = str(pack).strip() if isinstance(pack, str) else str(pack)
    if not name:
        raise PackError(f"没有写规则包的编号或文件；可用的有：{'、'.join(_built_in_files())}")
    if name in _built_in_files():
        return _built_in(name)
    path = Path(name)
    if path.suffix.lower() in {".yaml", ".yml"} or path.exists() or "/" in name:
        texts = [(_read(file), str(file)) for file in (_files_of(path) if path.is_dir() else [path])]
        for text, source in texts:
            refuse_traps(text, source)
        return parse_pack(*texts[0], texts[1:])
    near = suggest(name, _built_in_files()) or "；"
    raise PackError(f"没有规则包“{name}”{near}可用的有：{'、'.join(_built_in_files())}")


def select_packs(pack_ids: Sequence[str] | None, site: Site, as_of: date) -> list[RulePack]:
    """The packs to judge by: those named, else every default pack in force that binds the site.

    Without names: every national pack in force on ``as_of`` that binds the profile (an unknown profile is bound), never
    a superseded one; a local pack only where the division in the site code lies in its region, and with it what it
    cites. Raises PackError for an unknown name.
    """
    if pack_ids:
        return list({pack.id: pack for pack in map(load_pack, pack_ids)}.values())
    return packs_for(list(available_packs().values()), site, as_of)


def packs_for(packs: Sequence[RulePack], site: Site, as_of: date) -> list[RulePack]:
    """Those of the given packs that judge the site when none is named; see ``select_packs``."""
    known = {pack.id: pack for pack in packs}
    in_force = [pack for pack in packs if pack.is_in_force(as_of)]
    superseded = {old for pack in in_force for old in pack.supersedes}
    chosen = {
        pack.id: pack
        for pack in in_force
        if pack.default
        and pack.id not in superseded
        and _is_regional(pack, site)
        and binds(pack.profiles, pack.not_profiles, site.profile) is not False
    }
    for pack in list(chosen.values()):
        if pack.region is not None:
            chosen.update({cited: known[cited] for cited in pack.cites if cited in known})
    return list(chosen.values())


def _is_regional(pack: RulePack, site: Site) -> bool:
    if pack.region is None:
        return True
    code = site.site_id_code or ""
    return bool(re.fullmatch(r"\d{10}", code)) and code.startswith(pack.region)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise PackError(f"{path}: 没有这个规则包文件，请检查路径") from exc
    except UnicodeDecodeError as exc:
        raise PackError(f"{path}: 不是 UTF-8 编码的文本，请另存为 UTF-8 后再用") from exc
    except OSError as exc:
        raise PackError(f"{path}: 无法读取规则包文件（{exc.strerror}）") from exc


def _files_of(folder: Path) -> list[Path]:
    """The files of a pack that is a folder, its head first."""
    if not (folder / HEAD).is_file():
        raise PackError(f"{folder}: 无法读取规则包文件夹，其中没有 {HEAD}；请写明 {HEAD}，或指明规则包文件")
    return [folder / HEAD, *sorted(file for file in folder.glob("*.yaml") if file.name != HEAD)]


@lru_cache(maxsize=1)
def _built_in_files() -> dict[str, tuple[Traversable, ...]]:
    """The files of every built-in pack by its id, the head of the pack first."""
    package, folder = PACKS
    found: dict[str, tuple[Traversable, ...]] = {}
    for entry in sorted(importlib.resources.files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            files = sorted(
                (file for file in entry.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
            )
            head = [file for file in files if file.name == HEAD]
            if head:
                found[entry.name] = (*head, *(file for file in files if file.name != HEAD))
        elif entry.name.endswith(".yaml"):
            found[entry.name.removesuffix(".yaml")] = (entry,)
    return found


@lru_cache(maxsize=64)
def _built_in(name: str) -> RulePack:
    files = _built_in_files()[name]
    texts = [(file.read_text(encoding="utf-8"), file.name) for file in files]
    return parse_pack(*texts[0], [(text, f"{name}/{source}") for text, source in texts[1:]])


# ---------------------------------------------------------------- reading a pack


def parse_pack(text: str, source: str, parts: Sequence[tuple[str, str]] = ()) -> RulePack:
    """A pack from the text of its file and, for one in several files, of its parts as (text, source).

    Raises PackError with the source, the line and what to write instead.
    """
    load_checks()
    head = Fields(_mapping(text, source, "请从 id、version、title 写起"), source, "规则包", _PACK_KEYS)
    further = [
        Fields(_mapping(content, name, "请从 rules、tasks 或 not_web 写起"), name, "规则包的分册", _PART_KEYS)
        for content, name in parts
    ]
    return _pack(head, further)


def _mapping(text: str, source: str, instead: str) -> yaml.MappingNode:
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        problem = f"（{exc.problem}）"
        raise PackError(f"{source}:{line}: YAML 写法不对{problem}；请检查缩进、冒号后的空格和引号") from exc
    except yaml.YAMLError as exc:
        raise PackError(f"{source}:1: 不是 YAML 文本（含有不允许的字符）；请用纯文本编辑器另存为 UTF-8") from exc
    if not isinstance(node, yaml.MappingNode):
        raise PackError(f"{source}:1: 规则包应当是“键: 值”的形式；{instead}")
    return node


_PACK_KEYS = {
    "id": True,
    "version": True,
    "title": True,
    "documents": True,
    **dict.fromkeys(("rules", "tasks", "not_web"), False),
    **dict.fromkeys(
        ("region", "profiles", "not_profiles", "valid_from", "valid_to", "supersedes", "cites", "default"), False
    ),
}
_PART_KEYS = dict.fromkeys(("rules", "tasks", "not_web"), False)
_RULE_KEYS = {
    **dict.fromkeys(("slug", "title", "clause", "confidence", "check", "severity"), True),
    **dict.fromkeys(("document", "words", "concepts", "profiles", "not_profiles", "points", "params"), False),
    **dict.fromkeys(("hosts", "units", "covers", "valid_from", "valid_to", "day_kind"), False),
    "needs_person": False,
}
_TASK_KEYS = {
    **dict.fromkeys(("slug", "title", "clause", "look", "where", "counts", "how"), True),
    **dict.fromkeys(("words", "why", "profiles", "covers"), False),
}
_NOT_WEB_KEYS = {"why": True, "covers": True}


def _pack(fields: Fields, parts: Sequence[Fields]) -> RulePack:
    pack_id = fields.slug("id")
    region = fields.text("region") or None
    if region is not None and not re.fullmatch(r"\d{2}|\d{4}|\d{6}", region):
        fields.fail(
            fields.line_of("region"), f"“region”不是行政区划代码：{region}", '请写 2、4 或 6 位数字，例如 "5106"'
        )
    documents = fields.words("documents")
    only, never = fields.profiles("profiles"), fields.profiles("not_profiles")
    every = (fields, *parts)
    rules: dict[str, Rule] = {}
    for entry in _entries(every, "rules", "规则", _RULE_KEYS):
        rule = _rule(entry, pack_id, documents)
        if not rule.profiles and not rule.not_profiles:
            rule = replace(rule, profiles=only, not_profiles=never)
        if rule.slug in rules:
            entry.fail(rule.line, f"规则“{rule.slug}”与第 {rules[rule.slug].line} 行重名", "请换一个 slug")
        rules[rule.slug] = rule
    if not rules:
        fields.fail(fields.line_of("rules"), "“rules”应当是一列规则", "每条规则以“- slug: ...”开头")
    tasks: dict[str, Task] = {}
    for entry in _entries(every, "tasks", "人工任务", _TASK_KEYS):
        task = _task(entry, pack_id)
        if task.slug in rules or task.slug in tasks:
            entry.fail(task.line, f"人工任务“{task.slug}”与本规则包中的另一条重名", "请换一个 slug")
        tasks[task.slug] = task
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
        supersedes=fields.slugs("supersedes"),
        cites=fields.slugs("cites"),
        default=fields.flag("default", True),
        source=fields.source,
        tasks=tuple(tasks.values()),
        not_web=tuple(_not_web(entry) for entry in _entries(every, "not_web", "not_web 的一项", _NOT_WEB_KEYS)),
    )


def _entries(files: Sequence[Fields], key: str, what: str, keys: Mapping[str, bool]) -> Iterator[Fields]:
    """The entries of one list of the pack, over all its files."""
    for fields in files:
        node = fields.nodes.get(key)
        if node is None:
            continue
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            first = "why" if key == "not_web" else "slug"
            fields.fail(fields.line_of(key), f"“{key}”应当是一列{what}", f"每条以“- {first}: ...”开头")
        for child in node.value:
            yield Fields(child, fields.source, what, keys)


def _task(fields: Fields, pack_id: str) -> Task:
    return Task(
        pack=pack_id,
        slug=fields.slug("slug"),
        title=fields.text("title"),
        clause=fields.text("clause"),
        look=fields.text("look"),
        where=fields.text("where"),
        counts=fields.text("counts"),
        how=fields.one_of("how", ("assisted", "manual")),
        covers=_covered(fields) if "covers" in fields.nodes else (),
        words=fields.text("words"),
        why=fields.text("why") or None,
        profiles=fields.profiles("profiles"),
        line=fields.line,
    )


def _not_web(fields: Fields) -> NotWeb:
    if not str(fields.value("why") or "").strip():  # asked first: it may not be left out either
        fields.fail(
            fields.line_of("why"), "“why”没有写明理由", "请写明为什么网上看不到，例如 why: 只在办文流程内部留痕"
        )
    return NotWeb(fields.text("why"), _covered(fields), fields.line)


def _covered(fields: Fields) -> tuple[str, ...]:
    covers = fields.words("covers")
    if not covers:
        fields.fail(fields.line_of("covers"), "“covers”没有写明事项", "请写事项编号，例如 covers: [cd-01-01]")
    return covers


def _rule(fields: Fields, pack_id: str, documents: tuple[str, ...]) -> Rule:
    confidence = fields.one_of("confidence", ("A", "B", "C"))
    severity = Severity(fields.one_of("severity", list(Severity)))
    if confidence == "C" and severity is not Severity.ADVICE:
        fields.fail(
            fields.line_of("severity"), f"来源未经核实（confidence: C）的规则不能是 {severity}", "请写 severity: advice"
        )
    points = fields.value("points")
    if points is not None and (isinstance(points, bool) or not isinstance(points, int | float)):
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
        hosts=fields.profiles("hosts"),
        units=fields.words("units"),
        points=points,
        params=_params(fields, check),
        covers=fields.words("covers"),
        valid_from=fields.day("valid_from"),
        valid_to=fields.day("valid_to"),
        day_kind=fields.one_of("day_kind", ("natural", "working"), "natural"),
        needs_person=fields.flag("needs_person", False),
        line=fields.line,
    )


def _params(fields: Fields, code: str) -> Mapping[str, Any]:
    check = registered_checks()[code]
    if check.needs_concepts and not fields.words("concepts"):
        fields.fail(fields.line, f"检查 {code} 需要写明栏目概念", "请加上一行 concepts: [budget]")
    names = dict.fromkeys(check.accepts, False) | dict.fromkeys(check.requires, True)
    if "params" not in fields.nodes:
        for name in (*check.requires, *(check.one_of[0] if check.one_of else ())):
            fields.fail(fields.line, f"检查 {code} 缺少参数“{name}”", f"请写 params: {{{name}: ...}}")
        return {}
    given = Fields(fields.nodes["params"], fields.source, f"检查 {code} 的参数", names)
    marks = [group[0] for group in check.one_of if group[0] in given.nodes]
    wholes = [group for group in check.one_of if set(group) <= set(given.nodes)]
    if check.one_of and (len(marks) != 1 or len(wholes) != 1):
        ways = "；或者 ".join("、".join(group) for group in check.one_of)
        given.fail(given.line, f"检查 {code} 的参数不全或相互冲突", f"请只写其中一组：{ways}")
    return {name: _param(given, name, check.values.get(name)) for name in given.nodes}


def _param(given: Fields, name: str, kind: str | tuple[str, ...] | None) -> Any:
    if isinstance(kind, tuple):
        return given.one_of(name, kind)
    if kind == "texts":
        return given.words(name)
    if kind in ("flag", "day"):
        return given.flag(name, False) if kind == "flag" else given.day(name)
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
