"""Disclosure catalogues whose tree stands in a script: zTree nodes, dTree calls, arrays of names and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spiders.readers.column_names import clean_name, is_column_name
from spiders.readers.document import Document
from spiders.readers.spotting import CATALOGUE_MARKS

MAX_NODES: Final = 1_000
MAX_PATH: Final = 5
SCANNED_CHARACTERS: Final = 400_000

_OBJECT: Final = re.compile(r"\{([^{}]{5,1200})\}")
_PAIR: Final = re.compile(
    r"""["']?(?P<key>\w+)["']?\s*:\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<plain>[\w.-]+))"""
)
_DTREE: Final = re.compile(
    r"""\.add\(\s*['"]?(?P<id>[\w-]+)['"]?\s*,\s*['"]?(?P<parent>-?[\w-]+)['"]?\s*,\s*(['"])(?P<name>[^'"]{1,80})\3"""
    r"""(?:\s*,\s*(['"])(?P<url>[^'"]{0,500})\5)?"""
)
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_ID_KEYS: Final = ("id", "nodeid", "channelid", "catalogid", "key")
_PARENT_KEYS: Final = ("pid", "parentid", "parent", "pnodeid", "parent_id", "fid")
_NAME_KEYS: Final = ("name", "text", "title", "label", "channelname", "catalogname")
_URL_KEYS: Final = ("url", "href", "link", "linkurl", "file", "curl", "channelurl")

Node = tuple[str, str | None, str, str | None]  # id, parent, name, address


def read_catalogue_nodes(document: Document) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    """The columns of a catalogue tree in a script, in order: name, absolute address or None, names of its parents."""
    if not any(document.has(mark) for mark in CATALOGUE_MARKS):
        return
    for code in document.codes:
        if len(code) > SCANNED_CHARACTERS:
            continue
        if "{" in code and ("pId" in code or "parentId" in code or "pid" in code):
            yield from _resolve(document, list(_object_nodes(code)))
        elif ".add(" in code:
            yield from _resolve(document, list(_dtree_nodes(code)))


def _object_nodes(code: str) -> Iterator[Node]:
    for found in list(_OBJECT.finditer(code))[:MAX_NODES]:
        values = {
            pair["key"].lower(): pair["double"] or pair["single"] or pair["plain"] or ""
            for pair in _PAIR.finditer(found[1])
        }
        identity, parent = _first(values, _ID_KEYS), _first(values, _PARENT_KEYS)
        name = _first(values, _NAME_KEYS)
        if identity is not None and parent is not None and name:
            yield identity, parent, _unescape(name), _first(values, _URL_KEYS)


def _dtree_nodes(code: str) -> Iterator[Node]:
    for found in list(_DTREE.finditer(code))[:MAX_NODES]:
        yield found["id"], found["parent"], _unescape(found["name"]), found["url"]


def _resolve(document: Document, nodes: list[Node]) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    if len(nodes) < 3:  # two objects with a pid are settings, not a tree
        return
    by_id = {identity: (clean_name(name), parent) for identity, parent, name, _ in nodes}
    for identity, parent, _, href in nodes:
        name = by_id[identity][0]
        if is_column_name(name):
            url = document.join(href.replace("\\/", "/")) if href else None
            yield name, url, _parents(by_id, identity, parent)


def _parents(by_id: dict[str, tuple[str, str | None]], identity: str, parent: str | None) -> tuple[str, ...]:
    names: list[str] = []
    seen = {identity}
    while parent in by_id and parent not in seen and len(names) < MAX_PATH:
        seen.add(parent)
        name, parent = by_id[parent]
        names.append(name)
    return tuple(reversed(names))


def _first(values: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((values[key] for key in keys if key in values), None)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).replace("\\/", "/")
