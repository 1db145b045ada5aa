"""Importing and exporting: what would happen to each row, all or nothing, and a round trip that changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from databases import opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from registry_files import BY, FINANCE, HEADS, QINGHE, csv_file, plan_of, take_over, xlsx_file
from sqlalchemy import func, select
from sqlalchemy.event import listen

from gkmonitor.registry.exporting import as_csv, as_xlsx, registry_table
from gkmonitor.registry.importing import RowStatus
from gkmonitor.registry.records import Channel, Exemption, PortalState
from gkmonitor.storage import Database
from gkmonitor.storage.contacts import add_contact, contacts_of
from gkmonitor.storage.exemptions import add_exemption, exemptions_of, set_delegation
from gkmonitor.storage.models import PortalChangeRow, PortalRow, UnitRow
from gkmonitor.storage.portals import add_portal, delegations_of, find_portal, find_portals, get_portal, set_state
from gkmonitor.storage.registry_changes import history_of
from gkmonitor.storage.units import list_units

ALL = list(PortalState)


def statuses(database: Database, path: Path) -> list[str]:
    return [planned.status.value for planned in plan_of(database, path).rows]


def told(database: Database, path: Path) -> list[tuple[int | None, bool, str]]:
    return [(problem.line, problem.is_error, problem.message) for problem in plan_of(database, path).problems]


def exported(
    database: Database, folder: Path, form: str = "csv", *, contacts: bool = True, words: bool = False
) -> Path:
    with database.reading() as session:
        portals = find_portals(session, states=ALL)
        table = registry_table(session, portals, with_contacts=contacts, in_words=words)
    path = folder / f"out.{form}"
    path.write_bytes(as_csv(table) if form == "csv" else as_xlsx(table))
    return path


# ---------------------------------------------------------------- importing


def test_rows_are_new_then_unchanged(database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, QINGHE, FINANCE)
    assert statuses(database, path) == ["new", "new"]
    take_over(database, path)
    assert statuses(database, path) == ["unchanged", "unchanged"]
    with database.reading() as session:
        entry = find_portal(session, "青禾县人民政府")
        (change,) = history_of(session, portal_id=entry.id)
    assert (entry.unit, entry.level, entry.profile, entry.state) == (
        "云岭市人民政府",
        "county",
        "county-portal",
        PortalState.ACTIVE,
    )
    assert (change.kind, change.actor, change.at, change.after["url"]) == ("imported", BY.actor, BY.at, entry.url)


def test_a_preview_writes_nothing(database: Database, tmp_path: Path) -> None:
    plan_of(database, csv_file(tmp_path, HEADS, QINGHE))
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (PortalRow, UnitRow)]
    assert counts == [0, 0]


def test_a_changed_row_says_what_it_was_and_what_it_becomes(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, HEADS + ",备注", QINGHE + ",旧"))
    path = csv_file(tmp_path, "name,url,organizer,备注", "青禾县政府网,https://qinghe.example/,青禾县人民政府办公室,新")
    (planned,) = plan_of(database, path).rows
    assert planned.changes == {
        "name": ("青禾县人民政府", "青禾县政府网"),
        "url": ("http://www.qinghe.example/", "https://qinghe.example/"),
        "notes": ({"备注": "旧"}, {"备注": "新"}),
    }
    take_over(database, path)
    with database.reading() as session:
        entry = find_portal(session, "青禾县政府网")
        kinds = [change.kind for change in history_of(session, portal_id=entry.id)]
    assert (entry.url, entry.level, entry.unit) == ("https://qinghe.example/", "county", "云岭市人民政府")
    assert kinds == ["imported", "edited"]


def test_a_column_that_the_file_lacks_and_an_empty_state_leave_what_is_registered(
    database: Database, tmp_path: Path
) -> None:
    take_over(database, csv_file(tmp_path, HEADS + ",state", QINGHE + ",暂停"))
    path = csv_file(tmp_path, "name,url,state", "青禾县人民政府,http://www.qinghe.example/,")
    assert statuses(database, path) == ["unchanged"]


def test_an_empty_cell_of_a_column_clears_the_field(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, HEADS + ",备注", QINGHE + ",旧"))
    take_over(database, csv_file(tmp_path, "name,url,unit,region,备注", "青禾县人民政府,qinghe.example,,,"))
    with database.reading() as session:
        entry = find_portal(session, "青禾县人民政府")
    assert (entry.unit, entry.region, dict(entry.notes)) == (None, None, {})


def test_a_state_in_a_file_is_a_change_of_state_with_its_reason(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, HEADS, QINGHE))
    take_over(database, csv_file(tmp_path, "name,url,状态,状态说明", "青禾县人民政府,qinghe.example,暂停,升级改版"))
    with database.reading() as session:
        entry = find_portal(session, "青禾县人民政府")
        kinds = [change.kind for change in history_of(session, portal_id=entry.id)]
    assert (entry.state, entry.state_reason) == (PortalState.PAUSED, "升级改版")
    assert kinds[:2] == ["imported", "paused"]


def test_two_rows_of_one_address_clash(database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADS, QINGHE, QINGHE.replace("http://www.", "https://"))
    plan = plan_of(database, path)
    assert [planned.status for planned in plan.rows] == [RowStatus.NEW, RowStatus.CLASHING]
    assert [(p.line, "与第 2 行相同" in p.message) for p in plan.errors] == [(3, True)]


def test_a_registered_address_under_another_name_and_code_clashes(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, HEADS, QINGHE))
    path = csv_file(tmp_path, HEADS, QINGHE.replace("5300000001,青禾县人民政府", "5300000002,云岭市民政局"))
    assert statuses(database, path) == ["clashing"]
    assert [(line, error) for line, error, _ in told(database, path)] == [(2, True)]


def test_a_site_code_that_others_bear_is_a_warning(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, HEADS, QINGHE))
    page = QINGHE.replace("qinghe.example/", "qinghe.example/czj/").replace("青禾县人民政府", "青禾县财政局")
    path = csv_file(tmp_path, HEADS, page, page.replace("czj", "mzj"))
    assert statuses(database, path) == ["new", "new"]
    first, second = told(database, path)
    assert (first[:2], second[:2]) == ((2, False), (3, False))
    assert "青禾县人民政府" in first[2]
    assert "第 2 行" in second[2]


def test_what_fails_in_the_middle_leaves_nothing_behind(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle of it")

    monkeypatch.setattr("gkmonitor.registry.importing.add_exemption", fail)
    cell = "文件=甲|自=2026-01-01|批准=乙"
    with pytest.raises(RuntimeError):
        take_over(database, csv_file(tmp_path, HEADS + ",豁免", FINANCE + ",", f"{QINGHE},{cell}"))
    with database.reading() as session:
        tables = (PortalRow, UnitRow, PortalChangeRow)
        assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == [0, 0, 0]


def test_lists_of_a_file_add_and_never_take_away(database: Database, tmp_path: Path) -> None:
    heads = HEADS + ",委托公开栏目,豁免,联系人,邮箱"
    exemption = "文件=甲|栏目=news|自=2026-01-01|批准=乙"
    path = csv_file(tmp_path, heads, f"{QINGHE},news=http://a.example/,{exemption},张三,a@a.example")
    take_over(database, path)
    assert statuses(database, path) == ["unchanged"]
    path = csv_file(tmp_path, heads, f"{QINGHE},budget;news=http://b.example/,,李四,b@a.example")
    (planned,) = plan_of(database, path).rows
    assert planned.changes == {
        "delegated": ({"budget": None, "news": "http://a.example/"}, {"budget": None, "news": "http://b.example/"}),
        "contacts": (1, 2),
    }
    take_over(database, path)
    with database.reading() as session:
        assert [(d.concept, d.url) for d in delegations_of(session, 1)] == [
            ("budget", None),
            ("news", "http://b.example/"),
        ]
        assert [e.concept for e in exemptions_of(session, 1, date(2026, 3, 1))] == ["news"]
        assert [c.name for c in contacts_of(session, 1)] == ["张三", "李四"]


# ---------------------------------------------------------------- units


def test_units_of_a_file_become_a_tree(database: Database, tmp_path: Path) -> None:
    take_over(
        database, csv_file(tmp_path, "name,url,unit", "甲,a.example,省政府/市政府/市财政局", "乙,b.example,市政府")
    )
    with database.reading() as session:
        paths = [unit.path for unit in list_units(session)]
    assert paths == [("省政府",), ("省政府", "市政府"), ("省政府", "市政府", "市财政局")]


@pytest.mark.parametrize(
    ("units", "words"),
    [(("甲局/乙局", "丙局/乙局"), "第 2 行的上级是“甲局”"), (("甲局/乙局", "乙局/丙局", "丙局/甲局"), "成环")],
)
def test_contradicting_and_circular_units_are_errors(
    database: Database, tmp_path: Path, units: tuple[str, ...], words: str
) -> None:
    rows = [f"站{number},s{number}.example,{unit}" for number, unit in enumerate(units)]
    found = told(database, csv_file(tmp_path, "name,url,unit", *rows))
    assert [(line, error) for line, error, _ in found] == [(len(units) + 1, True)]
    assert words in found[0][2]


def test_a_unit_that_moves_is_shown_as_a_change(database: Database, tmp_path: Path) -> None:
    take_over(database, csv_file(tmp_path, "name,url,unit", "甲,a.example,市财政局", "乙,b.example,市财政局"))
    path = csv_file(tmp_path, "name,url,unit", "甲,a.example,市政府/市财政局", "丙,c.example,县政府")
    first, second = plan_of(database, path).rows
    assert (first.changes, second.status) == ({"parent_unit": (None, "市政府")}, RowStatus.NEW)
    take_over(database, path)
    assert statuses(database, path) == ["unchanged", "unchanged"]
    path = csv_file(tmp_path, "name,url,unit", "丁,d.example,省政府/市财政局")
    assert "将由“市政府”改为“省政府”" in told(database, path)[0][2]


# ---------------------------------------------------------------- exporting


def furnish(database: Database) -> None:
    """Portals with everything that an entry can have, dangerous texts too."""
    with database.writing() as session:
        first = add_portal(
            session,
            {
                "name": "=HYPERLINK(1)",
                "url": "http://a.example/",
                "site_id_code": "5300000001",
                "notes": {"+备注": "-1", "传真": "'@x"},
            },
            ("省政府", "市政府"),
            BY,
        )
        add_portal(session, {"name": "乙", "url": "http://b.example/", "level": "city"}, (), BY)
        add_contact(session, name="张;三", channel=Channel.PHONE, address="+86 755 12345678", by=BY, portal_id=first)
        add_contact(session, name=None, channel=Channel.MAIL, address="a@a.example", by=BY, portal_id=first)
        add_contact(session, name="群", channel=Channel.WECOM, address="https://w.example/key", by=BY, portal_id=first)
        set_delegation(session, first, "news", "http://c.example/a;b?x=1#2", BY)
        allowed = Exemption(
            0,
            first,
            None,
            "news",
            ("甲>乙", "丙|丁"),
            "文件\\一|二",
            date(2026, 1, 1),
            None,
            "某办",
            "=改版",
        )
        add_exemption(session, allowed, BY)
        set_state(session, first, PortalState.PAUSED, BY)


@pytest.mark.parametrize(("form", "words"), [("csv", False), ("xlsx", False), ("csv", True), ("xlsx", True)])
def test_an_export_read_back_changes_nothing(database: Database, tmp_path: Path, form: str, words: bool) -> None:
    furnish(database)
    plan = plan_of(database, exported(database, tmp_path, form, words=words))
    assert [planned.status for planned in plan.rows] == [RowStatus.UNCHANGED, RowStatus.UNCHANGED], plan.rows
    assert plan.problems == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_carries_the_registry_to_an_empty_database(sqlite_template: Path, tmp_path: Path, form: str) -> None:
    from databases import sqlite_database

    (tmp_path / "other").mkdir()
    with (
        sqlite_database(tmp_path, sqlite_template) as one,
        sqlite_database(tmp_path / "other", sqlite_template) as two,
        opened(one) as first,
        opened(two) as second,
    ):
        furnish(first)
        take_over(second, exported(first, tmp_path, form))
        expected = exported(first, tmp_path).read_bytes()
        assert exported(second, tmp_path).read_bytes() == expected


def test_contacts_stay_out_of_an_export_unless_asked_for_and_secrets_always(database: Database, tmp_path: Path) -> None:
    furnish(database)
    plain = exported(database, tmp_path, contacts=False).read_text(encoding="utf-8-sig")
    full = exported(database, tmp_path).read_text(encoding="utf-8-sig")
    assert ("contact" in plain, "12345678" in plain, "a@a.example" in plain) == (False, False, False)
    assert ("12345678" in full, "a@a.example" in full, "w.example" in full) == (True, True, False)


def test_no_cell_of_an_export_is_a_formula(database: Database, tmp_path: Path) -> None:
    furnish(database)
    csv_cells = exported(database, tmp_path).read_text(encoding="utf-8-sig").replace('"', "").replace("\r\n", ",")
    assert [cell for cell in csv_cells.split(",") if cell[:1] in ("=", "+", "-", "@")] == []
    book = load_workbook(exported(database, tmp_path, "xlsx"))
    kinds = {(cell.data_type, str(cell.value)[:1] in "=+-@") for row in book.active for cell in row if cell.value}  # type: ignore[union-attr]
    assert kinds == {("s", False)}


def test_a_csv_export_begins_with_the_mark_that_spreadsheets_need(database: Database, tmp_path: Path) -> None:
    assert exported(database, tmp_path).read_bytes().startswith(b"\xef\xbb\xbfsite_id_code,name,url")


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
MARKS = st.sampled_from(["", "=", "'", "'=", "+", "-", "@", "\\", "|", ";", "；", ">", "\t", "\n", '"', ",", "＝", " "])


ROWS = st.lists(st.tuples(MARKS, TEXT, MARKS, TEXT), min_size=1, max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, form=st.sampled_from(["csv", "xlsx"]))
def test_whatever_was_imported_once_survives_a_round_trip(
    rows: list[tuple[str, str, str, str]], form: str, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    from databases import sqlite_database

    folder = tmp_path_factory.mktemp("round")
    heads = ["name", "url", "organizer", "备注", "区域名", "豁免"]
    table = [heads]
    for number, (mark, text, end, other) in enumerate(rows):
        reason = f"{mark}{text}{end}".replace("\\", "\\\\").replace("|", "\\|").replace("｜", "\\｜").replace("\n", " ")
        exemption = f"文件={reason}x|自=2026-01-01|批准=某办|事由={reason}"
        cells = [f"{mark}{text}{number}", f"s{number}.example", other, f"{mark}{end}{text}", text + end, exemption]
        cells = [cell.replace("\0", "") for cell in cells]  # a file with such a character is no text
        table.append(cells)
    path = folder / "in.csv"
    path.write_bytes(as_csv(table))
    with sqlite_database(folder, sqlite_template) as url, opened(url) as database:
        take_over(database, path)
        again = plan_of(database, exported(database, folder, form))
        assert [p.status for p in again.rows] == [RowStatus.UNCHANGED] * len(rows), [p.changes for p in again.rows]


def test_many_rows_ask_the_database_no_more_than_few(database: Database, tmp_path: Path) -> None:
    rows = [["name", "url", "unit", "site_id_code"]]
    rows += [[f"单位{n}", f"http://s{n}.example/", f"市政府/局{n % 5}", f"53{n:08d}"] for n in range(600)]
    statements: list[str] = []
    listen(database.engine, "before_cursor_execute", lambda *words: statements.append(words[2]))
    take_over(database, xlsx_file(tmp_path, rows))
    assert sum(statement.startswith("SELECT") for statement in statements) < 40
    with database.reading() as session:
        assert len(find_portals(session, group="市政府")) == 600
        assert get_portal(session, 1).name == "单位0"
