"""What an office decides for itself: its cadence, its points, its list of units, its calendar of working days.

From the command line, else from the settings; every word is checked before anything is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from gkmonitor.cadences import available_cadences, load_cadence, with_cadence
from gkmonitor.errors import SettingError, UsageError
from gkmonitor.pointstable import load_points, with_points
from gkmonitor.records import Profile, Site, Verdict
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs, load_pack, select_packs
from gkmonitor.scoring import PointsTable, Score, score
from gkmonitor.settings import Settings
from gkmonitor.unitlists import load_units
from gkmonitor.workdays import load_calendar, use_calendar

ChosenT = TypeVar("ChosenT")


@dataclass(frozen=True, slots=True)
class OfficeChoices:
    """What an office chose; nothing is chosen where a field is empty."""

    cadence: RulePack | None = None
    points: PointsTable | None = None
    units: tuple[str, ...] = ()  # names of the bodies whose yearly papers are looked for

    def select_packs(self, pack_ids: Sequence[str] | None, site: Site, as_of: date) -> list[RulePack]:
        """The packs to judge by, see ``rules.select_packs``, under the cadence and with the points chosen."""
        return self.apply(select_packs(pack_ids, site, as_of))

    def apply(self, packs: Iterable[RulePack]) -> list[RulePack]:
        """These packs under the cadence and with the points chosen."""
        return with_points(with_cadence(packs, self.cadence), self.points)

    def score(self, verdicts: Sequence[Verdict], profile: Profile | None) -> Score | None:
        """The portal's points; None where the office has no table."""
        return score(verdicts, self.points, profile) if self.points is not None else None


def load_choices(
    settings: Settings,
    *,
    cadence: str | None = None,
    points: str | None = None,
    units: str | None = None,
    packs: Iterable[str] = (),
) -> OfficeChoices:
    """The choices given here, else those of the settings; ``packs``: further packs whose rules the points may name.

    Also lets working days be counted by the office's own calendar. Raises UsageError: what is wrong and what to write.
    """
    chosen = _chosen("--cadence", cadence, "cadence", settings.cadence, load_cadence)

    def read_points(name: str) -> PointsTable:
        every = [*available_packs().values(), *available_cadences().values(), *map(load_pack, packs)]
        every += [chosen] if chosen is not None else []
        return load_points(Path(name), {rule.id: rule for pack in every for rule in pack.rules})

    table = _chosen("--points", points, "points_table", settings.points_table, read_points)
    names = _chosen("--units", units, "units_list", settings.units_list, lambda name: load_units(Path(name)))
    if settings.workday_table:
        use_calendar(load_calendar(Path(settings.workday_table)))
    return OfficeChoices(chosen, table, names or ())


def _chosen(option: str, given: str | None, setting: str, value: str, load: Callable[[str], ChosenT]) -> ChosenT | None:
    """What the option names, else what the setting names; None for neither."""
    if given is not None:
        if not given.strip():
            raise UsageError(f"{option} 后面要写{'名称' if option == '--cadence' else '文件名'}")
        return load(given.strip())
    if not value.strip():
        return None
    try:
        return load(value.strip())
    except UsageError as error:
        raise SettingError(f"GKMONITOR_{setting.upper()} 的值不对：{error}") from error
