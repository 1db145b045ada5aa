from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_cli_check import PACK
from test_cli_usage import assert_one_chinese_line, run

from gkmonitor.rules import available_packs

RULE = "national-2019-19/home-not-updated"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK.replace("SEVERITY", "advice"), encoding="utf-8")
    return path


def test_list_names_every_rule_of_every_pack() -> None:
    code, out, err = run("rules", "list", "--json")
    listed = json.loads(out)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert {pack["id"] for pack in listed["packs"]} == set(available_packs())
    ids = {rule["id"] for pack in listed["packs"] for rule in pack["rules"]}
    assert ids == {rule.id for pack in available_packs().values() for rule in pack.rules}


def test_table_of_rules_shows_each_slug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = run("rules", "list")
    assert code == 0
    assert all(rule.slug in out for pack in available_packs().values() for rule in pack.rules)


def test_rule_is_shown_with_document_clause_words_and_parameters() -> None:
    code, out, err = run("rules", "show", RULE)
    assert (code, err) == (0, "")
    rule = next(r for r in available_packs()["national-2019-19"].rules if r.id == RULE)
    flat = re.sub(r"\s+", "", out)
    for words in (rule.document, rule.clause, rule.words, rule.check, "P14D", "单项否决"):
        assert re.sub(r"\s+", "", words) in flat


def test_rule_as_json_has_its_basis() -> None:
    rule = json.loads(run("rules", "show", RULE, "--json")[1])
    assert rule["id"] == RULE
    assert set(rule["basis"]) == {"document", "clause", "words"}
    assert rule["params"] == {"max_age": "P14D", "early_age": "P10D"}
    assert (rule["severity"], rule["verified"]) == ("veto", True)


def test_pack_is_shown_by_its_id() -> None:
    assert json.loads(run("rules", "show", "national-2019-19", "--json")[1])["id"] == "national-2019-19"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("national-2019-19/home-not-updatd", RULE),
        ("nothing/like-this", "没有“nothing/like-this”这条规则"),
        ("nationl-2019-19", "是不是“national-2019-19”"),
        ("", "没有"),
    ],
)
def test_unknown_rule_suggests_what_is_near(name: str, said: str) -> None:
    code, out, err = run("rules", "show", name)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert said in err


def test_right_pack_is_valid_and_unverified_rules_are_not_counted_as_sure(pack: Path) -> None:
    code, out, err = run("rules", "validate", str(pack))
    assert (code, err) == (0, "")
    assert "规则 2 条" in out
    answer = json.loads(run("rules", "validate", str(pack), "--json")[1])
    assert (answer["valid"], answer["packs"][0]["id"]) == (True, "sample")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("check: column-stale", "check: colum-stale"),
        ("severity: advice", "severity: severe"),
        ("concepts: [budget]", "concepts: [budgets]"),
        ("max_age: P1Y", "max_agee: P1Y"),
        ("confidence: A", "confidence: D"),
        ("id: sample", "id: Sample Pack"),
        ("rules:", "rules: []\nrulez:"),
        ("title: 样例规则包", "title: [样例"),
    ],
)
def test_wrong_pack_names_file_and_line_and_exits_2(pack: Path, before: str, after: str) -> None:
    pack.write_text(pack.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    code, out, err = run("rules", "validate", str(pack), "--json")
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert re.search(r"pack\.yaml:\d+: ", err)


def test_published_schema_is_the_one_that_the_packs_fit() -> None:
    code, out, err = run("rules", "schema")
    assert (code, err) == (0, "")
    schema = json.loads(out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert set(schema["required"]) == {"id", "version", "title", "documents"}


def test_veto_that_a_person_has_to_confirm_says_so() -> None:
    found = json.loads(run("rules", "show", "national-2019-19/consultation-missing", "--json")[1])
    assert (found["severity"], found["needs_person"]) == ("veto", True)
    assert "须由人核实" in run("rules", "show", "national-2019-19/consultation-missing")[1]
    assert json.loads(run("rules", "show", RULE, "--json")[1])["needs_person"] is False


def test_missing_pack_file_is_one_line(tmp_path: Path) -> None:
    code, _, err = run("rules", "validate", str(tmp_path / "no.yaml"))
    assert code == 2
    assert_one_chinese_line(err)
    assert "没有这个规则包文件" in err
