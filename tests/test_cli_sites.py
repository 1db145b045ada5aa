"""``gkmonitor sites`` as people and scripts use it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import Postgres
from portal_desk import add_redated_item
from registry_files import FINANCE, HEADS, QINGHE, csv_file
from test_cli_usage import assert_one_chinese_line, run, shell

from gkmonitor.records import Subject
from gkmonitor.settings import get_settings
from gkmonitor.storage import Database

COUNTY, CITY = "青禾县人民政府", "云岭市财政局"


@pytest.fixture(autouse=True)
def settings_of_the_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def registry(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A database with two portals; gives the file that they came from."""
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", database_url)
    path = csv_file(tmp_path, HEADS, QINGHE, FINANCE)
    assert run("sites", "import", str(path), "--actor", "王检查")[0] == 0
    return path


def answer(*words: str) -> Any:
    code, out, _ = run("sites", *words, "--json")
    assert (code, out.count("\n")) == (0, 1), out
    return json.loads(out)


def done(*words: str) -> str:
    code, out, err = run("sites", *words)
    assert (code, err) == (0, ""), (words, err)
    return out


def refused(*words: str) -> str:
    code, out, err = run("sites", *words)
    assert (code, out) == (2, ""), (words, out)
    assert_one_chinese_line(err)
    return err


def show(site: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = answer("show", site, *words)
    return found


# ---------------------------------------------------------------- import and export


def test_a_new_user_imports_first_and_the_database_is_made(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, QINGHE)
    assert "新增 1" in done("import", str(path))
    assert (tmp_path / "data" / "gkmonitor" / "gkmonitor.db").is_file()
    assert [entry["name"] for entry in answer("list")] == [COUNTY]


def test_a_preview_shows_each_row_and_writes_nothing(registry: Path, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, HEADS, QINGHE.replace("县级,", "市级,"), FINANCE, "12,丙,c.example,,,,,", "530000001x,丁,无,,,,,"
    )
    found = answer("import", str(path), "--preview")
    assert (found["imported"], found["importable"]) == (False, False)
    assert found["counts"] == {"new": 0, "changed": 1, "unchanged": 1, "clashing": 0, "wrong": 2}
    assert found["rows"][0]["changes"] == {"level": {"before": "county", "after": "city"}}
    assert [(p["line"], p["column"], p["severity"]) for p in found["problems"]] == [
        (4, "site_id_code", "error"),
        (5, "site_id_code", "error"),
        (5, "url", "error"),
    ]
    code, out, err = run("sites", "import", str(path), "--preview")
    assert (code, err.count("\n")) == (0, 3)
    assert "第 2 行 有变化 青禾县人民政府" in out
    assert "\n    层级：县级 → 市级\n" in out
    assert "现在还不能导入" in out
    assert len(answer("list")) == 2


def test_one_wrong_row_imports_nothing_and_names_line_column_and_remedy(registry: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, ",丙,c.example,,,,,", ",丁,不是网址,,,,,")
    code, out, err = run("sites", "import", str(path), "--json")
    assert (code, out) == (2, "")
    assert "第 3 行“url”：“不是网址”不是网址，请填写" in err
    assert "没有导入" in err.splitlines()[-1]
    assert len(answer("list")) == 2


def test_changed_rows_want_to_be_allowed(registry: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, QINGHE.replace("青禾县人民政府办公室", "青禾县政务办"), ",丙,c.example,,,,,")
    assert "--update" in refused("import", str(path))
    assert len(answer("list")) == 2
    assert "新增 1，有变化 1" in done("import", str(path), "--update")
    assert show(COUNTY)["organizer"] == "青禾县政务办"


def test_warnings_are_told_and_do_not_hinder(registry: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, "5300000001,青禾县民政局,http://www.qinghe.example/mzj/,,,,,", encoding="gb18030")
    code, out, err = run("sites", "import", str(path))
    assert (code, "新增 1" in out) == (0, True)
    assert "GB18030" in err
    assert "（提醒）" in err


def test_an_export_has_the_heads_of_the_contract_and_imports_unchanged(registry: Path, tmp_path: Path) -> None:
    done("contact", "add", COUNTY, "--address", "a@qinghe.example", "--name", "张三")
    text = done("export")
    assert text.startswith("\ufeff" + HEADS)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["name"], row["level"], row["profile"]) for row in rows] == [
        (COUNTY, "county", "county-portal"),
        (CITY, "city", "department"),
    ]
    assert "a@qinghe.example" not in text
    assert "a@qinghe.example" in done("export", "--contacts")
    for name in ("out.csv", "out.xlsx"):
        done("export", "--out", str(tmp_path / name), "--chinese", "--contacts")
        assert "无变化 2" in done("import", str(tmp_path / name))
    assert len(done("export", "--group", "县级").splitlines()) == 2


def test_an_export_that_cannot_be_written_is_told(registry: Path, tmp_path: Path) -> None:
    assert "--out" in refused("export", "--format", "xlsx")
    assert "可用 csv 或 xlsx" in refused("export", "--format", "ods")
    code, out, err = run("sites", "export", "--out", str(tmp_path / "none" / "a.csv"))
    assert (code, out, "文件夹不存在" in err) == (3, "", True)


# ---------------------------------------------------------------- looking


def test_list_is_narrowed_by_group_and_state(registry: Path) -> None:
    done("pause", CITY, "--reason", "改版")
    assert [entry["state"] for entry in answer("list")] == ["active", "paused"]
    assert [entry["name"] for entry in answer("list", "--state", "暂停")] == [CITY]
    assert [entry["name"] for entry in answer("list", "--group", "county", "--state", "active")] == [COUNTY]
    assert "共 2 个网站" in done("list")
    assert "没有符合条件" in done("list", "--state", "retired")


def test_show_hides_contacts_unless_asked_for(registry: Path) -> None:
    done("contact", "add", COUNTY, "--address", "13800000000", "--channel", "电话", "--name", "张三")
    done("contact", "add", "--unit", "云岭市人民政府", "--address", "city@yunling.example")
    assert "13800000000" not in done("show", COUNTY) + json.dumps(show(COUNTY), ensure_ascii=False)
    assert "13800000000" in done("show", COUNTY, "--contacts")
    assert [(one["of"], one["address"]) for one in show(COUNTY, "--contacts")["contacts"]] == [
        ("portal", "13800000000"),
        ("unit", "city@yunling.example"),
    ]


def test_show_tells_redated_items_to_programs(registry: Path, database: Database) -> None:
    assert show(COUNTY)["redated"] == []
    add_redated_item(database, show(COUNTY)["id"], Subject("news", "会议", None, ("会议",)))
    (found,) = show(COUNTY)["redated"]
    assert (found["title"], found["before"], found["after"]) == ("常务会议", "2026-10-01", "2026-11-18")


def test_a_site_is_meant_by_id_code_name_or_address_and_doubt_is_listed(registry: Path, tmp_path: Path) -> None:
    number = str(show(COUNTY)["id"])
    assert {show(word)["id"] for word in (number, "5300000001", "qinghe.example")} == {int(number)}
    path = csv_file(tmp_path, HEADS, f"5300000001,{COUNTY},http://b.example/,,,,,")
    run("sites", "import", str(path))
    for word in (COUNTY, "5300000001"):
        assert "对应 2 个网站" in refused("show", word)


# ---------------------------------------------------------------- changing


def test_every_change_is_kept_with_who_when_and_why(registry: Path) -> None:
    number = str(show(CITY)["id"])
    done("pause", CITY, "--reason", "升级改版", "--actor", "李维护")
    done("resume", CITY)
    done("rename", CITY, "--name", "云岭市财政局门户")
    done("move", number, "--url", "www.yunling.example/czj")
    done("retire", number, "--reason", "关停")
    found = show(number)
    assert (found["name"], found["url"], found["state"], found["state_reason"]) == (
        "云岭市财政局门户",
        "http://www.yunling.example/czj",
        "retired",
        "关停",
    )
    assert [change["kind"] for change in found["history"]] == [
        "imported",
        "paused",
        "resumed",
        "renamed",
        "moved",
        "retired",
    ]
    assert [(c["actor"], c["reason"]) for c in found["history"][:2]] == [("王检查", None), ("李维护", "升级改版")]
    assert all(change["actor"] and change["at"].endswith("+00:00") for change in found["history"])
    assert "换网址" in done("show", number)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pause", CITY), "--reason"),
        (("pause", CITY, "--reason", " "), "--reason 为空"),
        (("resume", CITY), "已经是在用"),
        (("move", CITY, "--url", "http://www.qinghe.example"), "已登记为“青禾县人民政府”"),
        (("move", CITY, "--url", "不是网址"), "不是网址"),
        (("rename", CITY, "--name", " "), "新名称为空"),
        (("rename", CITY, "--name", "甲", "--actor", "长" * 201), "最多 200"),
        (("exempt", CITY, "--document", "甲", "--from", "2026-01-01", "--by", "乙"), "--everything"),
        (("exempt", CITY, "--rule", "national-2019-19/home-not-updatet", "--document", "甲", "--from", "2026-01-01",
          "--by", "乙"), "是不是“national-2019-19/home-not-updated”"),
        (("exempt", CITY, "--concept", "newz", "--document", "甲", "--from", "2026-01-01", "--by", "乙"), "news"),
        (("exempt", CITY, "--concept", "news", "--from", "2026-01-01", "--by", "乙"), "依据文件"),
        (("exempt", CITY, "--concept", "news", "--document", "甲", "--by", "乙"), "开始日期"),
        (("exempt", CITY, "--withdraw", "9"), "没有编号为 9"),
        (("exempt", CITY, "--withdraw", "9", "--rule", "a/b"), "--withdraw 只能"),
        (("delegate", CITY, "--concept", "news", "--withdraw"), "没有登记“news”"),
        (("contact", "add", CITY, "--address", "a@"), "不是邮箱"),
        (("contact", "add", CITY, "--address", "a@a.example", "--channel", "信鸽"), "联系方式"),
        (("contact", "add", "--address", "a@a.example"), "--unit"),
        (("contact", "remove", "7"), "没有编号为 7"),
        (("contact", "remove", "9" * 30), "编号 的值不对"),
        (("exempt", CITY, "--withdraw", "9" * 30), "--withdraw 的值不对"),
        (("show", "9" * 30), "没有登记"),
        (("show", "\udcff"), "没有登记"),
        (("list", "--group", "\udcff"), "没有“?”"),
        (("unit", "move", "\udcff", "--root"), "没有“"),
        (("rename", CITY, "--name", "\udcff"), "新名称为空"),
        (("unit", "move", "云岭市人民政府"), "--under"),
        (("unit", "move", "无此单位", "--root"), "没有“无此单位”"),
        (("list", "--state", "坏了"), "没有“坏了”这个状态"),
        (("list", "--group", "无此地"), "没有“无此地”"),
        (("import", "none.csv"), "找不到文件"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_chinese_line(registry: Path, words: tuple[str, ...], said: str) -> None:
    assert said in refused(*words)


def test_the_history_is_told_in_chinese(registry: Path) -> None:
    run("sites", "pause", "1", "--reason", "升级", "--actor", "李四")
    run("sites", "resume", "1", "--actor", "李四")
    _, out, _ = run("sites", "show", "1")
    assert "李四 暂停检查：状态 在用 → 暂停；状态说明 （空） → 升级，事由：升级\n" in out
    assert "李四 恢复检查：状态 暂停 → 在用；状态说明 升级 → （空）\n" in out


def test_an_exemption_is_registered_and_withdrawn(registry: Path) -> None:
    done(
        "exempt", CITY, "--rule", "national-2019-19/home-not-updated", "--path", "政务公开>财政信息",
        "--document", "云政函〔2026〕3号", "--from", "2026-01-01", "--to", "2026-12-31", "--by", "市政务公开办",
        "--reason", "网站改版",
    )  # fmt: skip
    done("exempt", CITY, "--everything", "--document", "甲", "--from", "2026-01-01", "--by", "乙")
    first, second = show(CITY)["exemptions"]
    assert (first["path"], first["to"], first["reason"]) == (["政务公开", "财政信息"], "2026-12-31", "网站改版")
    assert (second["rule"], second["concept"], second["path"], second["to"]) == (None, None, None, None)
    done("exempt", CITY, "--withdraw", str(second["id"]), "--reason", "已恢复")
    assert [bool(one["withdrawn"]) for one in show(CITY)["exemptions"]] == [False, True]
    assert "全部事项" in done("show", CITY)


def test_a_rule_of_a_pack_that_is_not_built_in_is_taken_with_a_warning(registry: Path) -> None:
    words = ("--rule", "county-2026/mine", "--document", "甲", "--from", "2026-01-01", "--by", "乙")
    code, _, err = run("sites", "exempt", CITY, *words)
    assert (code, "不是内置的" in err) == (0, True)


def test_a_delegation_is_registered_by_name_and_withdrawn(registry: Path) -> None:
    done("delegate", CITY, "--concept", "双公示", "--url", "credit.yunling.example", "--note", "集约化")
    assert show(CITY)["delegations"] == [
        {"concept": "double-publicity", "url": "http://credit.yunling.example/", "note": "集约化"}
    ]
    done("delegate", CITY, "--concept", "double-publicity", "--withdraw")
    assert show(CITY)["delegations"] == []


def test_contacts_are_added_listed_and_removed(registry: Path) -> None:
    done(
        "contact",
        "add",
        COUNTY,
        "--channel",
        "企业微信",
        "--address",
        "https://qyapi.example/send?key=a",
        "--name",
        "群",
    )
    (one,) = answer("contact", "list", COUNTY)
    assert (one["channel"], one["address"]) == ("wecom", "https://qyapi.example/send?key=a")
    done("contact", "remove", str(one["id"]))
    assert answer("contact", "list", COUNTY) == []
    assert "没有联系人" in done("contact", "list", "--unit", "云岭市人民政府")


def test_units_are_listed_moved_and_renamed(registry: Path, tmp_path: Path) -> None:
    done("import", str(csv_file(tmp_path, "name,url,unit", "丙,c.example,云岭省人民政府")))
    done("unit", "move", "云岭市人民政府", "--under", "云岭省人民政府", "--reason", "隶属关系")
    assert [unit["path"] for unit in answer("unit", "list")] == [
        ["云岭省人民政府"],
        ["云岭省人民政府", "云岭市人民政府"],
    ]
    assert "成环" in refused("unit", "move", "云岭省人民政府", "--under", "云岭市人民政府")
    done("unit", "rename", "云岭市人民政府", "--name", "云岭市政府")
    assert done("unit", "list") == "云岭省人民政府\n  云岭市政府\n"
    assert show(COUNTY)["unit"] == "云岭市政府"
    assert len(answer("list", "--group", "云岭省人民政府")) == 3


# ---------------------------------------------------------------- the database


def test_a_postgresql_database_without_tables_says_which_command_makes_them(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.database(is_empty=True) as url:
        monkeypatch.setenv("GKMONITOR_DATABASE_URL", url)
        code, out, err = run("sites", "list")
    assert (code, out) == (3, "")
    assert_one_chinese_line(err)
    assert "gkmonitor db upgrade" in err


def test_the_command_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, QINGHE)
    url = f"sqlite:///{tmp_path / 'own.db'}"
    made = shell("sites", "import", str(path), GKMONITOR_DATABASE_URL=url)
    assert (made.returncode, made.stderr) == (0, b"")
    printed = shell("sites", "export", GKMONITOR_DATABASE_URL=url)
    assert printed.stdout.startswith(b"\xef\xbb\xbfsite_id_code,name,url")
    assert b"\r\n" in printed.stdout
