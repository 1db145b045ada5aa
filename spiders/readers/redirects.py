"""Where a page sends its reader on by itself, and the frames it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from gkmonitor.records import Redirect
from spiders.readers.document import Document
from spiders.readers.writing import without_comments

MAX_DELAY_SECONDS = 30
MAX_CODE_CHARACTERS = 20_000
MAX_TEXT_BESIDE_SCRIPT = 1_500  # a page that says more than this is not there to be left at once
MAX_FRAMES = 30
MAX_METAS = 200
MAX_DEPARTURES = 50  # of one page; each is looked at in the code around it
MAX_NESTING = 8
MAX_HEAD_CHARACTERS = 300
MAX_OWNER_CHARACTERS = 60

_REFRESH: Final = re.compile(
    r"^\s*(\d+(?:\.\d+)?)?\s*[;,]?\s*url\s*=\s*['\"]?\s*([^'\"]+?)\s*['\"]?\s*$", re.IGNORECASE
)
_COMMENT: Final = re.compile(r"/\*.*?\*/|(?<![:'\"\\])//[^\n]*|<!--|-->", re.DOTALL)
_BRACE: Final = re.compile("[{}]")
# Begins plainly, so that the search is fast; what has to stand before it is asked apart.
_GOES: Final = re.compile(
    r"location(?:\.href)?\s*(?:=\s*|\.(?:replace|assign)\s*\(\s*)(['\"])([^'\"\n]{1,500})\1\s*(?!\s*\+)"
)
_OWNER: Final = re.compile(r"(?<![\w.$])(?:(?:window|self|top|parent|document|this)\.)*\Z")
_MAY_GO: Final = re.compile(
    r"location(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*['\"]"
)  # begins plainly: a fast search
_AT_ONCE: Final = re.compile(r"(?:setTimeout\s*\(|onload\s*=|\$\(|ready\s*\(|addEventListener\s*\()\s*$|^\s*\(?\s*$")
_FUNCTION: Final = re.compile(r"(?:function\s*(\w*)\s*\([^)]*\)|\([^()]*\)\s*=>)\s*$")
_DELAYED: Final = re.compile(r"setTimeout\s*\(\s*(['\"])(.*?)\1\s*,")


def read_redirect(document: Document) -> Redirect | None:
    """A refresh, a script that leaves at once (or after a delay), or a frame that is the whole page."""
    return _from_meta(document) or _from_script(document) or _from_frame(document)


def _from_meta(document: Document) -> Redirect | None:
    for attributes in document.meta_attributes[:MAX_METAS]:
        if (attributes.get("http-equiv") or "").lower() != "refresh":
            continue
        match = _REFRESH.match(attributes.get("content") or "")
        if match and float(match[1] or 0) <= MAX_DELAY_SECONDS:
            url = document.join(match[2])
            if url is not None and not _is_itself(url, document):
                return Redirect(url, "meta")
    return None


def _from_script(document: Document) -> Redirect | None:
    for code, match in islice(_departures(document), MAX_DEPARTURES):
        if not _runs_at_once(code[: match.start()], code, document):
            continue
        url = document.join(match[2])
        if url is not None and not _is_itself(url, document) and _is_bare(document):
            return Redirect(url, "script")
    return None


def _departures(document: Document) -> Iterator[tuple[str, re.Match[str]]]:
    """Where scripts set another location, each with the code without comments."""
    if not document.may_run("location"):
        return
    for code in document.codes:
        if len(code) > MAX_CODE_CHARACTERS or "location" not in code or not _MAY_GO.search(code):
            continue
        plain = without_comments(_COMMENT, code)
        delayed = _DELAYED.search(plain)
        if delayed is not None:
            plain = f"{plain};{delayed[2]}"
        for match in _GOES.finditer(plain):
            if _OWNER.search(plain, max(0, match.start() - MAX_OWNER_CHARACTERS), match.start()):
                yield plain, match


def _runs_at_once(before: str, code: str, document: Document) -> bool:
    """Whether code behind ``before`` runs by itself: under no condition, in no function that only a click calls."""
    opened: list[int] = []
    for brace in _BRACE.finditer(before):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
    if len(opened) > MAX_NESTING:
        return False
    for place in reversed(opened):
        head = before[max(0, place - MAX_HEAD_CHARACTERS) : place]
        function = _FUNCTION.search(head)
        if function is None or not _is_called(function, head, code, document):
            return False
    statement = re.split(r"[;{}\n]", before)[-1]
    return not re.search(r"\b(?:if|else|case|return)\b|\?", statement)


def _is_called(function: re.Match[str], head: str, code: str, document: Document) -> bool:
    name = function[1]
    if not name:
        return _AT_ONCE.search(head[: function.start()]) is not None
    body = document.tree.body
    onload = (body.attributes.get("onload") or "") if body is not None else ""
    called = re.compile(rf"(?<!function )(?<!function  )\b{re.escape(name)}\s*(?:\(\s*\)|,\s*\d)")
    return bool(called.search(onload) or called.search(code))


def _is_bare(document: Document) -> bool:
    return sum(map(len, document.lines)) <= MAX_TEXT_BESIDE_SCRIPT


def _is_itself(url: str, document: Document) -> bool:
    return url.partition("#")[0] == document.url.partition("#")[0]


def _from_frame(document: Document) -> Redirect | None:
    """A frameset of one frame only hides an address."""
    if not document.few("frame"):
        return None
    frames = document.tree.css("frameset frame[src]")
    sources = [url for node in frames if (url := document.join(node.attributes.get("src"))) is not None]
    if len(sources) == 1 and not document.lines:
        return Redirect(sources[0], "frame")
    return None


def read_frames(document: Document) -> tuple[str, ...]:
    """Addresses of all frames, each once; those of one pixel or without an address are left out."""
    if not document.few("iframe") and not document.few("frame"):
        return ()
    found: dict[str, None] = {}
    for node in document.tree.css("iframe[src],frame[src]")[:MAX_FRAMES]:
        attributes = node.attributes
        if attributes.get("height") in ("0", "1") or attributes.get("width") in ("0", "1"):
            continue
        url = document.join(attributes.get("src"))
        if url is not None and url != document.url:
            found[url] = None
    return tuple(found)
