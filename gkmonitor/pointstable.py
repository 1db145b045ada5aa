"""An office's own table of points as a file: YAML with indicators, or CSV with one rule a row.

YAML::

    title: 青禾县扣分表
    indicators:
      - name: 发布解读
        points: 30                       # what the indicator can lose at most
        deductions:
          - {rule: national-2019-19/column-blank, points: 5}

CSV: the heads 规则 and 扣分; with 指标 and 指标分值 the rows of one indicator share its limit, without them each rule
is an indicator of its own that may lose everything. A rule that only warns, or that is a veto, has no points.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import yaml

from gkmonitor.errors import PackError, PointsError
from gkmonitor.packfields import Fields, suggest
from gkmonitor.records import Severity
from gkmonitor.rulebook import Rule, RulePack
from gkmonitor.scoring import BONUS_POINTS, FULL_POINTS, PASS_POINTS, Deduction, Indicator, PointsTable

_TABLE_KEYS = {
    "title": True,
    "indicators": True,
    **dict.fromkeys(("full", "pass_line", "bonus_line", "score_departments"), False),
}
_INDICATOR_KEYS = {"name": True, "points": True, "deductions": True}
_DEDUCTION_KEYS = {"rule": True, "points": True}
_HEADS = {
    "rule": ("规则", "规则编号", "rule"),
    "points": ("扣分", "分值", "points"),
    "indicator": ("指标", "指标名称", "indicator"),
    "limit": ("指标分值", "指标总分", "indicator_points"),
}
_EXAMPLE = "请写表头 规则,扣分,指标,指标分值，每行一条，例如 national-2019-19/column-blank,5,发布解读,30"
_NO_POINTS = {Severity.ADVICE: "只作提醒，不扣分", Severity.VETO: "是单项否决，不计分"}


def load_points(path: Path, known_rules: Mapping[str, Rule]) -> PointsTable:
    """An office's table. Raises PointsError with file, line and what to write instead.

    ``known_rules``: the rules that it may name, by id.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise PointsError(f"{path}: 没有这个分值表文件，请检查路径") from exc
    except UnicodeDecodeError as exc:
        raise PointsError(f"{path}: 分值表不是 UTF-8 编码的文本，请另存为 UTF-8 后再用") from exc
    except OSError as exc:
        raise PointsError(f"{path}: 无法读取分值表（{exc.strerror}）") from exc
    parse = parse_points_csv if path.suffix.lower() == ".csv" else parse_points
    return parse(text, str(path), known_rules)


def with_points(packs: list[RulePack], table: PointsTable | None) -> list[RulePack]:
    """The packs with the table's points in their rules, so that verdicts and lists show them."""
    if table is None:
        return packs
    costs = table.costs
    return [
        replace(pack, rules=tuple(replace(r, points=costs[r.id]) if r.id in costs else r for r in pack.rules))
        for pack in packs
    ]


# ---------------------------------------------------------------- YAML


def parse_points(text: str, source: str, known_rules: Mapping[str, Rule]) -> PointsTable:
    """The table from the text of a YAML file; see ``load_points``."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as exc:
        line = getattr(getattr(exc, "problem_mark", None), "line", 0) + 1
        raise PointsError(f"{source}:{line}: YAML 写法不对；请检查缩进、冒号后的空格和引号") from exc
    if node is None:
        raise PointsError(f"{source}:1: 分值表是空的；请从 title 和 indicators 写起")
    try:
        return _table(Fields(node, source, "分值表", _TABLE_KEYS), known_rules)
    except PackError as exc:
        raise PointsError(str(exc)) from exc


def _table(fields: Fields, known_rules: Mapping[str, Rule]) -> PointsTable:
    entries = _entries(fields, "indicators", _INDICATOR_KEYS)
    indicators = tuple(_indicator(entry, known_rules) for entry in entries)
    table = PointsTable(
        fields.text("title"),
        indicators,
        _points(fields, "full", FULL_POINTS),
        _points(fields, "pass_line", PASS_POINTS),
        _points(fields, "bonus_line", BONUS_POINTS),
        fields.flag("score_departments", False),
        fields.source,
    )
    if wrong := _over_full(table):
        fields.fail(fields.line_of("indicators"), wrong, "请核对各项分值")
    if rule := _named_twice(table):
        fields.fail(fields.line_of("indicators"), f"规则“{rule}”在分值表中写了两次", "每条规则只写一次")
    return table


def _indicator(fields: Fields, known_rules: Mapping[str, Rule]) -> Indicator:
    deductions = []
    for entry in _entries(fields, "deductions", _DEDUCTION_KEYS):
        rule = entry.one_of("rule", known_rules)
        if why := _why_no_points(known_rules[rule]):
            entry.fail(entry.line_of("rule"), f"规则“{rule}”{why}", "请从分值表中删去")
        deductions.append(Deduction(rule, _points(entry, "points", 0.0)))
    return Indicator(fields.text("name"), _points(fields, "points", 0.0), tuple(deductions))


def _entries(fields: Fields, key: str, keys: Mapping[str, bool]) -> list[Fields]:
    node = fields.nodes[key]
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        fields.fail(fields.line_of(key), f"“{key}”应当是一列", "每项以“- ”开头")
    return [Fields(child, fields.source, f"“{key}”的一项", keys) for child in node.value]


def _points(fields: Fields, key: str, default: float) -> float:
    value = fields.value(key)
    if value is None and key not in fields.nodes:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        fields.fail(fields.line_of(key), f"“{key}”应当是不小于零的分数，现在是 {value!r}", f"请写成 {key}: 5 的形式")
    return float(value)


# ---------------------------------------------------------------- CSV


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the CSV: a rule and its points, the indicator and what that can lose."""

    source: str
    line: int
    cells: Mapping[str, str]

    def fail(self, wrong: str, instead: str) -> NoReturn:
        raise PointsError(f"{self.source}:{self.line}: {wrong}；{instead.lstrip('，')}")

    def number(self, name: str) -> float:
        text = self.cells.get(name, "")
        if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", text, re.ASCII):
            self.fail(f"“{_HEADS[name][0]}”应当是不小于零的分数，现在是“{text}”", "请写数字，例如 5")
        return float(text)

    def rule(self, known: Mapping[str, Rule]) -> str:
        name = self.cells.get("rule", "")
        if name not in known:
            self.fail(f"没有规则“{name}”", suggest(name, known) or "请用 gkmonitor rules list 查看全部规则")
        if why := _why_no_points(known[name]):
            self.fail(f"规则“{name}”{why}", "请删去这一行")
        return name


def parse_points_csv(text: str, source: str, known_rules: Mapping[str, Rule]) -> PointsTable:
    """The table from the text of a CSV file; see ``load_points``."""
    limits: dict[str, tuple[float, int]] = {}
    deductions: dict[str, list[Deduction]] = {}
    seen: dict[str, int] = {}
    for row in _rows(text, source):
        rule = row.rule(known_rules)
        if rule in seen:
            row.fail(f"规则“{rule}”已写在第 {seen[rule]} 行", "每条规则只写一次")
        seen[rule] = row.line
        name, limit = _limit(row, rule)
        if limits.setdefault(name, (limit, row.line))[0] != limit:
            row.fail(f"指标“{name}”的指标分值与第 {limits[name][1]} 行不一致", "请写同一个分值")
        deductions.setdefault(name, []).append(Deduction(rule, row.number("points")))
    if not deductions:
        raise PointsError(f"{source}:1: 分值表是空的；{_EXAMPLE}")
    indicators = tuple(Indicator(name, limits[name][0], tuple(entries)) for name, entries in deductions.items())
    table = PointsTable(Path(source).stem, indicators, source=source)
    if all(name not in seen for name in limits) and (wrong := _over_full(table)):
        raise PointsError(f"{source}: {wrong}；请核对各项分值")
    return table


def _limit(row: _Row, rule: str) -> tuple[str, float]:
    """The indicator and what it can lose; a rule without one stands for itself and may lose everything."""
    name = row.cells.get("indicator", "")
    return (name, row.number("limit")) if name else (rule, FULL_POINTS)


def _rows(text: str, source: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    places: dict[str, int] | None = None
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            if places is None:
                places = _places(row, source, reader.line_num)
                continue
            found = {name: row[place] for name, place in places.items() if place < len(row)}
            yield _Row(source, reader.line_num, found)
    except csv.Error as exc:
        raise PointsError(f"{source}:{reader.line_num}: 不是正确的 CSV（多半是引号没有成对）；请检查这一行") from exc


def _places(heads: list[str], source: str, line: int) -> dict[str, int]:
    places = {name: heads.index(head) for name, known in _HEADS.items() for head in reversed(known) if head in heads}
    missing = [_HEADS[name][0] for name in ("rule", "points") if name not in places]
    if "indicator" in places and "limit" not in places:
        missing.append(_HEADS["limit"][0])
    if missing:
        raise PointsError(f"{source}:{line}: 表头缺少“{'”“'.join(missing)}”；{_EXAMPLE}")
    return places


# ---------------------------------------------------------------- both


def _why_no_points(rule: Rule) -> str | None:
    return _NO_POINTS.get(rule.severity)


def _over_full(table: PointsTable) -> str | None:
    total = sum(one.points for one in table.indicators)
    return f"各指标分值合计 {total:g}，超过总分 {table.full:g}" if total > table.full else None


def _named_twice(table: PointsTable) -> str | None:
    named = [one.rule for indicator in table.indicators for one in indicator.deductions]
    return next((rule for rule in named if named.count(rule) > 1), None)
