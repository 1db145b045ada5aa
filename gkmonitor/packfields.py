"""The values of a YAML mapping, each with its line, refused with what is wrong and what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NoReturn

import yaml

from gkmonitor.errors import PackError
from gkmonitor.records import Profile

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_DEPTH: Final = 40
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def refuse_traps(text: str, source: str) -> None:
    """Raises PackError for what no pack needs: nesting that exhausts the reader, aliases that may stand for millions.

    What is no YAML at all is left to the reader, which names the line.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise PackError(f"{source}:{line}: 规则包不能用 * 引用别处的内容；请把内容写全")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise PackError(f"{source}:{line}: 嵌套超过 {MAX_DEPTH} 层，不是规则包；请检查括号和缩进")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return


class Fields:
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
                self.fail(line, f"{what}不认识“{key}”", suggest(key, keys) or f"可用的键：{'、'.join(keys)}")
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
        value = self._given(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fail(self.line_of(key), f"“{key}”应当是文字，现在是 {value!r}", f'请加引号，例如 {key}: "{value}"')
        return value.strip()

    def _given(self, key: str) -> Any:
        """The value, None only where the key is left out: one that is written must say something."""
        value = self.value(key)
        if key in self.nodes and (value is None or (isinstance(value, str) and not value.strip())):
            self.fail(self.line_of(key), f"“{key}”没有内容", "请写上内容；用不着的就删去这一行")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self._given(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fail(self.line_of(key), f"“{key}”应当是一列文字", f"请写成 {key}: [甲, 乙]")
        return tuple(value)

    def slugs(self, key: str) -> tuple[str, ...]:
        for word in self.words(key):
            if not _SLUG.fullmatch(word):
                self.fail(self.line_of(key), f"“{key}”的写法不对：{word}", "请写规则包的编号，例如 national-2019-19")
        return self.words(key)

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        text, choices = self.text(key, default or ""), list(allowed)
        if text not in choices:
            instead = suggest(text, choices) or f"请写 {'、'.join(choices)} 之一"
            self.fail(self.line_of(key), f"“{key}”不能是“{text}”", instead)
        return text

    def some_of(self, key: str, allowed: Iterable[str], what: str) -> tuple[str, ...]:
        chosen, choices = self.words(key), list(allowed)
        for word in chosen:
            if word not in choices:
                instead = suggest(word, choices) or f"可用的有：{'、'.join(choices[:12])}"
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

    def slug(self, key: str) -> str:
        text = self.text(key)
        if not _SLUG.fullmatch(text):
            instead = "请用小写字母、数字和连字符，例如 home-not-updated"
            self.fail(self.line_of(key), f"“{key}”的写法不对：{text}", instead)
        return text

    def flag(self, key: str, default: bool) -> bool:
        value = self._given(key)
        if value is not None and not isinstance(value, bool):
            self.fail(self.line_of(key), f"“{key}”应当是 true 或 false，现在是 {value!r}", f"请写 {key}: true")
        return default if value is None else value

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


def suggest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，是不是“{near[0]}”？" if near else ""
