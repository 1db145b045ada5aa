"""A pack on trial over a month: every portal once, whatever is cut off; and nothing else but the trial is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from facts_builder import ago, column, item, portal
from sqlalchemy import update
from test_desk_rules import MONTH, PACK, store

from gkmonitor import trials
from gkmonitor.errors import PackError
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.models import FactsRow, InspectionRow
from gkmonitor.trials import KEPT, Trial, list_trials, new_trial, read_changes, read_trial, sweep_trials, work_on
from gkmonitor.whatif import ChangeKind, read_pack_files

FILES = [("要求.yaml", PACK.encode())]
NOW = portal(column("要闻", "news", [item(ago(8))])).observed_at


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(trials, "AT_A_TIME", 3)
    return load_settings(evidence_dir=str(tmp_path / "evidence"))


def begin(database: Database, settings: Settings) -> Trial:
    changed = read_pack_files(FILES)
    return new_trial(database, settings, changed, MONTH, files=FILES, is_in_force=True, asked_by="张三", now=NOW)


def names(settings: Settings, trial: Trial) -> list[str]:
    return [one["name"] for one in read_changes(settings, trial, trial.chosen())]


def after(database: Database, settings: Settings, key: str, **words: float) -> Trial:
    found = work_on(database, settings, key, **words)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_portal_of_the_month_is_tried_once_slice_by_slice(database: Database, settings: Settings) -> None:
    store(database, 7)
    trial = begin(database, settings)
    assert (trial.state, trial.total, trial.lost) == ("waiting", 7, 0)
    told = [(one.state, one.done) for _ in range(4) for one in [after(database, settings, trial.key, seconds=0)]]
    assert told == [("running", 3), ("running", 6), ("done", 7), ("done", 7)]
    over = read_trial(settings, trial.key)
    assert over is not None
    assert sorted(names(settings, over)) == [f"青禾县第{number}站" for number in range(7)]
    assert (over.counts()[ChangeKind.ACCUSED], over.portals) == (7, {"office-news/news": 7})


def test_a_slice_that_was_cut_off_tells_nothing_twice(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database, 7)
    key = begin(database, settings).key
    after(database, settings, key, seconds=0)
    write = trials._write

    def cut_off(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trials, "_write", cut_off)  # the lists are longer, what is counted is not
    with pytest.raises(KeyboardInterrupt):
        work_on(database, settings, key)
    monkeypatch.setattr(trials, "_write", write)
    broken = read_trial(settings, key)
    assert broken is not None
    assert len(names(settings, broken)) == 3
    over = after(database, settings, key)
    assert sorted(names(settings, over)) == [f"青禾县第{number}站" for number in range(7)]


def test_changes_are_read_from_any_number_on(database: Database, settings: Settings) -> None:
    store(database, 7)
    over = after(database, settings, begin(database, settings).key)
    every = names(settings, over)
    for start in range(9):
        found = [one["name"] for one in read_changes(settings, over, over.chosen(), start)]
        assert found == every[start:]


def test_what_cannot_be_tried_is_counted_and_not_taken_as_unchanged(database: Database, settings: Settings) -> None:
    store(database, 3)
    with database.writing() as session:
        session.execute(update(InspectionRow).where(InspectionRow.portal_id == 1).values(facts_id=None))
        second = session.query(InspectionRow).filter_by(portal_id=2).one()
        session.execute(update(FactsRow).where(FactsRow.id == second.facts_id).values(body=b"damaged"))
    over = after(database, settings, begin(database, settings).key)
    assert (over.total, over.lost, over.done, over.untried) == (2, 1, 2, 1)
    assert names(settings, over) == ["青禾县第2站"]


def test_a_pack_that_is_no_longer_there_ends_the_trial_with_its_reason(database: Database, settings: Settings) -> None:
    store(database, 1)
    key = begin(database, settings).key
    (settings.evidence_folder / "trials" / key / "pack.json").unlink()
    failed = after(database, settings, key)
    assert failed.state == "failed"
    assert "证据文件夹" in failed.detail
    assert after(database, settings, key) == failed
    with pytest.raises(PackError):
        read_pack_files([])


def test_trials_are_swept_after_a_week_and_strange_keys_lead_nowhere(database: Database, settings: Settings) -> None:
    store(database, 1)
    key = begin(database, settings).key
    (settings.evidence_folder / "trials" / "stray").mkdir()
    assert [one.key for one in list_trials(settings)] == [key]
    assert sweep_trials(settings, NOW + KEPT - timedelta(seconds=1)) == 0
    assert sweep_trials(settings, NOW + KEPT) == 1
    assert list_trials(settings) == []
    for strange in ("", "..", "../" * 11, "x" * 32, "stray"):
        assert read_trial(settings, strange) is None
        assert work_on(database, settings, strange) is None
