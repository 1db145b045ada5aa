"""A rule pack on trial over a whole month: what every portal's last stored inspection would answer otherwise.

A trial is a folder below the evidence folder, ``trials/<key>``: ``state.json`` (how far it is, and the counts),
``pack.json`` (the files that were sent) and a list of changes for each rule and kind. It is worked on in slices: after
each handful of portals the lists are on the disk and ``state.json`` says how long they are, so that what is cut off is
taken up where the last handful ended, and nothing is told twice. Swept after a week. The ledger is not touched.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gkmonitor.errors import UsageError
from gkmonitor.evidence.places import evidence_error, inside, write_evidence
from gkmonitor.monthly.inputs import window_of
from gkmonitor.office import load_choices
from gkmonitor.records import Verdict
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs
from gkmonitor.storage import Database
from gkmonitor.storage.looks import count_inspected, count_looked_at, newest_looks
from gkmonitor.whatif import Change, ChangeKind, Replay, as_in_force, look_ahead, read_pack_files

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

TRIALS: Final = "trials"  # the folder below the evidence folder
KEPT: Final = timedelta(days=7)
AT_A_TIME: Final = 20  # portals: about two seconds of judging
SLICE_SECONDS: Final = 60.0  # then other jobs have their turn
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_ORDER: Final = tuple(ChangeKind)


@dataclass(frozen=True, slots=True)
class Section:
    """The list of one kind of change under one rule."""

    rule: str
    kind: ChangeKind
    number: int = 0  # of its file
    changes: int = 0
    size: int = 0  # bytes that count; what is longer was cut off


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: what is tried, and how far it is (waiting, running, stopped, done, failed)."""

    key: str
    month: str
    is_in_force: bool  # whatever its days, the pack is taken as in force
    pack: str  # id
    title: str
    version: str
    is_sent: bool  # by somebody, not built in
    asked_by: str
    asked_at: datetime
    total: int  # portals with a stored inspection in the month
    lost: int  # portals that were inspected in the month and whose facts are no longer kept
    state: str = "waiting"
    detail: str = ""  # why it failed
    done: int = 0  # portals
    after: int = 0  # id of the last one
    unbound: int = 0  # portals that the pack does not bind
    untried: int = 0  # portals whose facts could not be read
    same: int = 0  # answers that stay
    sections: tuple[Section, ...] = ()
    portals: dict[str, int] = field(default_factory=dict)  # with a change, by rule
    titles: dict[str, str] = field(default_factory=dict)  # of the pack's rules, by id

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")

    def counts(self) -> dict[ChangeKind, int]:
        """Changes by kind, the gravest first."""
        return {kind: sum(one.changes for one in self.sections if one.kind is kind) for kind in _ORDER}

    def chosen(self, rule: str = "", kind: str = "") -> list[Section]:
        """The lists of a rule and a kind ("": of every one), by rule, the gravest first."""
        found = [one for one in self.sections if rule in ("", one.rule) and kind in ("", one.kind.value)]
        return sorted(found, key=lambda one: (one.rule, _ORDER.index(one.kind)))


# ---------------------------------------------------------------- asking


def new_trial(
    database: Database,
    settings: Settings,
    changed: RulePack,
    month: str,
    *,
    files: Sequence[tuple[str, bytes]] = (),
    is_in_force: bool,
    asked_by: str,
    now: datetime,
) -> Trial:
    """A trial that waits for its first slice. ``files``: of a pack that was sent; without: ``changed`` is built in."""
    window = window_of(month, settings.timezone)
    with database.reading() as session:
        total = count_looked_at(session, window.begin, window.end)
        lost = count_inspected(session, window.begin, window.end) - total
    made = Trial(
        *(secrets.token_urlsafe(24), month, is_in_force, changed.id, changed.title, changed.version, bool(files)),
        *(asked_by, now, total, max(0, lost)),
        titles={rule.id: rule.title for rule in changed.rules},
    )
    if files:
        sent = [[name, body.decode("utf-8-sig")] for name, body in files]
        _write_file(settings, made.key, "pack.json", json.dumps(sent, ensure_ascii=False).encode())
    _write(settings, made)
    return made


def read_trial(settings: Settings, key: str) -> Trial | None:
    """The trial of that key; None when there is none (any more)."""
    folder = _folder(settings, key)
    if folder is None:
        return None
    try:
        body = (folder / "state.json").read_bytes()
    except OSError:
        return None
    found = _from_object(json.loads(body))
    is_stopped = not found.is_over and (folder / "stop").exists()
    return replace(found, state="stopped") if is_stopped else found


def list_trials(settings: Settings) -> list[Trial]:
    """Every trial that is kept, the newest first."""
    with suppress(OSError):
        keys = [one.name for one in (settings.evidence_folder / TRIALS).iterdir()]
        found = [one for key in keys if (one := read_trial(settings, key)) is not None]
        return sorted(found, key=lambda one: one.asked_at, reverse=True)
    return []


def stop_trial(settings: Settings, key: str) -> None:
    """It ends with the portals that it is at, and can be gone on with."""
    if read_trial(settings, key) is not None:
        _write_file(settings, key, "stop", b"")


def go_on_with(settings: Settings, key: str) -> None:
    """A stopped trial may be worked on again."""
    if (folder := _folder(settings, key)) is not None:
        (folder / "stop").unlink(missing_ok=True)


def sweep_trials(settings: Settings, now: datetime) -> int:
    """Deletes trials older than a week; how many."""
    old = [one for one in list_trials(settings) if now - one.asked_at >= KEPT]
    for one in old:
        shutil.rmtree(inside(settings.evidence_folder, f"{TRIALS}/{one.key}"), ignore_errors=True)
    return len(old)


# ---------------------------------------------------------------- the job


def work_on(
    database: Database,
    settings: Settings,
    key: str,
    *,
    seconds: float | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Trial | None:
    """One slice: a handful of portals, and more until the month is through, it was stopped, or the time is up.

    ``seconds``: how long, without it ``SLICE_SECONDS``. Gives the trial as it stands then; what cannot be finished is
    told in it. None where there is no such trial.
    """
    until = time.monotonic() + (SLICE_SECONDS if seconds is None else seconds)
    trial = read_trial(settings, key)
    try:
        if trial is not None and not trial.is_over and trial.state != "stopped":
            changed = _pack(settings, trial)
            _cut_to_size(settings, trial)
            while trial.state in ("waiting", "running") and not should_stop():
                _next_portals(database, settings, trial, changed)
                trial = read_trial(settings, key)
                assert trial is not None
                if time.monotonic() >= until:
                    break
    except (UsageError, OSError) as error:
        assert trial is not None
        told = str(evidence_error(settings.evidence_folder, error)) if isinstance(error, OSError) else str(error)
        trial = replace(trial, state="failed", detail=told)
        _write(settings, trial)
    return trial


def _pack(settings: Settings, trial: Trial) -> RulePack:
    """Raises UsageError where it is gone or no longer right."""
    if trial.is_sent:
        sent = json.loads(inside(settings.evidence_folder, f"{TRIALS}/{trial.key}/pack.json").read_bytes())
        changed = read_pack_files([(name, text.encode()) for name, text in sent])
    else:
        found = available_packs().get(trial.pack)
        if found is None:
            raise UsageError(f"没有编号为 {trial.pack} 的规则包")
        changed = found
    return as_in_force(changed) if trial.is_in_force else changed


def _next_portals(database: Database, settings: Settings, trial: Trial, changed: RulePack) -> None:
    window = window_of(trial.month, settings.timezone)
    with database.reading() as session:
        looks = newest_looks(session, window.begin, window.end, after=trial.after, limit=AT_A_TIME)
        outlook = look_ahead(session, looks, changed, list(available_packs().values()), load_choices(settings))
    noted = _note(settings, trial, outlook.replays)
    is_last = len(looks) < AT_A_TIME
    after = looks[-1].portal_id if looks else trial.after
    _write(settings, replace(noted, after=after, state="done" if is_last else "running"))


def _note(settings: Settings, trial: Trial, replays: Iterable[Replay]) -> Trial:
    """The changes at the end of their lists, and the trial as it counts them."""
    folder = inside(settings.evidence_folder, f"{TRIALS}/{trial.key}")
    sections = {(one.rule, one.kind): one for one in trial.sections}
    portals = dict(trial.portals)
    lines: dict[tuple[str, ChangeKind], list[bytes]] = {}
    for one in replays:
        for change in one.changes:
            lines.setdefault((change.rule, change.kind), []).append(_line(one, change))
        for rule in {change.rule for change in one.changes}:
            portals[rule] = portals.get(rule, 0) + 1
        trial = replace(
            trial,
            done=trial.done + 1,
            same=trial.same + one.same,
            untried=trial.untried + (one.why_not is not None),
            unbound=trial.unbound + (one.why_not is None and not one.is_bound),
        )
    for (rule, kind), told in lines.items():
        known = sections.get((rule, kind)) or Section(rule, kind, number=len(sections))
        body = b"".join(told)
        with (folder / _name(known)).open("ab") as stream:
            stream.write(body)
        grown = replace(known, changes=known.changes + len(told), size=known.size + len(body))
        sections[(rule, kind)] = grown
    return replace(trial, sections=tuple(sections.values()), portals=portals)


def _cut_to_size(settings: Settings, trial: Trial) -> None:
    """Takes away what a slice that was cut off had written beyond what is counted."""
    folder = inside(settings.evidence_folder, f"{TRIALS}/{trial.key}")
    counted = {_name(one): one.size for one in trial.sections}
    for path in folder.glob("changes-*.jsonl"):
        if path.name not in counted:
            path.unlink()
        elif path.stat().st_size > counted[path.name]:
            with path.open("r+b") as stream:
                stream.truncate(counted[path.name])


# ---------------------------------------------------------------- reading the changes


def read_changes(
    settings: Settings, trial: Trial, sections: Sequence[Section], start: int = 0
) -> Iterator[dict[str, Any]]:
    """The changes of these lists one after the other, from the one of that number (0: the first)."""
    folder = inside(settings.evidence_folder, f"{TRIALS}/{trial.key}")
    for one in sections:
        if start >= one.changes:
            start -= one.changes
            continue
        with (folder / _name(one)).open("rb") as stream:
            for number in range(one.changes):
                line = stream.readline()
                if number >= start:
                    yield {**json.loads(line), "rule": one.rule, "kind": one.kind}
        start = 0


def _line(portal: Replay, change: Change) -> bytes:
    subject = change.shown.subject
    told = {
        "portal": portal.portal_id,
        "name": portal.name,
        "url": portal.url,
        "subject": " > ".join(subject.path) or subject.column or "全站",
        "before": _said(change.before),
        "after": _said(change.after),
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _said(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {"outcome": verdict.outcome.value, "severity": verdict.severity.value, "message": verdict.message[:500]}


# ---------------------------------------------------------------- files


def _name(section: Section) -> str:
    return f"changes-{section.number:04}.jsonl"


def _folder(settings: Settings, key: str) -> Path | None:
    return inside(settings.evidence_folder, f"{TRIALS}/{key}") if _KEY.fullmatch(key) else None


def _write(settings: Settings, trial: Trial) -> None:
    obj = {**asdict(trial), "asked_at": trial.asked_at.isoformat()}
    _write_file(settings, trial.key, "state.json", json.dumps(obj, ensure_ascii=False).encode("utf-8", "replace"))


def _write_file(settings: Settings, key: str, name: str, body: bytes) -> None:
    write_evidence(settings.evidence_folder, f"{TRIALS}/{key}/{name}", body)


def _from_object(obj: dict[str, Any]) -> Trial:
    sections = tuple(Section(**{**one, "kind": ChangeKind(one["kind"])}) for one in obj["sections"])
    return Trial(**{**obj, "asked_at": datetime.fromisoformat(obj["asked_at"]), "sections": sections})
