"""``gkmonitor report``: what it writes and says. The month is the last one that is over by the clock."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from databases import opened
from month_builder import Town, in_order, stale
from typer.testing import CliRunner

from gkmonitor.cli.main import app
from gkmonitor.ledger.records import EventKind
from gkmonitor.monthly.inputs import month_before
from gkmonitor.monthly.plain import load_numbers
from gkmonitor.settings import get_settings

Run = Callable[..., Any]
ZONE = ZoneInfo("Asia/Shanghai")


def last_month() -> str:
    return month_before(f"{datetime.now(ZONE):%Y-%m}")


def yesterday(back: int = 1) -> str:
    return (datetime.now(UTC).date() - timedelta(days=back)).isoformat()


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("GKMONITOR_OFFICE_NAME", "青禾县人民政府办公室")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, ["report", *(str(word) for word in words)])
    get_settings.cache_clear()


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """A problem confirmed last month that was seen again yesterday, and a portal in order."""
    with opened(sqlite_url) as database:
        told = Town(database)
        told.add("A", "青禾县人民政府", "青禾县")
        told.add("C", "清水县人民政府", "清水县")
        month = last_month()
        seen = {"A": in_order(stale("要闻")), "C": in_order()}
        told.night(f"{month}-10", seen)
        told.night(f"{month}-11", seen)
        told.confirm(f"{month}-12", "A")
        told.night(yesterday(), seen)
        yield told


def test_it_writes_the_numbers_and_says_where(run: Run, town: Town, tmp_path: Path) -> None:
    result = run("--month", last_month(), "--format", "json", "--out", "out")
    assert result.exit_code == 0, result.output
    path = tmp_path / "out" / f"通报-{last_month()}-未印发.json"
    numbers = load_numbers(path.read_bytes())
    assert [one.portal.name for one in numbers.problems] == ["青禾县人民政府"]
    assert "问题数 1个" in result.output
    assert "尚未印发" in result.output
    assert path.name in result.output


def test_issued_numbers_are_written_again_byte_for_byte(run: Run, town: Town, tmp_path: Path) -> None:
    words = ("--month", last_month(), "--format", "json", "--issue", "--number", "青府办〔2026〕5号", "--actor", "张三")
    assert run(*words, "--out", "first").exit_code == 0
    town.decide(yesterday(), EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    again = run(*words, "--out", "second")
    assert again.exit_code == 0
    name = f"通报-{last_month()}.json"
    assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    assert "按印发时的数字生成" in again.output
    assert "青府办〔2026〕5号" in again.output


def test_json_is_one_object(run: Run, town: Town, tmp_path: Path) -> None:
    result = run("--month", last_month(), "--format", "json", "--out", "out", "--json")
    found = json.loads(result.stdout)
    assert (found["month"], found["issued_on"], found["statistics"]["problems"]) == (last_month(), None, 1)
    assert [Path(name).suffix for name in found["files"]] == [".json"]


def test_every_form_is_written_in_one_call(run: Run, town: Town, tmp_path: Path) -> None:
    result = run("--month", last_month(), "--format", "docx,xlsx", "--format", "html", "--out", "out")
    assert result.exit_code == 0, result.output
    begins = {path.suffix: path.read_bytes()[:9].lower() for path in (tmp_path / "out").iterdir()}
    assert begins == {".docx": begins[".docx"], ".xlsx": begins[".xlsx"], ".html": b"<!doctype"}
    assert begins[".docx"][:2] == begins[".xlsx"][:2] == b"pk"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--month", "2026-13", "--format", "json"), 2, "月份“2026-13”写法不对"),
        (("--month", f"{date.today().year + 2}-01", "--format", "json"), 2, "还没有到"),  # noqa: DTZ011
        (("--month", "2026-01", "--format", "doc"), 2, "没有“doc”这种格式"),
        (("--month", "2026-01", "--format", ","), 2, "没有“”这种格式"),
        (("--month", "2026-01", "--out", " "), 2, "--out 后面要写文件夹"),
        ((), 2, "--month"),
    ],
)
def test_wrong_words_are_told_before_anything_is_done(
    run: Run, town: Town, words: tuple[str, ...], code: int, told: str
) -> None:
    result = run(*words)
    assert (result.exit_code, told in result.output) == (code, True), result.output


def test_an_empty_registry_is_told(run: Run) -> None:
    result = run("--month", last_month(), "--format", "json")
    assert result.exit_code == 3
    assert "没有在运行的网站" in result.output


def test_a_folder_that_cannot_be_written_is_told(run: Run, town: Town, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("--month", last_month(), "--format", "json", "--out", "file/inside")
    assert result.exit_code == 3
    assert "写不进去" in result.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(run: Run, town: Town, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    result = run("--month", last_month(), "--format", "json", "--out", closed)
    assert result.exit_code == 3
    assert "没有权限" in result.output


def test_a_running_month_is_shown_and_not_issued(run: Run, town: Town) -> None:
    month = f"{datetime.now(ZONE):%Y-%m}"
    shown = run("--month", month, "--format", "json")
    assert shown.exit_code == 0
    assert "本月还没有结束" in shown.output
    refused = run("--month", month, "--format", "json", "--issue")
    assert refused.exit_code == 2
    assert "不能印发" in refused.output or "没有完成检查" in refused.output


def test_a_month_without_inspections_is_told(run: Run, town: Town) -> None:
    result = run("--month", "2020-01", "--format", "json")
    assert result.exit_code == 0
    assert "没有完成检查的网站" in result.output


def test_recheck_asks_for_the_portals_about_to_be_named_and_tells_of_those_that_failed(
    run: Run, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[int], str]] = []

    def inspect(database: Any, settings: Any, portal_ids: list[int], **given: Any) -> Any:
        asked.append((list(portal_ids), given["kind"].value))
        return SimpleNamespace(failed={"transient": 1})

    monkeypatch.setattr("gkmonitor.cycles.whole.run_cycle", inspect)
    result = run("--month", last_month(), "--format", "json", "--recheck")
    assert result.exit_code == 0, result.output
    assert asked == [([town.portals["A"]], "recheck")]
    assert "有 1 个网站没有查成" in result.output


def test_an_issued_month_is_not_inspected_again(run: Run, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("--month", last_month(), "--format", "json", "--issue").exit_code == 0
    monkeypatch.delattr("gkmonitor.cycles.whole.run_cycle")
    assert run("--month", last_month(), "--format", "json", "--recheck").exit_code == 0


# ---------------------------------------------------------------- units and template


def test_each_unit_gets_a_notice_and_a_list(run: Run, town: Town, tmp_path: Path) -> None:
    result = run("--month", last_month(), "--units", "--out", "out")
    assert result.exit_code == 0, result.output
    stem = f"青禾县人民政府-{last_month()}"
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        f"整改通知书-{stem}.docx",
        f"问题清单-{stem}.xlsx",
    ]


def test_a_deadline_of_the_units_is_the_one_that_is_written(run: Run, town: Town, tmp_path: Path) -> None:
    from docx import Document

    day = (datetime.now(ZONE) + timedelta(days=30)).date()
    result = run("--month", last_month(), "--units", "--deadline", day.isoformat(), "--out", "out")
    assert result.exit_code == 0, result.output
    (path,) = (tmp_path / "out").glob("*.docx")
    words = f"请于{day.year}年{day.month}月{day.day}日前完成整改。"
    assert words in [one.text for one in Document(str(path)).paragraphs]


def test_the_template_is_written_and_can_be_used(
    run: Run, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("--template-out", "模板.docx")
    assert result.exit_code == 0, result.output
    monkeypatch.setenv("GKMONITOR_NOTICE_TEMPLATE", str(tmp_path / "模板.docx"))
    get_settings.cache_clear()
    assert run("--month", last_month(), "--format", "docx", "--out", "out").exit_code == 0
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".docx"]


def test_a_broken_template_stops_the_notice_and_names_its_fault(
    run: Run, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("{{ 标提 }}")
    document.save(str(tmp_path / "错.docx"))
    monkeypatch.setenv("GKMONITOR_NOTICE_TEMPLATE", str(tmp_path / "错.docx"))
    get_settings.cache_clear()
    result = run("--month", last_month(), "--format", "docx", "--out", "out")
    assert result.exit_code == 2
    assert "没有“标提”这一项" in result.output
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "请用 --month 写明统计的月份"),
        (("--template-out", "模板.doc"), "名称要以 .docx 结尾"),
        (("--template-out", "模板.docx", "--month", "2026-01"), "--template-out 单独使用"),
        (("--month", "2026-01", "--deadline", "2030-01-01"), "--deadline 只用于 --units"),
        (("--month", "2026-01", "--units", "--issue"), "印发通报请另外运行 --issue"),
    ],
)
def test_options_that_do_not_go_together_are_refused(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.output


def test_a_deadline_that_is_over_is_refused(run: Run, town: Town) -> None:
    result = run("--month", last_month(), "--units", "--deadline", yesterday(3))
    assert result.exit_code == 2
    assert "已经过去" in result.output


def test_the_internal_sheet_is_written_only_when_it_is_asked_for(run: Run, town: Town, tmp_path: Path) -> None:
    assert run("--month", last_month(), "--format", "json", "--out", "plain").exit_code == 0
    assert not list((tmp_path / "plain").glob("签批单*"))
    assert run("--month", last_month(), "--format", "json", "--signoff", "--out", "out").exit_code == 0
    assert [path.name for path in (tmp_path / "out").glob("签批单*")] == [f"签批单-{last_month()}.docx"]
