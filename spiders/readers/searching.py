"""Searching a page's text for the few lines that a pattern is found in."""

from __future__ import annotations

import re


def spans_with(pattern: re.Pattern[str], text: str, begin: int = 0) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end in which a pattern is found, from the line that begins at ``begin`` on.

    For patterns that match within a line. One search over the whole text costs a fraction of one in every line.
    """
    found: list[tuple[int, int]] = []
    match = pattern.search(text, begin)
    while match is not None:
        start, end = max(begin, text.rfind("\n", begin, match.start()) + 1), text.find("\n", match.end())
        if end < 0:
            found.append((start, len(text)))
            break
        found.append((start, end))
        match = pattern.search(text, end)
    return found


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    """The lines of a text in which a pattern is found."""
    return [text[begin:end] for begin, end in spans_with(pattern, text)]
