"""Evidence at the desk: stored pages behind a sandbox, files saved and never shown, nothing outside the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_cases import BLANK, DeskCases
from desk_client import DeskClient, client_as
from sqlalchemy import update

from gkmonitor.accounts.records import Role
from gkmonitor.evidence.records import Kind
from gkmonitor.ledger.records import EventKind
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.models import EvidenceRow


@pytest.fixture
def inspector(desk_cases: DeskCases) -> Iterator[DeskClient]:
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as client:
        yield client


def piece_ids(desk_cases: DeskCases, kind: Kind) -> list[int]:
    """Evidence of the blank column, the page of its list last."""
    with desk_cases.database.reading() as session:
        found = [one for one in pieces_of(session, desk_cases.of_rule(BLANK).id) if one.kind == kind]
    return [one.id for one in sorted(found, key=lambda one: "yjs" in (one.url or ""))]


def answered(desk_cases: DeskCases, client: DeskClient, name: str, body: bytes, kind: str = "text/html") -> int:
    """The id of a file that came with an answer to the blank column."""
    case = desk_cases.notify(desk_cases.of_rule(BLANK).id)
    fields = {"kind": "answered", "version": str(case.version), "note": "见附件"}
    client.post(f"/violations/{case.id}/decide", fields, files={"files": (name, body, kind)})
    (number,) = piece_ids(desk_cases, Kind.UPLOAD)
    return number


def test_a_stored_page_is_shown_in_a_sandbox_without_scripts_or_numbers(
    desk_cases: DeskCases, inspector: DeskClient
) -> None:
    answer = inspector.get(f"/evidence/pages/{piece_ids(desk_cases, Kind.PAGE)[-1]}")
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script-src" not in policy
    assert "allow-" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "联系电话" in answer.text
    assert "13812345678" not in answer.text


def test_an_uploaded_page_is_saved_and_never_shown(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = answered(desk_cases, inspector, "答复<b>.html", b"<script>alert(1)</script>")
    answer = inspector.get(f"/evidence/uploads/{number}")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "..\\..\\boot.txt", "/abs/name.txt", "a\r\nX-Evil: 1.txt"])
def test_a_name_with_folders_or_lines_stays_in_its_place(
    desk_cases: DeskCases, inspector: DeskClient, name: str
) -> None:
    number = answered(desk_cases, inspector, name, b"x", "text/plain")
    answer = inspector.get(f"/evidence/uploads/{number}")
    assert answer.content == b"x"
    assert "x-evil" not in answer.headers
    assert "/" not in answer.headers["content-disposition"].replace("UTF-8''", "")
    stored = list(desk_cases.office.files("uploads"))
    assert len(stored) == 1
    assert stored[0].startswith("uploads/2026/")


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "uploads/../../secret.txt"])
def test_a_path_that_leads_outside_is_refused_though_the_ledger_names_it(
    desk_cases: DeskCases, inspector: DeskClient, path: str
) -> None:
    number = answered(desk_cases, inspector, "a.txt", b"x", "text/plain")
    (desk_cases.office.folder.parent / "secret.txt").write_text("secret")
    with desk_cases.database.writing() as session:
        session.execute(update(EvidenceRow).where(EvidenceRow.id == number).values(path=path))
    answer = inspector.get(f"/evidence/uploads/{number}")
    assert answer.status_code == 503
    assert "secret" not in answer.text.replace("secret.txt", "")
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/evidence/pages/..%2f..%2fx", "/evidence/pages/1%00", "/evidence/uploads/x"])
def test_addresses_of_evidence_are_numbers_only(inspector: DeskClient, path: str) -> None:
    assert inspector.get(path).status_code == 404


def test_a_file_that_was_changed_is_not_handed_out(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = answered(desk_cases, inspector, "a.txt", b"x", "text/plain")
    (path,) = desk_cases.office.files("uploads")
    (desk_cases.office.folder / path).write_bytes(b"y")
    answer = inspector.get(f"/evidence/uploads/{number}")
    assert answer.status_code == 503
    assert "摘要不符" in answer.text


def test_one_kind_is_not_handed_out_as_another(desk_cases: DeskCases, inspector: DeskClient) -> None:
    page = piece_ids(desk_cases, Kind.PAGE)[0]
    items = piece_ids(desk_cases, Kind.ITEMS)[0]
    for path in (f"/evidence/uploads/{page}", f"/evidence/screenshots/{page}", f"/evidence/pages/{items}"):
        assert inspector.get(path).status_code == 404


def test_nobody_sees_evidence_without_a_login(desk_cases: DeskCases, inspector: DeskClient) -> None:
    inspector.cookies.clear()
    answer = inspector.get(f"/evidence/pages/{piece_ids(desk_cases, Kind.PAGE)[0]}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_a_unit_sees_evidence_of_its_own_confirmed_violations_only(desk_cases: DeskCases) -> None:
    page = piece_ids(desk_cases, Kind.PAGE)[0]
    with client_as(desk_cases.database, Role.UNIT, desk_cases.unit, **desk_cases.words) as unit:
        assert unit.get(f"/evidence/pages/{page}").status_code == 404
        desk_cases.decide(desk_cases.of_rule(BLANK).id, EventKind.CONFIRMED)
        assert unit.get(f"/evidence/pages/{page}").status_code == 200
    with client_as(desk_cases.database, Role.UNIT, desk_cases.other_unit, login="other", **desk_cases.words) as other:
        assert other.get(f"/evidence/pages/{page}").status_code == 404
