"""Seeded damage to pages: what servers, editors, proxies and broken templates do to markup, and worse."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_TAG = re.compile(rb"<[^<>]{1,400}>")
_CLOSING = re.compile(rb"</[a-zA-Z0-9]+>")
_DIGITS = re.compile(rb"\d{2,4}(?=[-/.])|(?<=[-/.])\d{1,2}")
_CHARSET = re.compile(rb"charset=[\"']?[\w-]+", re.IGNORECASE)
_BLOCK = re.compile(rb"<(li|tr|div|p|td)\b[^>]*>.{0,2000}?</\1>", re.DOTALL)
_QUOTE = re.compile(rb"[\"']")
MAX_BYTES = 300_000

ENTITIES = (
    b"&#x;",
    b"&#99999999;",
    b"&#xD800;",
    b"&amp",
    b"&nbsp",
    b"&#0;",
    b"&;",
    b"&#-1;",
    b"&notit;",
    b"&#50026-1-1;",
)
CHARSETS = (b"utf-16", b"gb2312", b"big5", b"utf-7", b"shift_jis", b"x-nonsense", b"iso-8859-1", b"", b"utf8mb4")
ODD_DIGITS = (b"0000", b"9999", b"13", b"32", b"00", b"2026", b"1", b"99999", "２０２６".encode(), b"-1")
OPENERS = (
    b"<!--",
    b"<script>",
    b"<style>",
    b"<textarea>",
    b"<title>",
    b"<template>",
    b"<select>",
    b"<svg><desc>",
    b"<math>",
    b"<![CDATA[",
    b"<?xml",
    b"<plaintext>",
    b"<noscript>",
    b"<frameset>",
)
ATTRIBUTES = (
    b" href",
    b" href=",
    b' href="http://[::1',
    b" href=javascript:",
    b" class=\x00",
    b' onclick="location.href=',
    b" style=display:none",
    b" title='>",
    b" href=//",
    b" href='http://a:999999/'",
    b" =x",
    b' href="\xff\xfe"',
    b" hidden",
)
URLS = (
    b"../" * 60,
    b"http://" + b"a" * 300 + b".cn",
    b"?" * 50,
    b"#",
    b"data:text/html,<a>",
    b"http:///",
    b"//[",
    b"http://\xe4\xb8\xad\xe6\x96\x87.cn/%zz",
    b"/\\\\x",
)


def _spot(body: bytes, chance: random.Random) -> int:
    return chance.randrange(len(body) + 1)


def _insert(body: bytes, piece: bytes, chance: random.Random) -> bytes:
    at = _spot(body, chance)
    return body[:at] + piece + body[at:]


def _pick(pattern: re.Pattern[bytes], body: bytes, chance: random.Random) -> re.Match[bytes] | None:
    """One match of many, found from a spot of chance on (cheap on long pages)."""
    return pattern.search(body, _spot(body, chance)) or pattern.search(body)


def drop_tag(body: bytes, chance: random.Random) -> bytes:
    match = _pick(_TAG, body, chance)
    return body[: match.start()] + body[match.end() :] if match else body


def double_tag(body: bytes, chance: random.Random) -> bytes:
    match = _pick(_TAG, body, chance)
    return body[: match.end()] + match[0] * chance.randint(1, 40) + body[match.end() :] if match else body


def swap_tags(body: bytes, chance: random.Random) -> bytes:
    first, second = _pick(_TAG, body, chance), _pick(_TAG, body, chance)
    if first is None or second is None or first.end() > second.start():
        return body
    return body[: first.start()] + second[0] + body[first.end() : second.start()] + first[0] + body[second.end() :]


def drop_closing(body: bytes, chance: random.Random) -> bytes:
    name = _pick(_CLOSING, body, chance)
    return body.replace(name[0], b"", chance.choice((1, -1))) if name else body


def truncate(body: bytes, chance: random.Random) -> bytes:
    return body[: _spot(body, chance)]


def cut_out(body: bytes, chance: random.Random) -> bytes:
    begin = _spot(body, chance)
    return body[:begin] + body[begin + chance.randint(1, 600) :]


def add_nulls(body: bytes, chance: random.Random) -> bytes:
    return _insert(body, bytes(chance.randint(1, 300)), chance)


def add_mark(body: bytes, chance: random.Random) -> bytes:
    mark = chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x2b\x2f\x76\x38"))
    return mark + body if chance.random() < 0.5 else _insert(body, mark, chance)


def add_entity(body: bytes, chance: random.Random) -> bytes:
    return _insert(body, chance.choice(ENTITIES) * chance.randint(1, 50), chance)


def lie_about_charset(body: bytes, chance: random.Random) -> bytes:
    return _CHARSET.sub(b"charset=" + chance.choice(CHARSETS), body)


def swap_bytes(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(changed), chance.randint(1, 60))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def swell_attribute(body: bytes, chance: random.Random) -> bytes:
    piece = chance.choice((b"x", b"2026-01-01 ", b"&amp;", b"/", b"%e4", b"(", b" nav", "主办：".encode()))
    match = _pick(_TAG, body, chance)
    if match is None:
        return body
    return body[: match.end() - 1] + b' title="' + piece * chance.randint(100, 20_000) + b'"' + body[match.end() - 1 :]


def nest_tables(body: bytes, chance: random.Random) -> bytes:
    return _insert(
        body,
        chance.choice((b"<table><tr><td>", b"<div>", b"<ul><li>", b"<b>", b"<font>")) * chance.randint(2, 700),
        chance,
    )


def open_and_leave(body: bytes, chance: random.Random) -> bytes:
    return _insert(body, chance.choice(OPENERS), chance)


def repeat_block(body: bytes, chance: random.Random) -> bytes:
    match = _pick(_BLOCK, body, chance)
    if match is None:
        return body
    return body[: match.end()] + match[0] * min(400, 60_000 // len(match[0])) + body[match.end() :]


def _recode(body: bytes, codec: str) -> bytes:
    return body.decode("utf-8", "replace").encode(codec, "replace")


def as_chinese(body: bytes, chance: random.Random) -> bytes:
    return _recode(body, chance.choice(("gb18030", "gbk", "big5", "utf-16-le", "utf-16-be", "shift_jis")))


def add_attribute(body: bytes, chance: random.Random) -> bytes:
    match = _pick(_TAG, body, chance)
    if match is None:
        return body
    return body[: match.end() - 1] + chance.choice(ATTRIBUTES) + body[match.end() - 1 :]


def break_quotes(body: bytes, chance: random.Random) -> bytes:
    match = _pick(_QUOTE, body, chance)
    return body[: match.start()] + body[match.end() :] if match else body


def change_digits(body: bytes, chance: random.Random) -> bytes:
    return _DIGITS.sub(lambda m: chance.choice(ODD_DIGITS) if chance.random() < 0.3 else m[0], body)


def strange_address(body: bytes, chance: random.Random) -> bytes:
    return re.sub(
        rb"href=([\"']).{0,200}?\1",
        lambda m: b'href="' + chance.choice(URLS) + b'"' if chance.random() < 0.3 else m[0],
        body,
    )


def turn_around(body: bytes, chance: random.Random) -> bytes:
    begin = _spot(body, chance)
    return body[begin:] + body[:begin]


MUTATIONS: Sequence[Callable[[bytes, random.Random], bytes]] = (
    drop_tag, double_tag, swap_tags, drop_closing, truncate, cut_out, add_nulls, add_mark, add_entity, lie_about_charset, swap_bytes, swell_attribute,
    nest_tables, open_and_leave, repeat_block, as_chinese, add_attribute, break_quotes, change_digits, strange_address, turn_around,
)  # fmt: skip


def mutate(body: bytes, seed: int) -> tuple[bytes, list[str]]:
    """The page after one to five kinds of damage, and their names; the same for the same page and seed."""
    chance = random.Random(seed)
    names = []
    for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 5)):
        body = mutation(body, chance)[:MAX_BYTES]
        names.append(mutation.__name__)
    return body, names
