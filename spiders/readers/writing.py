"""Writing out straight-line ``document.write`` calls, as a browser does while it parses.

Only code without branches, loops or functions is followed, and only text made of literals and of variables that hold
literals. Everything else stays a script.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

MAX_CODE_CHARACTERS = 3000
MAX_SCRIPTS = 400

# Spelt out, because a search that ignores case cannot skip to the next bracket.
_SCRIPT: Final = re.compile(r"<[sS][cC][rR][iI][pP][tT]\b[^<>]*>")
_SCRIPT_END: Final = re.compile(r"</[sS][cC][rR][iI][pP][tT][^<>]*>")
_ASSIGNS_TEXT: Final = re.compile(r"=\s*['\"]")
# What must not stand before the slashes is asked behind them: so the search can skip to a first character.
_COMMENT: Final = re.compile(r"/\*.*?\*/|//(?<![:'\"]//)[^\n]*|<!--[^\n]*", re.DOTALL)
_LITERAL = r"""'(?:[^'\\\n]++|\\.)*+'|"(?:[^"\\\n]++|\\.)*+\""""
_ANY_LITERAL: Final = re.compile(_LITERAL)
_VARIABLE: Final = re.compile(rf"(?:^|[;\s])(?:var\s+)?([A-Za-z_$][\w$]*)\s*=\s*({_LITERAL})\s*(?=;|\n|$)")
_CALL: Final = re.compile(rf"document\.write(?:ln)?\s*\(\s*((?:{_LITERAL}|[\w$.\s+])+)\)")
_TERM: Final = re.compile(rf"({_LITERAL})|([A-Za-z_$][\w$]*)")
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_CONDITION: Final = re.compile(
    rf"if(?<!\wif)\s*\(\s*(?P<name>[A-Za-z_$][\w$]*)\s*===?\s*(?P<literal>{_LITERAL})\s*\)\s*\{{(?P<then>(?:{_LITERAL}|[^{{}}'\"])*)\}}(?!\s*else)"
)
# Each word apart with what must not stand before it behind it: so the search can skip to a first letter.
_BRANCHES: Final = re.compile(
    "|".join(rf"{word}\b(?<!\w{word})" for word in ("if", "for", "while", "switch", "function")) + r"|=>|\?"
)
# What stands before the first comment, with the plainest of literals in it; always matches.
_OPENING: Final = re.compile(
    r"""(?:[^'"/<]++|'(?:[^'\\\n/<]++|{0})*+'|"(?:[^"\\\n/<]++|{0})*+"|{0})*+""".format(r"/(?![/*])|<(?!!--)")
)
_UNENDED = "/\ue000*"
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
    variables = _Variables()
    pieces: list[str] = []
    begin = 0
    last = text.rfind("document.write")
    for start in islice(_SCRIPT.finditer(text), MAX_SCRIPTS):
        if start.end() > last:
            break
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


class _Variables:
    """The variables that the scripts so far have set to literals; the scripts are read when the first one is asked."""

    def __init__(self) -> None:
        self.pending: list[tuple[str, bool]] = []  # code, and whether it is known as straight and without comments
        self._known: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        for code, is_plain in self.pending:
            plain: str | None = code
            if not is_plain:
                plain = _straight(code) if _ASSIGNS_TEXT.search(code) else None
            if plain is not None:
                self._known.update((found, unquote(literal)) for found, literal in _VARIABLE.findall(plain))
        self.pending.clear()
        return self._known.get(name)


def _written(code: str, variables: _Variables) -> str:
    if "document.write" not in code:
        variables.pending.append((code, False))
        return ""
    plain = _straight(code)
    if plain is None:
        return ""
    variables.pending.append((plain, True))
    return "".join(_value(call, variables) for call in _CALL.findall(plain))


def _straight(code: str) -> str | None:
    """The code without comments; None where it branches, loops or has functions.

    A condition that compares two literals is none: templates ask for the name that they have just written down.
    """
    if "if" in code and "document.write" in code and _CONDITION.search(code):
        code = _settle(without_comments(_COMMENT, code))
    opening = _OPENING.match(code)[0]  # type: ignore[index]
    if _BRANCHES.search(opening) and _BRANCHES.search(_without_literals(opening)):
        return None
    code = without_comments(_COMMENT, code)
    if _BRANCHES.search(code) and _BRANCHES.search(_without_literals(code)):
        return None
    return code


def _settle(code: str) -> str:
    """The code with each comparison of a variable, set once to a literal, with a literal replaced by what then runs."""
    values: dict[str, str] = {}
    for name, literal in _VARIABLE.findall(code):
        values[name] = "" if name in values else literal
    return _CONDITION.sub(lambda match: _what_runs(match, values), code)


def _what_runs(match: re.Match[str], values: dict[str, str]) -> str:
    literal = values.get(match["name"])
    if not literal:
        return match[0]
    return match["then"] if unquote(literal) == unquote(match["literal"]) else ""


def without_comments(comment: re.Pattern[str], code: str) -> str:
    """The code with a blank for each comment. For one that never ends, the code is not searched again and again."""
    last = max(0, code.rfind("*/") - 1)
    if code.find("/*", last) < 0:
        return comment.sub(" ", code)
    code = code[:last] + code[last:].replace("/*", _UNENDED)
    return comment.sub(" ", code).replace(_UNENDED, "/*")


def _without_literals(code: str) -> str:
    return _ANY_LITERAL.sub("''", code)


def _value(expression: str, variables: _Variables) -> str:
    parts: list[str] = []
    for literal, name in _TERM.findall(expression):
        part = unquote(literal) if literal else variables.get(name)
        if part is None:
            return ""
        parts.append(part)
    return "".join(parts)
