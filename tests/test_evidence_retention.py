"""How long evidence stays, what is swept, and what is never deleted."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from evidence_cases import Office, budget, item, kept, night

from gkmonitor.evidence.day_roots import close_day, prove
from gkmonitor.evidence.records import Piece
from gkmonitor.evidence.retention import Swept, keep_in_bounds, sweep_orphans
from gkmonitor.evidence.scratch import scratch_folder, sweep_scratch
from gkmonitor.ledger.records import Decision, EventKind
from gkmonitor.records import Severity
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import NewFinding, add_finding, decide, list_cases
from gkmonitor.storage.day_roots import get_root
from gkmonitor.storage.evidence import pieces_of

YEARS = timedelta(days=731)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """Every case of the portal is open, by two looks."""
    told = Office(database, tmp_path)
    told.find_blank(0)
    told.find_blank(1)
    return told


def case_ids(office: Office) -> list[int]:
    with office.database.reading() as session:
        return sorted(case.id for case in list_cases(session))


def pieces(office: Office) -> list[Piece]:
    with office.database.reading() as session:
        return [one for case_id in case_ids(office) for one in pieces_of(session, case_id)]


def do(office: Office, kind: EventKind, *case_ids: int, reason: str | None = None, note: str | None = None) -> None:
    with office.database.writing() as session:
        for case_id in case_ids:
            decision = Decision(kind, night(2).date(), reason=reason, note=note)
            decide(session, case_id, decision, actor="张三", now=night(2))


def dismiss(office: Office, *case_ids: int) -> None:
    do(office, EventKind.DISMISSED, *case_ids, reason="misread_page")


def retire(office: Office, now: datetime) -> Swept:
    return keep_in_bounds(office.database, office.settings, now)


# ---------------------------------------------------------------- retention


def test_evidence_of_ended_cases_goes_when_its_time_is_over_with_its_files(office: Office) -> None:
    dismiss(office, *case_ids(office))
    count = len(pieces(office))
    assert retire(office, night(2) + YEARS - timedelta(days=2)).rows == 0
    swept = retire(office, night(2) + YEARS)
    assert (swept.rows, swept.files) == (count, 2)
    assert (pieces(office), office.files()) == ([], [])


def test_evidence_of_a_living_case_stays_however_old_it_is(office: Office) -> None:
    before = pieces(office)
    assert retire(office, night(1) + 5 * YEARS) == Swept()
    assert pieces(office) == before


def test_evidence_of_a_case_under_appeal_stays(office: Office) -> None:
    first, *others = case_ids(office)
    dismiss(office, *others)
    do(office, EventKind.CONFIRMED, first)
    do(office, EventKind.APPEALED, first, note="不属实")
    retire(office, night(2) + 5 * YEARS)
    assert {one.case_id for one in pieces(office)} == {first}


def test_a_file_stays_as_long_as_one_living_case_needs_it(office: Office) -> None:
    first, *others = case_ids(office)
    dismiss(office, *others)
    files = office.files()
    swept = retire(office, night(2) + YEARS)
    assert swept.rows > 0
    assert swept.files == 0
    assert office.files() == files
    assert {one.case_id for one in pieces(office)} == {first}


def test_old_evidence_of_a_case_that_ended_of_late_stays(office: Office) -> None:
    with office.database.writing() as session:
        for case_id in case_ids(office):
            decision = Decision(EventKind.DISMISSED, night(700).date(), reason="misread_page")
            decide(session, case_id, decision, actor="张三", now=night(700))
    assert retire(office, night(2) + YEARS) == Swept()


def test_day_roots_stay_and_prove_what_is_left(office: Office) -> None:
    first, *others = case_ids(office)
    close_day(office.database, office.settings, None, night(3))
    dismiss(office, *others)
    retire(office, night(2) + YEARS)
    left = pieces(office)
    assert left
    with office.database.reading() as session:
        for one in left:
            root = get_root(session, one.day)
            assert root is not None
            assert prove(root, one) is not None
    assert {one.case_id for one in left} == {first}


def test_nothing_is_deleted_where_the_setting_says_so(office: Office) -> None:
    dismiss(office, *case_ids(office))
    settings = load_settings(evidence_dir=str(office.folder), evidence_days=0)
    assert keep_in_bounds(office.database, settings, night(2) + 9 * YEARS) == Swept()


# ---------------------------------------------------------------- sweeping


def orphan(office: Office, name: str, at: datetime) -> str:
    path = f"warc/2026/11/18/{name}"
    file = office.folder / path
    file.write_bytes(b"left behind")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return path


def test_files_without_rows_are_swept_once_they_are_a_day_old(office: Office) -> None:
    used = {one.path for one in pieces(office)}
    for path in used:
        os.utime(office.folder / path, (0, 0))
    old, part = orphan(office, "old.warc.gz", night(0)), orphan(office, ".x.warc.gz.part", night(0))
    young = orphan(office, "young.warc.gz", night(2))
    assert sweep_orphans(office.database, office.folder, night(2)) == 2
    assert set(office.files()) == used | {young}
    assert {old, part}.isdisjoint(office.files())


def test_files_that_people_attached_are_not_swept(office: Office, tmp_path: Path) -> None:
    from gkmonitor.attachments import keep_files
    from gkmonitor.storage.case_details import add_uploads

    (tmp_path / "截图.png").write_bytes(b"picture")
    kept_files = keep_files(office.folder, [tmp_path / "截图.png"], night(0).date())
    with office.database.writing() as session:
        ids = add_uploads(session, office.portal_id, kept_files, day=night(0).date(), now=night(0))
        finding = NewFinding(office.portal_id, "人工", "person", Severity.DEDUCTION, "页面错字", evidence=ids)
        add_finding(session, finding, actor="张三", now=night(0))
    os.utime(office.folder / kept_files[0].path, (0, 0))
    sweep_orphans(office.database, office.folder, night(9))
    assert kept_files[0].path in office.files()


def test_sweeping_an_evidence_folder_that_is_not_there_yet_is_nothing(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    office.inspect(0, budget(item(night(0).date())), pages=kept())
    settings = load_settings(evidence_dir=str(tmp_path / "none"))
    assert keep_in_bounds(database, settings, night(1)) == Swept()


# ---------------------------------------------------------------- scratch


def test_a_scratch_folder_ends_with_its_crawl(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, "cycle-1") as folder:
        assert folder is not None
        (folder / "x.pages").write_bytes(b"x")
        assert sweep_scratch(tmp_path) == 0
        assert folder.is_dir()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_scratch_of_a_dead_process_is_swept_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from gkmonitor.evidence.scratch import scratch_folder\n"
        "with scratch_folder(pathlib.Path(sys.argv[1]), 'cycle-2') as folder:\n"
        "    (folder / 'x.pages').write_bytes(b'x')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    with scratch_folder(tmp_path, "cycle-1") as living:
        assert living is not None
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=60, check=False)
        assert len(list((tmp_path / "scratch").glob("cycle-2-*/x.pages"))) == 1
        assert sweep_scratch(tmp_path) == 1
        assert sorted((tmp_path / "scratch").iterdir()) == sorted([living, living.with_name(f"{living.name}.lock")])


def test_an_evidence_folder_that_cannot_be_made_stops_no_inspection(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file stands in the way")
    with scratch_folder(tmp_path / "evidence", "cycle-1") as folder:
        assert folder is None
