"""Array and object literals of scripts as values: what JSON's own decoder refuses (bare keys, single quotes)."""

from __future__ import annotations

import json
import re
from typing import Final

from spiders.readers.writing import unquote

MAX_TOKENS: Final = 20_000
MAX_DEPTH: Final = 12

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<blank>//[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<sign>[\[\]{},:])|(?P<plain>-?\d+(?:\.\d+)?|[A-Za-z_$][\w$]*))""",
    re.DOTALL,
)
_PLAIN: Final = {"true": True, "false": False}


class _UnreadableError(Exception):
    """Not a literal: a call, an operator, a template."""


def read_literal(code: str, start: int) -> object | None:
    """The literal that begins at ``start``; None where it is none or is cut off. Never raises."""
    try:
        value: object = json.JSONDecoder().raw_decode(code, start)[0]
    except (ValueError, RecursionError):
        try:
            return _Reader(code, start).value(0)
        except (_UnreadableError, ValueError):
            return None
    return value


class _Reader:
    """Reads one literal, token by token."""

    def __init__(self, code: str, start: int) -> None:
        self._code = code
        self._place = start
        self._tokens = 0

    def _next(self) -> tuple[str, str]:
        """Kind and words of the next token; comments are skipped."""
        while True:
            self._tokens += 1
            match = _TOKEN.match(self._code, self._place) if self._tokens <= MAX_TOKENS else None
            if match is None or match.lastgroup is None:
                raise _UnreadableError
            self._place = match.end()
            if match.lastgroup != "blank":
                return match.lastgroup, match[match.lastgroup]

    def value(self, depth: int) -> object:
        kind, words = self._next()
        if depth > MAX_DEPTH:
            raise _UnreadableError
        if kind == "text":
            return unquote(words)
        if kind == "plain":
            if words[0].isdigit() or words[0] == "-":
                return float(words) if "." in words else int(words)
            return _PLAIN.get(words)  # null, undefined and the names of variables are nothing known
        if words == "[":
            return self._array(depth)
        if words == "{":
            return self._object(depth)
        raise _UnreadableError

    def _array(self, depth: int) -> list[object]:
        found: list[object] = []
        while True:
            before = self._place
            kind, words = self._next()
            if (kind, words) == ("sign", "]"):
                return found
            if (kind, words) != ("sign", ","):
                self._place = before
                found.append(self.value(depth + 1))

    def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while True:
            kind, words = self._next()
            if (kind, words) == ("sign", "}"):
                return found
            if (kind, words) == ("sign", ","):
                continue
            if kind == "sign" or self._next() != ("sign", ":"):
                raise _UnreadableError
            found[unquote(words) if kind == "text" else words] = self.value(depth + 1)
