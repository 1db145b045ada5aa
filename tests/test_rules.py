from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from facts_builder import BASE, PACK_HEAD, pack_of

from gkmonitor.dates import Period
from gkmonitor.errors import PackError
from gkmonitor.records import Profile, Severity, Site
from gkmonitor.rules import available_packs, load_pack, parse_pack, select_packs

RULE = """  - slug: it
    title: 试用规则
    clause: 第一条
    words: 试用
    confidence: A
    check: column-stale
    severity: deduction
    concepts: [news]
    params: {max_age: P14D}
"""


def wrong(text: str) -> str:
    with pytest.raises(PackError) as caught:
        parse_pack(text, "我的.yaml")
    return str(caught.value)


def test_rule_carries_its_ground_and_typed_parameters() -> None:
    pack = parse_pack(PACK_HEAD + RULE, "我的.yaml")
    rule = pack.rules[0]
    assert (rule.id, rule.document, rule.words) == ("trial/it", "试用办法", "试用")
    assert rule.params["max_age"] == Period(days=14)
    assert rule.severity is Severity.DEDUCTION
    assert rule.line == 6


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("check: column-stale", "check: column-stal", 11, "是不是“column-stale”"),
        ("concepts: [news]", "concepts: [newz]", 13, "是不是“news”"),
        ("severity: deduction", "severity: deductions", 12, "是不是“deduction”"),
        ("    words:", "    word:", 9, "是不是“words”"),
        ("confidence: A", "confidence: C", 12, "severity: advice"),
        ("confidence: A", "confidence: D", 10, "A、B、C"),
        ("{max_age: P14D}", "{max_age: 14天}", 14, "P14D"),
        ("{max_age: P14D}", "{max_age: 14}", 14, "P14D"),
        ("{max_age: P14D}", "{maxage: P14D}", 14, "是不是“max_age”"),
        ("    params: {max_age: P14D}\n", "", 6, "max_age"),
        ("slug: it", "slug: 规则", 6, "小写字母"),
        ("    title: 试用规则\n", "", 6, "title"),
        ("clause: 第一条", "clause: 26", 8, '"26"'),
        ("clause: 第一条", "clause: 第一条\n    clause: 第二条", 9, "写了两次"),
        ("clause: 第一条", "clause: 第一条\n    points: 十分", 9, "points: null"),
        ("clause: 第一条", "clause: 第一条\n    valid_from: 2019年", 9, "2019-05-15"),
        ("clause: 第一条", "clause: 第一条\n    valid_from: 2019-02-30", 9, "2019-05-15"),
        ("clause: 第一条", "clause: 第一条\n    profiles: [county]", 9, "county-portal"),
        ("clause: 第一条", "clause: 第一条\n    profiles: county-portal", 9, "[甲, 乙]"),
        ("clause: 第一条", "clause: 第一条\n    document: 别的办法", 9, "试用办法"),
        ("clause: 第一条", "clause: 第一条\n    day_kind: weekdays", 9, "working"),
        ("clause: 第一条", "clause:", 8, "没有内容"),
        ("title: 试用规则", "title: ''", 7, "没有内容"),
        ("words: 试用", "words: ' '", 9, "删去这一行"),
        ("concepts: [news]", "concepts:", 13, "没有内容"),
        ("clause: 第一条", "clause: 第一条\n    points: true", 9, "points: null"),
    ],
)
def test_mistake_is_named_with_file_line_and_what_to_write(before: str, after: str, line: int, says: str) -> None:
    text = PACK_HEAD + RULE
    assert before in text
    message = wrong(text.replace(before, after))
    assert message.startswith(f"我的.yaml:{line}: ")
    assert says in message
    assert "；" in message


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "键: 值"),
        ("- a\n", 1, "键: 值"),
        ("id: [", 2, "YAML"),
        ("id: a\n\ttitle: b\n", 2, "YAML"),
        ("id: \x00", 1, "YAML"),
        (PACK_HEAD.replace("rules:", "rules: []"), 5, "- slug"),
        (PACK_HEAD.replace("rules:", "ruls:") + RULE, 5, "是不是“rules”"),
        (PACK_HEAD.replace("id: trial", "id: Trial Pack") + RULE, 1, "小写字母"),
        (PACK_HEAD.replace("title", "region: 云岭\ntitle") + RULE, 3, "2、4 或 6 位"),
        (PACK_HEAD.replace("title", "default: 是\ntitle") + RULE, 3, "true"),
        (PACK_HEAD.replace("title", "default:\ntitle") + RULE, 3, "没有内容"),
        (PACK_HEAD.replace("title", "region: ''\ntitle") + RULE, 3, "没有内容"),
        (PACK_HEAD.replace("title", "cites: [国家指标]\ntitle") + RULE, 3, "national-2019-19"),
        (PACK_HEAD.replace("title", "supersedes: ['']\ntitle") + RULE, 3, "规则包的编号"),
        (PACK_HEAD + RULE + RULE, 15, "重名"),
    ],
)
def test_broken_pack_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    message = wrong(text)
    assert message.startswith(f"我的.yaml:{line}: ")
    assert says in message


@pytest.mark.parametrize(
    ("check", "rest", "says"),
    [
        ("blank-count", "params: {of: [it], threshold: 五}", "应当是数字"),
        ("blank-count", "params: {of: it, threshold: 5}", "[甲, 乙]"),
        ("mark-missing", "params: {mark: icq}", "是不是“icp”"),
        ("label-missing", "params: {labels: [SiteName], page: homepage}", "home"),
        ("due-date-missed", 'concepts: [annual-report]\nparams: {due: "02-29"}', "01-31"),
        ("due-date-missed", "concepts: [annual-report]\nparams: {due: 1月31日}", "01-31"),
        ("due-date-missed", 'concepts: [annual-report]\nparams: {due: "01-31", own_body: 是}', "true"),
        ("due-date-missed", 'params: {due: "01-31"}', "concepts: [budget]"),
        ("column-missing", "", "concepts: [budget]"),
        ("column-stale", "params: {max_age: P14D, undated_is: stale}", "not_updated"),
    ],
)
def test_parameter_that_a_check_cannot_use_is_refused_at_once(check: str, rest: str, says: str) -> None:
    with pytest.raises(PackError) as caught:
        pack_of(check, rest=rest)
    assert says in str(caught.value)


def test_count_over_an_unknown_rule_is_refused() -> None:
    with pytest.raises(PackError, match="不在本规则包中"):
        pack_of("blank-count", severity="veto", rest="params: {of: [blank], threshold: 5}")


def test_unknown_pack_names_a_near_one_and_all_others() -> None:
    with pytest.raises(PackError, match="是不是“national-2019-19”") as caught:
        load_pack("national-2019-91")
    assert "budget-law" in str(caught.value)


def test_pack_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "本县.yaml"
    file.write_text(PACK_HEAD + RULE, encoding="utf-8-sig")
    assert load_pack(str(file)).id == "trial"


@pytest.mark.parametrize("name", ["没有.yaml", "没有/这里"])
def test_missing_pack_file_is_one_clear_line(name: str) -> None:
    with pytest.raises(PackError, match="没有这个规则包文件"):
        load_pack(name)


def test_folder_and_binary_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(PackError, match="UTF-8"):
        load_pack(file)
    with pytest.raises(PackError, match=r"没有 pack\.yaml"):
        load_pack(tmp_path)


# ---------------------------------------------------------------- which rules


def site(profile: Profile | None = Profile.COUNTY_PORTAL, code: str | None = "9901020001") -> Site:
    return Site(BASE, BASE, site_id_code=code, profile=profile)


def test_every_national_pack_in_force_is_chosen_without_names() -> None:
    chosen = {pack.id for pack in select_packs(None, site(), date(2026, 11, 22))}
    assert {"national-2019-19", "regulation-2019", "budget-law", "double-publicity", "key-areas"} <= chosen
    assert {"platform-2019-61", "guideline-2017-47"} <= chosen


def test_pack_is_not_chosen_before_it_was_in_force() -> None:
    chosen = {pack.id for pack in select_packs(None, site(), date(2018, 6, 1))}
    assert "national-2019-19" not in chosen
    assert "guideline-2017-47" in chosen


def test_pack_that_does_not_bind_the_profile_is_left_out_and_an_unknown_profile_keeps_it() -> None:
    day = date(2026, 11, 22)
    assert "platform-2019-61" not in {p.id for p in select_packs(None, site(Profile.ENTERPRISE), day)}
    assert "platform-2019-61" in {p.id for p in select_packs(None, site(None), day)}


def test_named_packs_are_taken_as_named_once_each() -> None:
    packs = select_packs(["budget-law", "key-areas", "budget-law"], site(), date(2000, 1, 1))
    assert [pack.id for pack in packs] == ["budget-law", "key-areas"]


LOCAL = (
    """
id: {id}
version: "1"
title: 云岭市要点
documents: [云岭市办法]
region: "9901"
valid_from: "2017-01-01"
valid_to: "2017-12-31"
cites: [old-table]
rules:
"""
    + RULE
)
OLD = 'id: old-table\nversion: "1"\ntitle: 旧表\ndocuments: [旧表]\nrules:\n' + RULE
NEW = (
    'id: new-table\nversion: "1"\ntitle: 新表\ndocuments: [新表]\n'
    'valid_from: "2017-06-01"\nsupersedes: [old-table]\nrules:\n' + RULE
)


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("9901020001", "2017-12-31", {"new-table", "old-table", "yunling"}),
        ("9901020001", "2018-01-01", {"new-table"}),
        ("9902020001", "2017-12-31", {"new-table"}),
        (None, "2017-12-31", {"new-table"}),
        ("bm01000001", "2017-12-31", {"new-table"}),
        ("9901020001", "2017-05-31", {"old-table", "yunling"}),
        ("9902020001", "2017-05-31", {"old-table"}),
    ],
)
def test_local_pack_binds_its_region_and_time_and_brings_what_it_cites(
    code: str | None, day: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packs = [parse_pack(text.replace("{id}", "yunling"), "x.yaml") for text in (LOCAL, OLD, NEW)]
    monkeypatch.setattr("gkmonitor.rules.available_packs", lambda: {pack.id: pack for pack in packs})
    assert {p.id for p in select_packs(None, site(code=code), date.fromisoformat(day))} == expected


def test_built_in_packs_are_known_by_their_file_names() -> None:
    assert all(name == pack.id for name, pack in available_packs().items())
