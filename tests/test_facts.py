from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gkmonitor.errors import FactsError, OutputError
from gkmonitor.facts import dump_facts, dump_facts_text, load_facts, read_facts, write_facts
from gkmonitor.records import (
    Article,
    ColumnFacts,
    CrawlCoverage,
    DateReading,
    HomeFacts,
    Item,
    Listing,
    Marks,
    Match,
    Observation,
    PageKind,
    PageRecord,
    PortalFacts,
    Profile,
    Reason,
    Site,
    Statement,
    StatementKind,
)

SEEN_AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def make_facts() -> PortalFacts:
    seen = Observation("http://www.qinghe.example/", "http://www.qinghe.example/", SEEN_AT, 200, "ab" * 32)
    item = Item(
        "青禾县2026年预算",
        "http://www.qinghe.example/a.html",
        date(2026, 2, 3),
        "[2026-02-03]",
        "list",
        (DateReading(date(2026, 2, 4), "2026-02-04", "url"),),
        pinned=True,
    )
    column = ColumnFacts(
        "财政预决算",
        "http://www.qinghe.example/czyjs/",
        ("政务公开", "财政预决算"),
        "fiscal",
        Match.EXACT,
        kind=PageKind.LISTING,
        listing=Listing((item,), total_pages=3),
        article=Article("题", date(2026, 1, 1), digest="0a" * 16),
        text_digests={item.url: "0b" * 16},
        statements=(Statement(StatementKind.NIL_STATEMENT, "本月无行政处罚"),),
        labels={"ColumnName": "财政预决算"},
        observation=seen,
    )
    return PortalFacts(
        site=Site(seen.url, seen.final_url, "青禾县人民政府", "1234560001", profile=Profile.COUNTY_PORTAL),
        observed_at=SEEN_AT,
        home=HomeFacts(None, seen, (item,)),
        marks=Marks("青禾县人民政府", labels={"SiteName": "青禾县人民政府"}),
        columns=(column, ColumnFacts("专栏", "http://x.example/", ("专栏",), state=Reason.BLOCKED)),
        pages=(PageRecord(PageKind.HOME, Marks(), seen, "首页"),),
        coverage=CrawlCoverage(3, traps={"calendar": 2}),
    )


def test_facts_survive_json_unchanged() -> None:
    facts = make_facts()
    assert load_facts(json.loads(json.dumps(dump_facts(facts)))) == facts


def test_dump_writes_days_and_instants_as_iso_text() -> None:
    obj = dump_facts(make_facts())
    assert obj["schema"] == "gkmonitor.facts/1"
    assert obj["observed_at"] == "2026-11-20T02:30:00Z"
    assert obj["columns"][0]["listing"]["items"][0]["published"] == "2026-02-03"


def test_the_text_of_facts_is_their_object_also_where_a_page_was_broken() -> None:
    for title in ("题", 'a "b" \\ \u2028', "\ud83d"):
        facts = replace(make_facts(), columns=(replace(make_facts().columns[0], name=title, path=(title,)),))
        assert json.loads(dump_facts_text(facts)) == dump_facts(facts)


def test_a_file_round_trips_also_with_bom(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    write_facts(make_facts(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_facts(path) == make_facts()


def test_unknown_fields_of_the_same_version_are_ignored() -> None:
    assert load_facts(dump_facts(make_facts()) | {"later": 1}) == make_facts()


def test_facts_from_before_digests_were_kept_are_read() -> None:
    obj = dump_facts(make_facts())
    for column in obj["columns"]:
        del column["text_digests"]
    del obj["columns"][0]["article"]["digest"]
    (column, _) = load_facts(obj).columns
    assert (column.text_digests, column.article and column.article.digest) == ({}, None)


def _change(field: str, value: object) -> dict[str, Any]:
    return dump_facts(make_facts()) | {field: value}


@pytest.mark.parametrize(
    ("obj", "words"),
    [
        ([], "不是 JSON 对象"),
        ({}, "没有 schema 版本字段"),
        (_change("schema", "gkmonitor.facts/9"), "gkmonitor.facts/9"),
        (_change("observed_at", "昨天"), "observed_at"),
        (_change("columns", [{"name": "x"}]), "缺少字段 columns.0.url"),
        ({"schema": "gkmonitor.facts/1"}, "缺少字段 site"),
    ],
)
def test_wrong_facts_are_refused_with_file_and_field(obj: object, words: str) -> None:
    with pytest.raises(FactsError, match=r"旧事实\.json：") as caught:
        load_facts(obj, "旧事实.json")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"schema": ', "第 1 行"),
        ("表格".encode("gbk"), "不是 UTF-8"),
        (b"[" * 200_000, "嵌套过深"),
        (b"", "不是合法的 JSON"),
    ],
)
def test_broken_files_are_refused_in_one_chinese_line(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(body)
    with pytest.raises(FactsError, match=words) as caught:
        read_facts(path)
    assert "broken.json" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="文件不存在"):
        read_facts(tmp_path / "none.json")


def test_a_full_disk_is_an_output_error() -> None:
    with pytest.raises(OutputError, match="无法写入"):
        write_facts(make_facts(), Path("/dev/full"))
