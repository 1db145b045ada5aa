from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from spot_samples import HOME, facts, spot
from test_cli_usage import assert_one_chinese_line, run

from gkmonitor.facts import dump_facts
from gkmonitor.records import CrawlCoverage, HomeFacts, PortalFacts, Reason
from gkmonitor.reports.spot import SPOT_NOTE
from gkmonitor.reports.spot_json import spot_object

PACK = """
id: sample
version: "2026.1"
title: 样例规则包
documents: [样例检查文件]
rules:
  - {slug: home-not-updated, title: 首页更新, clause: 第一条, words: 监测2周首页无信息更新, confidence: A,
     check: home-not-updated, severity: veto, params: {max_age: P14D}}
  - {slug: budget-stale, title: 预算公开更新, clause: 第二条, words: 每年公开预算, confidence: A,
     check: column-stale, severity: SEVERITY, concepts: [budget], params: {max_age: P1Y}}
"""


class Desk:
    """A folder with a facts file and a pack, and the command on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = folder / "facts.json"
        self.pack = folder / "pack.yaml"
        self.keep(facts())
        self.write_pack("deduction")

    def keep(self, seen: PortalFacts) -> None:
        self.facts.write_text(json.dumps(dump_facts(seen)), encoding="utf-8")

    def write_pack(self, severity: str) -> None:
        self.pack.write_text(PACK.replace("SEVERITY", severity), encoding="utf-8")

    def check(self, *words: str) -> tuple[int, str, str]:
        return run("check", "--facts", str(self.facts), "--pack", str(self.pack), *words)

    def answer(self, *words: str) -> tuple[int, dict[str, Any]]:
        code, out, _ = self.check("--json", *words)
        assert out.count("\n") == 1
        return code, json.loads(out)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# ------------------------------------------------------------ exit codes


def test_violation_exits_1(desk: Desk) -> None:
    assert desk.check()[0] == 1


def test_advice_alone_exits_0(desk: Desk) -> None:
    desk.write_pack("advice")
    code, answer = desk.answer()
    assert (code, answer["summary"]["violation"], answer["summary"]["advice"]) == (0, 0, 1)


def test_nothing_wrong_exits_0(desk: Desk) -> None:
    code, answer = desk.answer("--as-of", "2024-03-01")
    assert (code, answer["summary"]["violation"]) == (0, 0)


@pytest.mark.parametrize("state", [Reason.BLOCKED, Reason.UNREACHABLE, Reason.LOGIN_REQUIRED, Reason.WRONG_PAGE])
def test_portal_that_could_not_be_read_exits_3_with_every_rule_undecided(desk: Desk, state: Reason) -> None:
    desk.keep(facts(home=HomeFacts(state, None, detail="样例原因"), columns=()))
    code, answer = desk.answer()
    assert code == 3
    assert {v["verdict"] for v in answer["verdicts"]} == {"undecided"}
    assert {v["reason"] for v in answer["verdicts"]} == {state.value}
    assert answer["coverage"]["rules_undecided"] == 2
    assert answer["summary"]["qualified"] is None


def test_interrupted_check_exits_3_even_with_violations(desk: Desk) -> None:
    desk.keep(facts(coverage=CrawlCoverage(pages_fetched=2, is_interrupted=True)))
    code, answer = desk.answer()
    assert code == 3
    assert answer["coverage"]["interrupted"] is True


def test_ctrl_c_before_the_crawl_begins_still_gives_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gkmonitor.inspection.inspect_portal", stop)
    code, out, err = run("check", "--site", "http://www.qinghe.example.gov.cn/", "--json")
    answer = json.loads(out)
    assert code == 3
    assert answer["coverage"]["interrupted"] is True
    assert {verdict["verdict"] for verdict in answer["verdicts"]} == {"undecided"}
    assert "中断" in err


# ------------------------------------------------------------ JSON

KEYS = {
    "": {"schema", "site", "as_of", "packs", "coverage", "verdicts", "summary"},
    "site": {"url", "final_url", "name", "site_id_code", "organizer", "profile", "profile_source", "cms"},
    "coverage": {"pages_fetched", "pages_blocked", "columns_found", "rules_judged", "rules_undecided", "seconds"},
    "summary": {"ok", "violation", "advice", "excused", "undecided", "not_applicable", "qualified"},
}
VERDICT_KEYS = {
    *("rule", "check", "verdict", "severity", "points", "subject", "members", "measured", "required", "latest", "days"),
    *("reason", "basis", "message", "evidence"),
}


def test_json_has_every_contracted_key(desk: Desk) -> None:
    _, answer = desk.answer()
    assert answer["schema"] == "gkmonitor.check/1"
    for part, keys in KEYS.items():
        assert keys <= set(answer[part] if part else answer)
    for verdict in answer["verdicts"]:
        assert set(verdict) == VERDICT_KEYS
        assert set(verdict["subject"]) == {"concept", "column", "url", "path"}
        assert set(verdict["basis"]) == {"document", "clause", "words"}
    assert answer["packs"] == [{"id": "sample", "version": "2026.1"}]


def test_json_carries_members_excuses_and_evidence() -> None:
    answer = json.loads(json.dumps(spot_object(spot())))
    verdicts = {v["rule"]: v for v in answer["verdicts"]}
    assert verdicts["sample/blank-count"]["members"][0]["path"] == ["政务公开", "预算公开"]
    assert verdicts["sample/blank-count"]["subject"] == {"concept": None, "column": None, "url": None, "path": []}
    assert verdicts["sample/column-blank"]["reason"] == "explained_blank"
    evidence = verdicts["sample/home-not-updated"]["evidence"][0]
    assert evidence == {
        "url": HOME,
        "fetched_at": "2026-11-22T02:05:00Z",
        "sha256": "c" * 64,
        "quote": "10-01 青禾县召开会议",
    }
    assert answer["summary"]["qualified"] is False


def test_json_survives_a_lone_surrogate(desk: Desk) -> None:
    desk.keep(facts(site=replace(facts().site, name="青禾\ufffd县")))
    assert desk.answer()[0] == 1


# ------------------------------------------------------------ the day judged for


def test_stored_facts_are_judged_for_the_day_they_were_seen(desk: Desk) -> None:
    assert desk.answer()[1]["as_of"] == "2026-11-22"


def test_as_of_decides(desk: Desk) -> None:
    code, answer = desk.answer("--as-of", "2026-12-31")
    home = next(v for v in answer["verdicts"] if v["check"] == "home-not-updated")
    assert (code, answer["as_of"], home["verdict"], home["days"]) == (1, "2026-12-31", "violation", 41)


def test_day_later_than_today_is_accepted_with_one_line(desk: Desk) -> None:
    code, out, err = desk.check("--json", "--as-of", "2999-01-01")
    assert code == 1
    assert json.loads(out)["as_of"] == "2999-01-01"
    assert_one_chinese_line(err)
    assert "晚于今天" in err


def test_leap_day_is_a_day(desk: Desk) -> None:
    assert desk.answer("--as-of", "2024-02-29")[1]["as_of"] == date(2024, 2, 29).isoformat()


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-29", "20260101", "yesterday", "", "2026-1-1", "２０２６-01-01"])
def test_malformed_day_is_usage_with_an_example(desk: Desk, day: str) -> None:
    code, out, err = desk.check("--json", "--as-of", day)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert re.search(r"例如 \d{4}-\d\d-\d\d", err)


# ------------------------------------------------------------ words that are wrong


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "请写 --site 网址，或 --facts 文件"),
        (("--site", HOME, "--facts", "x.json"), "只能写一个"),
        (("--facts", "nowhere.json"), "文件不存在"),
        (("--facts", "nowhere.json", "--profile", "city"), "是不是 city-portal？"),
        (("--facts", "nowhere.json", "--pack", "natonal-2019"), "没有规则包"),
        (("--facts", "nowhere.json", "--max-pages", "0"), "--max-pages"),
        (("--facts", "nowhere.json", "--max-pages", "-5"), "--max-pages"),
        (("--facts", "nowhere.json", "--max-pages", "many"), "--max-pages"),
        (("--facts", "nowhere.json", "--max-pages", "9" * 5000), "--max-pages"),
        (("--facts", "nowhere.json", "--html", " "), "--html 后面要写文件名"),
        (("--facts", "nowhere.json", "--html", "a", "--save-facts", "./a"), "不能写同一个文件"),
    ],
)
def test_wrong_words_exit_2_before_anything_is_fetched(words: tuple[str, ...], said: str) -> None:
    code, out, err = run("check", "--json", *words)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert said in err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"schema": "gkmonitor.facts/9"}',
        b'{"schema": "gkmonitor.facts/1"}',
        b"[" * 9999,
    ],
)
def test_broken_facts_file_is_one_line(desk: Desk, content: bytes) -> None:
    desk.facts.write_bytes(content)
    code, out, err = desk.check("--json")
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert "facts.json" in err


def test_a_folder_for_facts_is_told_in_chinese(tmp_path: Path) -> None:
    code, _, err = run("check", "--facts", str(tmp_path))
    assert code == 2
    assert "这是一个文件夹" in err
    assert "directory" not in err


def test_broken_pack_names_file_and_line(desk: Desk) -> None:
    desk.pack.write_text(PACK.replace("max_age: P1Y", "max_age: 一年"), encoding="utf-8")
    code, _, err = desk.check()
    assert code == 2
    assert_one_chinese_line(err)
    assert re.search(r"pack\.yaml:\d+", err)


def test_given_profile_outranks_the_inferred_one(desk: Desk) -> None:
    _, answer = desk.answer("--profile", "department")
    assert (answer["site"]["profile"], answer["site"]["profile_source"]) == ("department", "given")


# ------------------------------------------------------------ the terminal


def test_table_tells_wrong_then_undecided_then_coverage_then_the_note(desk: Desk) -> None:
    _, out, err = desk.check()
    flat = re.sub(r"[\s│]+", "", out)
    places = [
        flat.index(words) for words in ("发现问题1项", "政务公开>预算公开", "已查未发现问题", "覆盖：", SPOT_NOTE)
    ]
    assert places == sorted(places)
    assert "每年公开预算" in flat
    assert "2024-02-01" in flat
    assert err == ""


def test_table_says_why_and_what_to_do(desk: Desk) -> None:
    desk.keep(facts(home=HomeFacts(Reason.BLOCKED, None, detail="网站返回了验证页"), columns=()))
    code, out, err = desk.check()
    flat = re.sub(r"[\s│]+", "", out)
    assert code == 3
    assert "被验证页或防火墙拦截" in flat
    assert "请用浏览器人工核对" in flat
    assert "没有可以下结论的规则" in flat
    assert_one_chinese_line(err)


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("首页不是网页（image/png），请填写网站首页的网址", "首页不是网页（image/png），请填写网站首页的网址。"),
        ("服务器返回 HTTP 500", "服务器返回 HTTP 500，请稍后重试；一直打不开时先检查本机网络和代理。"),
    ],
)
def test_one_piece_of_advice_is_given_for_a_home_page_that_could_not_be_read(
    desk: Desk, detail: str, told: str
) -> None:
    desk.keep(facts(home=HomeFacts(Reason.UNREACHABLE, None, detail=detail), columns=()))
    _, out, err = desk.check()
    assert f"首页未能读取：{told}".replace(" ", "") in re.sub(r"\s+", "", out)
    assert told.rstrip("。") in err


def test_an_address_without_a_name_is_printed_once(desk: Desk) -> None:
    address = "http://www.qinghe.example.gov.cn/"
    site = replace(facts().site, name=None, url=address, final_url=address)
    desk.keep(facts(site=site))
    assert desk.check()[1].splitlines().count(address) == 1


def test_a_latin_word_is_not_cut_before_a_full_stop() -> None:
    from gkmonitor.reports.wrapping import wrap

    assert wrap("请检查 HTTP_PROXY。", 16) == ["请检查", "HTTP_PROXY。"]


def test_terminal_escapes_of_a_portal_never_reach_the_terminal(desk: Desk) -> None:
    desk.keep(facts(site=replace(facts().site, name="\x1b]0;evil\x07青禾\u202e县[red]")))
    out = desk.check()[1]
    assert out.startswith("]0;evil青禾县[red]")


@pytest.mark.parametrize("columns", ["20", "60", "80", "200"])
def test_table_fits_narrow_and_wide_terminals(desk: Desk, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    from gkmonitor.reports.wrapping import width

    monkeypatch.setenv("COLUMNS", columns)
    code, out, _ = desk.check()
    assert code == 1
    assert max(width(line) for line in out.splitlines()) <= int(columns)


# ------------------------------------------------------------ files


def test_facts_are_kept_and_judge_the_same_again(desk: Desk) -> None:
    kept = desk.folder / "kept.json"
    first = desk.answer("--save-facts", str(kept))
    desk.facts.write_bytes(kept.read_bytes())
    assert desk.answer() == first


def test_html_is_written_beside_the_result(desk: Desk) -> None:
    page = desk.folder / "结果.html"
    code, out, err = desk.check("--html", str(page))
    assert (code, err) == (1, "")
    assert "发现问题" in out
    assert SPOT_NOTE in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--html", "--save-facts"])
def test_unwritable_file_costs_exit_3_but_never_the_result(desk: Desk, option: str) -> None:
    code, out, err = desk.check("--json", option, str(desk.folder / "no" / "such" / "file"))
    assert code == 3
    assert json.loads(out)["summary"]["violation"] == 1
    assert_one_chinese_line(err)
    assert "文件夹不存在" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("option", ["--html", "--save-facts"])
def test_full_disk_costs_exit_3_but_never_the_result(desk: Desk, option: str) -> None:
    code, out, err = desk.check("--json", option, "/dev/full")
    assert code == 3
    assert json.loads(out)["schema"] == "gkmonitor.check/1"
    assert_one_chinese_line(err)
    assert "磁盘已满" in err
