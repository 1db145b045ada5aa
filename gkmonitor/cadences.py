"""Update cadences that an office can choose: how often columns of a kind must have something new.

A cadence is a small rule pack (``checks/packs/cadences/<name>.yaml``, or a file of the office's own) whose rules all
ask ``column-stale``, or ``home-not-updated`` for the home page. The choice adds them to the packs and takes out the
hints that national packs only give for want of a verified period; what a law or a national table fixes stays.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from gkmonitor.errors import PackError
from gkmonitor.packfields import suggest
from gkmonitor.rulebook import Rule, RulePack
from gkmonitor.rules import load_pack, parse_pack

FOLDER = ("checks", "packs", "cadences")  # package and folders
PREFIX = "cadence-"  # of the packs' ids
CHECK = "column-stale"
CHECKS = (CHECK, "home-not-updated")


@lru_cache(maxsize=1)
def available_cadences() -> dict[str, RulePack]:
    """The built-in cadences by name: ``national-2019`` is the pack ``cadence-national-2019``."""
    package, *folders = FOLDER
    files = sorted(importlib.resources.files(package).joinpath(*folders).iterdir(), key=lambda file: file.name)
    packs = (parse_pack(f.read_text(encoding="utf-8"), f"cadences/{f.name}") for f in files if f.name.endswith(".yaml"))
    return {pack.id.removeprefix(PREFIX): pack for pack in packs}


def load_cadence(name: str) -> RulePack:
    """A built-in cadence by its name, or the office's own file. Raises PackError, with the names that there are."""
    wanted, known = name.strip(), available_cadences()
    if wanted.removeprefix(PREFIX) in known:
        return known[wanted.removeprefix(PREFIX)]
    if wanted.lower().endswith((".yaml", ".yml")) or "/" in wanted:
        return _only_cadence(load_pack(Path(wanted)), wanted)
    listed = "、".join(f"{one}（{pack.title}）" for one, pack in known.items())
    near = suggest(wanted, known) or "；"
    raise PackError(f"没有更新周期“{wanted}”{near}可用的有：{listed}；也可写自己的 YAML 文件")


def _only_cadence(pack: RulePack, source: str) -> RulePack:
    """Raises PackError for a rule that asks for more than how new a column is."""
    for rule in pack.rules:
        if rule.check not in CHECKS:
            raise PackError(
                f"{source}:{rule.line}: 更新周期文件里的规则只能用检查 {'、'.join(CHECKS)}，现在是 {rule.check}；"
                "其他规则请写成规则包，用 --pack 指定"
            )
    return pack


def with_cadence(packs: Iterable[RulePack], cadence: RulePack | None) -> list[RulePack]:
    """The packs judged under a cadence: its rules at the end, the hints that it stands for left out."""
    if cadence is None:
        return list(packs)
    kept = [replace(pack, rules=tuple(rule for rule in pack.rules if not _gives_way(rule, pack))) for pack in packs]
    return [*kept, cadence]


def _gives_way(rule: Rule, pack: RulePack) -> bool:
    """A period that no source confirms, of columns by their kind; a local document's own rules stay."""
    return pack.region is None and rule.check == CHECK and not rule.verified and "names" not in rule.params
