"""Tasks and typed figures at the desk: found, done with evidence, signed, and refused where they are wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from databases import opened
from desk_client import NOW, DeskClient, client_as
from desk_pages import whole
from ledger_builder import add_portal
from openpyxl import load_workbook

from gkmonitor.accounts.records import Role
from gkmonitor.errors import UsageError
from gkmonitor.monthly.typed import GROUP_TITLES, checked_value
from gkmonitor.monthly.words import GROUPS, TypedKind
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.case_details import evidence_of
from gkmonitor.storage.cases import get_case
from gkmonitor.storage.models import TaskRow, UnitRow
from gkmonitor.storage.tasks import get_task
from gkmonitor.storage.typed_figures import figures_of_month
from gkmonitor.web.uploads import Holding, plain_name

QUESTION = (
    "领导信息是否完整（国办发〔2019〕 第三条）\n看什么：领导姓名、分工\n在哪里看：政府领导\n怎样算：缺一项即不完整"
)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def task(database: Database) -> int:
    portal = add_portal(database, "青禾县<b>人民政府")
    with database.writing() as session:
        row = TaskRow(portal_id=portal, month="2026-11", rule="p/leaders", question=QUESTION, created_at=NOW)
        session.add(row)
        session.flush()
        return row.id


def test_tasks_of_the_month_are_listed_with_what_portals_wrote_escaped(database: Database, task: int) -> None:
    with client_as(database, Role.VIEWER) as client:
        page = whole(client.get("/tasks"))
        assert "领导信息是否完整" in page
        assert "青禾县&lt;b&gt;人民政府" in page
        assert "没有符合条件的任务" in whole(client.get("/tasks?month=2026-10"))
        assert "没有符合条件的任务" in whole(client.get("/tasks?q=不存在"))
        assert client.get("/tasks?month=十一月").status_code == 400


def test_a_task_found_in_order_is_done_once(database: Database, task: int) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert "填写结果" in whole(client.get(f"/tasks/{task}"))
        assert "任务已完成：正常" in client.shown(client.post(f"/tasks/{task}", {"outcome": "ok", "note": "齐全"}))
        assert "已由" in client.shown(client.post(f"/tasks/{task}", {"outcome": "violation", "note": "缺"}))
    with database.reading() as session:
        done = get_task(session, task)
        assert (done.outcome, done.note, done.case_id) == ("ok", "齐全", None)
        assert done.done_by == "测试inspector（inspector）"
        (entry,) = audit.list_audit(session, AuditFilter(action="task-done"))
        assert entry.details["outcome"] == "ok"


def test_a_violation_becomes_a_finding_by_a_person_with_its_files_as_evidence(
    database: Database, task: int, tmp_path: Path
) -> None:
    with client_as(database, Role.INSPECTOR, evidence_dir=str(tmp_path / "kept")) as client:
        files = [
            ("files", ("../../../截图.png", b"picture", "image/png")),
            ("files", ("b.txt", b"words", "text/plain")),
        ]
        fields = {"outcome": "violation", "note": "缺少分工", "severity": "veto"}
        assert "登记为问题" in client.shown(client.post(f"/tasks/{task}", fields, files=files))
    with database.reading() as session:
        done = get_task(session, task)
        assert done.case_id is not None
        case = get_case(session, done.case_id)
        assert (case.message, case.severity, case.found_by) == ("缺少分工", "veto", "person")
        pieces = evidence_of(session, done.case_id)
        assert [one.details["name"] for one in pieces] == ["截图.png", "b.txt"]
        assert sorted((tmp_path / "kept" / one.path).read_bytes() for one in pieces) == [b"picture", b"words"]
    kept = [path.relative_to(tmp_path / "kept").parts[0] for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert set(kept) == {"uploads"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"outcome": ""}, "请选择结果"),
        ({"outcome": "perfect"}, "请选择结果"),
        ({"outcome": "violation", "note": " "}, "写明发现的情况"),
        ({"outcome": "violation", "note": "缺", "severity": "terrible"}, "没有“terrible”这种程度"),
    ],
)
def test_a_result_that_is_wrong_is_told_and_leaves_the_task_open(database: Database, task: int, fields, told) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert told in client.shown(client.post(f"/tasks/{task}", fields))
    with database.reading() as session:
        assert get_task(session, task).state == "todo"


def test_an_upload_that_is_empty_or_one_of_too_many_leaves_the_task_open(database: Database, task: int) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        empty = [("files", ("a.png", b"", "image/png"))]
        many = [("files", (f"{number}.png", b"x", "image/png")) for number in range(11)]
        assert "空文件" in client.shown(client.post(f"/tasks/{task}", {"outcome": "ok"}, files=empty))
        assert "最多 10 个" in client.shown(client.post(f"/tasks/{task}", {"outcome": "ok"}, files=many))
    with database.reading() as session:
        assert get_task(session, task).state == "todo"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.UNIT])
def test_who_may_only_look_cannot_do_tasks_or_sign(database: Database, task: int, role: Role) -> None:
    with database.writing() as session:
        unit = UnitRow(name="县政府办")
        session.add(unit)
        session.flush()
        unit_id = unit.id if role is Role.UNIT else None
    with client_as(database, role, unit_id) as client:
        assert client.post(f"/tasks/{task}", {"outcome": "ok"}).status_code == 403
        assert client.post("/tasks/prepare", {"month": "2026-11"}).status_code == 403
        assert client.post("/figures/2026-10", {"finder-received": "3"}).status_code == 403
        expected = 200 if role is Role.VIEWER else 403
        for path in ("/tasks", f"/tasks/{task}", "/figures"):
            assert client.get(path).status_code == expected, path
    with database.reading() as session:
        assert get_task(session, task).state == "todo"


def test_tasks_of_a_month_are_made_by_the_queue_once(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert "已安排生成" in client.shown(client.post("/tasks/prepare", {"month": "2026-11"}))
        assert "已在生成" in client.shown(client.post("/tasks/prepare", {"month": "2026-11"}))
        assert list(client.app.state.desk.queue.live_arguments("month")) == [{"month": "2026-11"}]


def test_an_exported_list_has_no_formula(database: Database) -> None:
    portal = add_portal(database, '=HYPERLINK("http://x.example")')
    with database.writing() as session:
        words = "+1+1|cmd\n看什么：\x07铃"
        session.add(TaskRow(portal_id=portal, month="2026-11", rule="p/t", question=words, created_at=NOW))
    with client_as(database, Role.VIEWER) as client:
        text = client.get("/tasks?format=csv").content.decode("utf-8-sig")
        assert "\"'=HYPERLINK" in text
        assert "'+1+1|cmd" in text
        assert "\x07" not in text
        book = load_workbook(io.BytesIO(client.get("/tasks?format=xlsx").content))
        assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert client.get("/tasks?format=exe").status_code == 400


# ---------------------------------------------------------------- typed figures


def sign(client: DeskClient, month: str = "2026-10", **values: str) -> str:
    return client.shown(client.post(f"/figures/{month}", {name.replace("_", "-"): v for name, v in values.items()}))


def test_figures_are_signed_by_whoever_may_and_every_change_stays_in_the_history(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert "已签认 2 项" in sign(client, finder_received="12", accountability_note="约谈 1 人。")
        assert "没有改动" in sign(client, finder_received="12条")
        page = sign(client, finder_received="15", accountability_note="")
        assert "约谈 1 人。" in page  # in the history
        assert "（空）" in page
        whole(client.get("/figures?month=2026-10"))
    with database.reading() as session:
        kept = figures_of_month(session, "2026-10")
        assert {slug: one.value for slug, one in kept.items()} == {"finder-received": "15"}
        assert kept["finder-received"].signed_by == "测试inspector（inspector）"
        entries = audit.list_audit(session, AuditFilter(action="figure-signed"))
        assert len(entries) == 4
        assert entries[-1].details["before"] is None


def test_one_wrong_figure_keeps_all_from_being_signed_and_says_what_to_write(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        answer = client.post("/figures/2026-10", {"finder-received": "十二", "letters-received": "4"})
        assert answer.status_code == 422
        assert "请填整数" in answer.text
        assert 'value="4"' in answer.text  # what was typed is not lost
        assert client.post("/figures/2026-12", {"finder-received": "1"}).status_code == 400  # has not come
        assert client.post("/figures/2026-13", {"finder-received": "1"}).status_code == 400
    with database.reading() as session:
        assert figures_of_month(session, "2026-10") == {}


WHOLE, SHARE, NOTE = (TypedKind("x", "数", unit, "other") for unit in ("条", "%", ""))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (WHOLE, "12", "12"),
        (WHOLE, " 1,200 条 ", "1200"),
        (WHOLE, "０", "0"),
        (WHOLE, "", None),
        (SHARE, "98.50%", "98.5"),
        (SHARE, "100", "100"),
        (NOTE, " 一\n二 ", "一 二"),
        (NOTE, "\u202e", None),
    ],
)
def test_a_figure_is_kept_plain(kind: TypedKind, text: str, value: str | None) -> None:
    assert checked_value(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [(WHOLE, "-1"), (WHOLE, "1.5"), (WHOLE, "=1"), (SHARE, "100.01"), (SHARE, "9.999"), (NOTE, "长" * 1001)],
)
def test_a_figure_that_cannot_stand_in_a_notice_is_refused(kind: TypedKind, text: str) -> None:
    with pytest.raises(UsageError):
        checked_value(kind, text)


def test_every_group_of_figures_has_a_title() -> None:
    assert set(GROUP_TITLES) == set(GROUPS)


# ---------------------------------------------------------------- uploads


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\表.xlsx", "表.xlsx"),
        ("..", "upload"),
        ("", "upload"),
        (None, "upload"),
        ("a\0b\n\u202e.csv", "ab.csv"),
        ("长" * 300 + ".xlsx", "长" * 78 + ".xlsx"),
    ],
)
def test_the_name_of_an_upload_is_only_a_name(given: str | None, plain: str) -> None:
    assert plain_name(given) == plain


def test_files_are_held_for_their_account_purpose_and_time_only() -> None:
    place = Holding()
    held = place.keep(1, "import", [("a.csv", b"1")], NOW)
    assert place.find(1, "import", held.token, NOW) == held
    assert held.files[0].read_bytes() == b"1"
    assert place.find(2, "import", held.token, NOW) is None
    assert place.find(1, "pack", held.token, NOW) is None
    assert place.find(1, "import", "another", NOW) is None
    assert place.find(1, "import", held.token, NOW + timedelta(minutes=31)) is None
    assert not held.folder.exists()


def test_an_account_holds_a_few_files_and_the_oldest_goes() -> None:
    place = Holding()
    held = [place.keep(1, "import", [("a.csv", b"1")], NOW + timedelta(seconds=n)) for n in range(6)]
    assert [one.folder.exists() for one in held] == [False, False, True, True, True, True]
