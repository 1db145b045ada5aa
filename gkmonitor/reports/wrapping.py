"""Lines of Chinese text for a terminal: wide characters take two cells, and a line may end between any two of them."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_NO_BREAK_BEFORE = "，。、；：？！）》」』〕】”’,.;:?!)]…"
_NO_BREAK_AFTER = "（《「『〔【“‘(["
MAX_CARRIED = 24
_LATIN = re.compile(r"[!-'*-~]")
_WORDS = re.compile(r"[!-'*-~]+|.")  # Latin words, dates and addresses stay together; brackets stand alone


def width(text: str) -> int:
    """Terminal cells that the text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, columns: int) -> list[str]:
    """Break text into lines of at most ``columns`` cells (at least 4)."""
    columns = max(4, columns)
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines.extend(_wrap_paragraph(paragraph, columns))
    return lines or [""]


def _wrap_paragraph(paragraph: str, columns: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in _pieces(paragraph, columns):
        cells = width(word)
        if line and used + cells > columns:
            carried = _carried(line, word)
            lines.append(line[: len(line) - len(carried)].rstrip())
            line = (carried + word).lstrip()
            used = width(line)
        else:
            line, used = line + word, used + cells
    return [*lines, line.rstrip()]


def _carried(line: str, word: str) -> str:
    """The end of a line that must go on with the next word: a closing mark never begins, an opening one never ends."""
    cut = len(line)
    if word[0] in _NO_BREAK_BEFORE:
        cut -= 1
    while cut > 1 and (line[cut - 1] in _NO_BREAK_AFTER or (cut < len(line) and line[cut] in _NO_BREAK_BEFORE)):
        cut -= 1
    whole = cut
    while 0 < whole < len(line) and _LATIN.match(line[whole]) and _LATIN.match(line[whole - 1]):
        whole -= 1  # HTTP_PROXY。 goes on as a word
    if whole < cut and len(line) - whole <= MAX_CARRIED and whole > 0:
        return line[whole:]
    return line[cut:] if len(line) - cut <= 4 < cut else ""


def _pieces(paragraph: str, columns: int) -> list[str]:
    pieces: list[str] = []
    for word in _WORDS.findall(paragraph):
        pieces.extend(word[start : start + columns] for start in range(0, len(word), columns))
    return pieces
