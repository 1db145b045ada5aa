"""The registry at the desk: an import is looked at first, then taken over whole by whoever looked, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from databases import opened
from desk_client import NOW, Clock, DeskClient, client_as
from desk_pages import whole
from registry_files import FINANCE, HEADS, QINGHE

from gkmonitor.accounts.records import Role
from gkmonitor.registry.records import Channel, PortalState
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.contacts import add_contact
from gkmonitor.storage.models import UnitRow
from gkmonitor.storage.portals import find_portals, rename_portal, set_state
from gkmonitor.storage.registry_changes import By

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


def preview(client: DeskClient, *lines: str, name: str = "网站.csv") -> tuple[str, str]:
    """The page of a preview and the token of its file."""
    body = "\r\n".join(lines).encode()
    page = whole(client.post("/registry/import", files={"file": (name, body, "text/csv")}))
    token = TOKEN.search(page)
    return page, token[1] if token else ""


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.name for one in find_portals(session, states=list(PortalState))]


def filled(client: DeskClient, *lines: str) -> None:
    _, token = preview(client, HEADS, *(lines or (QINGHE, FINANCE)))
    assert "已导入" in client.shown(client.post("/registry/import/confirm", {"token": token}))


def test_a_preview_writes_nothing_and_a_confirmation_writes_all(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        page, token = preview(client, HEADS, QINGHE, FINANCE)
        assert "青禾县人民政府" in page
        assert page.count('<span class="chip good">新增</span>') == 2
        assert names(database) == []
        answer = client.post("/registry/import/confirm", {"token": token, "reason": "年度核对"})
        assert "已导入 网站.csv：新增 2 个网站，修改 0 个" in client.shown(answer)
        assert names(database) == ["青禾县人民政府", "云岭市财政局"]
        assert "预览已过期" in client.shown(client.post("/registry/import/confirm", {"token": token}))
    with database.reading() as session:
        (entry,) = audit.list_audit(session, AuditFilter(action="registry-imported"))
        assert (entry.target, entry.details["new"]) == ("网站.csv", 2)


def test_one_wrong_row_keeps_all_out_and_is_named_by_line(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        page, token = preview(client, HEADS, QINGHE, ",没有网址,,,,,,", ",又一站,http://www.qinghe.example/,,,,,")
        assert "第 3 行" in page
        assert "网址冲突" in page
        assert token == ""
        assert names(database) == []


def test_changed_rows_are_shown_and_taken_over_only_when_the_person_says_so(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        filled(client)
        page, token = preview(client, "name,url", "青禾县政府,http://www.qinghe.example/")
        assert "青禾县人民政府 → 青禾县政府" in page
        refused = client.post("/registry/import/confirm", {"token": token})
        assert refused.status_code == 422
        assert "还没有导入" in refused.text
        assert "青禾县人民政府" in names(database)
        assert "修改 1 个" in client.shown(client.post("/registry/import/confirm", {"token": token, "update": "yes"}))
        assert "青禾县政府" in names(database)


def test_a_registry_that_changed_after_the_preview_is_previewed_again(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        filled(client)
        _, token = preview(client, "name,url", "青禾县政府,http://www.qinghe.example/")
        with database.writing() as session:
            (portal,) = find_portals(session, sites=["青禾县人民政府"])
            rename_portal(session, portal.id, "青禾县人民政府门户", By("李", NOW))
        answer = client.post("/registry/import/confirm", {"token": token, "update": "yes"})
        assert answer.status_code == 409
        assert "青禾县人民政府门户 → 青禾县政府" in answer.text
        assert "青禾县人民政府门户" in names(database)
        assert "修改 1 个" in client.shown(client.post("/registry/import/confirm", {"token": token, "update": "yes"}))


def test_a_preview_belongs_to_whoever_made_it_and_ends(database: Database) -> None:
    clock = Clock()
    with client_as(database, Role.INSPECTOR, clock=clock) as client:
        _, token = preview(client, HEADS, QINGHE)
        assert "已放弃" in client.shown(client.post("/registry/import/cancel", {"token": token}))
        assert "预览已过期" in client.shown(client.post("/registry/import/confirm", {"token": token}))
        _, token = preview(client, HEADS, QINGHE)
        clock.pass_by(minutes=31)
        assert "预览已过期" in client.shown(client.post("/registry/import/confirm", {"token": token}))
    assert names(database) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "空文件"),
        (b"\0\0\0", "空文件"),
        (b"a,b\r\n1,2", "不是表头"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0 old", ".xls"),
        (b"x" * 70_000, "超过"),
    ],
)
def test_a_file_that_is_none_is_told_on_the_form(database: Database, body: bytes, told: str) -> None:
    with client_as(database, Role.INSPECTOR, web_max_body_bytes=65_536) as client:
        answer = client.post("/registry/import", files={"file": ("../../网站.csv", body, "text/csv")})
        assert answer.status_code in (400, 413)
        assert told in answer.text or answer.status_code == 413
    assert names(database) == []


def test_no_file_chosen_is_told(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        answer = client.post("/registry/import")
        assert (answer.status_code, "请选择 CSV 或 XLSX 文件" in answer.text) == (400, True)


def test_what_a_file_says_is_shown_as_text(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        page, _ = preview(client, "name,url", "<script>alert(1)</script>,http://x.example/", name="<b>.csv")
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_the_list_is_searched_and_leads_to_the_portals_page(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        filled(client)
        page = whole(client.get("/registry"))
        assert 'href="/portals/1"' in page
        assert "云岭市财政局" not in whole(client.get("/registry?q=青禾县人民政府"))
        assert "没有符合条件的网站" in whole(client.get("/registry?q=%25&state=nothing"))
        with database.writing() as session:
            set_state(session, 2, PortalState.PAUSED, By("李", NOW, "改造"))
        assert "青禾县人民政府</a>" not in whole(client.get("/registry?state=paused"))


def test_contacts_leave_only_when_asked_for_by_whoever_keeps_the_registry(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        filled(client)
        with database.writing() as session:
            add_contact(
                session, name="赵某", channel=Channel.PHONE, address="0990-6660123", by=By("李", NOW), portal_id=1
            )
        assert b"6660123" not in client.get("/registry/export?format=csv").content
        assert b"6660123" in client.get("/registry/export?format=csv&contacts=1").content
    with database.reading() as session:
        assert len(audit.list_audit(session, AuditFilter(action="contacts-exported"))) == 1
    with client_as(database, Role.VIEWER) as client:
        assert client.get("/registry/export?format=csv").status_code == 200
        assert client.get("/registry/export?format=csv&contacts=1").status_code == 403


def test_an_exported_registry_is_read_back_without_a_change_and_holds_no_formula(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        filled(client, QINGHE, ',"=cmd|x",http://f.example/,,,,,')
        body = client.get("/registry/export?format=csv&words=1").content
        assert b"'=cmd|x" in body
        page = whole(client.post("/registry/import", files={"file": ("回.csv", body, "text/csv")}))
        assert page.count('<span class="chip mute">无变化</span>') == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.UNIT])
def test_who_does_not_keep_the_registry_cannot_import(database: Database, role: Role) -> None:
    with database.writing() as session:
        session.add(UnitRow(id=7, name="县政府办"))
    with client_as(database, role, 7 if role is Role.UNIT else None) as client:
        file = {"file": ("网站.csv", f"{HEADS}\r\n{QINGHE}".encode(), "text/csv")}
        assert client.post("/registry/import", files=file).status_code == 403
        assert client.post("/registry/import/confirm", {"token": "x"}).status_code == 403
        assert client.get("/registry").status_code == (200 if role is Role.VIEWER else 403)


def test_an_import_of_another_account_cannot_be_confirmed(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        _, token = preview(client, HEADS, QINGHE)
        holding = client.app.state.holding
    with client_as(database, Role.ADMINISTRATOR) as other:
        other.app.state.holding = holding
        assert "预览已过期" in other.shown(other.post("/registry/import/confirm", {"token": token}))
    assert names(database) == []
