"""Whether a portal looks rebuilt: when most of its known columns fail at once, a person looks before anybody is
accused. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gkmonitor.records import ColumnFacts, KnownColumn, Reason

REVAMP_SHARE: Final = 0.8  # more than this share of the known columns
# A column that was left unread for one of these reasons has not failed.
_OUR_SIDE: Final = frozenset(
    (
        *(Reason.BUDGET_SPENT, Reason.ROBOTS, Reason.NOT_OBSERVED, Reason.CRASHED),
        *(Reason.SCRIPT_RENDERED, Reason.BLOCKED, Reason.LOGIN_REQUIRED),
    )
)
LEAST_KNOWN: Final = 5  # of fewer columns a share says nothing


@dataclass(frozen=True, slots=True)
class Revamp:
    """Most known columns failed at once."""

    known: int
    failed: int
    examples: tuple[str, ...]

    @property
    def words(self) -> str:
        shown = "、".join(self.examples)
        how = f"有 {self.failed} 个同时找不到、打不开或变为空白（例如{shown}）"
        return f"已知的 {self.known} 个栏目中{how}，网站可能已改版"


def find_revamp(known: Mapping[str, KnownColumn], now: Mapping[str, Sequence[ColumnFacts]]) -> Revamp | None:
    """Compare what earlier inspections read with what this one saw, both by column key.

    Only columns that held items when they were last read can fail: those that were blank before say nothing new.
    """
    kept = {key: column for key, column in known.items() if column.last_items}
    failed = [column for key, column in kept.items() if not any(map(_is_sound, now.get(key, ())))]
    if len(kept) < LEAST_KNOWN or len(failed) <= REVAMP_SHARE * len(kept):
        return None
    return Revamp(len(kept), len(failed), tuple(column.path[-1] for column in failed[:3]))


def _is_sound(column: ColumnFacts) -> bool:
    """The column is there and shows something, or was left unread for our own reasons."""
    if column.is_delegated or column.is_parent or column.article is not None:
        return True
    if column.state is None:
        return bool(column.items)
    return column.state in _OUR_SIDE
