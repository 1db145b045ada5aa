"""Writing out straight-line ``document.write`` calls, as a browser does while it parses.

Only code without branches, loops or functions is followed, and only text made of literals and of variables that hold
literals. Everything else stays a script.
"""

from __future__ import annotations

import re
from itertools import islice

MAX_CODE_CHARACTERS = 3000
MAX_SCRIPTS = 400

# Spelt out, because a search that ignores case cannot skip to the next bracket.
_SCRIPT = re.compile(r"<[sS][cC][rR][iI][pP][tT]\b[^<>]*>")
_SCRIPT_END = re.compile(r"</[sS][cC][rR][iI][pP][tT][^<>]*>")
_ASSIGNS_TEXT = re.compile(r"=\s*['\"]")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*|<!--[^\n]*", re.DOTALL)
_LITERAL = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_VARIABLE = re.compile(rf"(?:^|[;\s])(?:var\s+)?([A-Za-z_$][\w$]*)\s*=\s*({_LITERAL})\s*(?=;|\n|$)")
_CALL = re.compile(rf"document\.write(?:ln)?\s*\(\s*((?:{_LITERAL}|[\w$.\s+])+)\)")
_TERM = re.compile(rf"({_LITERAL})|([A-Za-z_$][\w$]*)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_BRANCHES = re.compile(r"\b(?:if|for|while|switch|function)\b|=>|\?")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}


def unquote(literal: str) -> str:
    """The text of a quoted script literal."""
    return _ESCAPE.sub(_unescape, literal[1:-1]) if "\\" in literal else literal[1:-1]


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


def write_out(text: str) -> str:
    """The markup with the text that its scripts write put behind each script."""
    if "document.write" not in text:
        return text
    variables: dict[str, str] = {}
    pieces: list[str] = []
    begin = 0
    for start in islice(_SCRIPT.finditer(text), MAX_SCRIPTS):
        end = _SCRIPT_END.search(text, start.end())
        if end is None:
            break
        if not 0 < end.start() - start.end() <= MAX_CODE_CHARACTERS:
            continue
        written = _written(text[start.end() : end.start()], variables)
        if written:
            pieces += (text[begin : end.end()], written)
            begin = end.end()
    pieces.append(text[begin:])
    return "".join(pieces)


def _written(code: str, variables: dict[str, str]) -> str:
    if "document.write" not in code and not _ASSIGNS_TEXT.search(code):
        return ""
    code = _COMMENT.sub(" ", code)
    if _BRANCHES.search(_without_literals(code)):
        return ""
    for name, literal in _VARIABLE.findall(code):
        variables[name] = unquote(literal)
    if "document.write" not in code:
        return ""
    return "".join(_value(call, variables) for call in _CALL.findall(code))


def _without_literals(code: str) -> str:
    return re.sub(_LITERAL, "''", code)


def _value(expression: str, variables: dict[str, str]) -> str:
    parts: list[str] = []
    for literal, name in _TERM.findall(expression):
        if name and name not in variables:
            return ""
        parts.append(unquote(literal) if literal else variables[name])
    return "".join(parts)
