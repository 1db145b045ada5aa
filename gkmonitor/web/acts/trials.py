"""Trials of a changed pack: asked for, stopped, gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException

from gkmonitor.cadences import available_cadences
from gkmonitor.errors import PackError, UsageError
from gkmonitor.jobs import queue_trial
from gkmonitor.office import OfficeChoices
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs
from gkmonitor.storage import audit
from gkmonitor.storage.month_data import require_month
from gkmonitor.trials import Trial, go_on_with, list_trials, new_trial, read_trial, stop_trial, work_on
from gkmonitor.web.desk import Desk
from gkmonitor.web.month_words import rule_titles
from gkmonitor.web.visiting import Visitor
from gkmonitor.whatif import read_pack_files

MAX_PACK_BYTES: Final = 2 * 1024 * 1024  # of one file
MAX_FILES: Final = 30
AT_ONCE: Final = 20  # portals that are judged while one waits, about two seconds; more of them by a job
MOST_AT_ONCE: Final = 3  # trials that wait or run


def find_pack(name: str, choices: OfficeChoices | None = None) -> RulePack:
    """A built-in pack or cadence by its id. Raises UsageError."""
    known = available_packs() | {pack.id: pack for pack in available_cadences().values()}
    if name not in known:
        raise UsageError(f"没有规则包“{name[:60]}”")
    return choices.apply([known[name]])[0] if choices is not None else known[name]


def refuse_too_many(here: Desk, files: int) -> None:
    """Before anything is read. Raises UsageError for too many files, and for too many trials under way."""
    if files > MAX_FILES:
        raise PackError(f"一次最多选 {MAX_FILES} 个文件")
    if sum(one.state in ("waiting", "running") for one in list_trials(here.settings)) >= MOST_AT_ONCE:
        raise UsageError(f"已有 {MOST_AT_ONCE} 个试算在进行，请等它们完成，或先停止一个")


def ask(
    here: Desk, who: Visitor, files: Sequence[tuple[str, bytes]], pack: str, month: str, *, is_in_force: bool
) -> Trial:
    """A trial over every portal of the month, of the pack in ``files`` or of a built-in one; a small one is done at
    once. ``is_in_force``: whatever its days. Raises UsageError.
    """
    chosen = require_month(month, here.now, here.settings.timezone)
    refuse_too_many(here, len(files))
    if not files and not pack:
        raise PackError("请选择规则包文件，或选一个内置的规则包")
    changed = read_pack_files(list(files)) if files else find_pack(pack)
    trial = new_trial(
        here.database,
        here.settings,
        changed,
        chosen,
        files=files,
        is_in_force=is_in_force,
        asked_by=who.actor,
        now=here.now,
    )
    with here.database.writing() as session:
        audit.note(session, who, "pack-replayed", trial.pack, {"version": trial.version, "month": trial.month})
    if trial.total <= AT_ONCE:
        work_on(here.database, here.settings, trial.key)
    else:
        queue_trial(here.queue, trial.key, 0, here.now)
    return trial


def trial_of(here: Desk, key: str) -> Trial:
    """Raises HTTPException 404."""
    found = read_trial(here.settings, key)
    if found is None:
        raise HTTPException(404)
    return found


def is_worked_on(here: Desk, key: str) -> bool:
    """Whether a job has it."""
    return any(one.get("key") == key for one in here.queue.live_arguments("trial"))


def stop(here: Desk, key: str) -> None:
    """It ends with the portals that it is at; what was counted stays."""
    if not trial_of(here, key).is_over:
        stop_trial(here.settings, key)


def go_on(here: Desk, key: str) -> None:
    """A stopped one is worked on again. Raises UsageError."""
    trial = trial_of(here, key)
    if trial.is_over:
        raise UsageError("试算已经结束")
    go_on_with(here.settings, key)
    queue_trial(here.queue, key, trial.done, here.now)


def rules_of(trial: Trial) -> list[dict[str, Any]]:
    """Each rule with a change: its title, portals, and changes by kind."""
    titles = {**rule_titles(), **trial.titles}
    found: dict[str, dict[str, Any]] = {}
    for one in trial.chosen():
        row = found.setdefault(one.rule, {"rule": one.rule, "title": titles.get(one.rule, ""), "by": {}})
        row["by"][one.kind.value] = one.changes
        row["portals"] = trial.portals.get(one.rule, 0)
    return list(found.values())
