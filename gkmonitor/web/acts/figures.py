"""Signing the figures of a month that the ledger cannot give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from gkmonitor.errors import UsageError
from gkmonitor.monthly.typed import checked_value
from gkmonitor.monthly.words import month_words
from gkmonitor.storage import audit
from gkmonitor.storage.month_data import require_month
from gkmonitor.storage.typed_figures import FigureChange, sign_figures
from gkmonitor.web.desk import Desk
from gkmonitor.web.visiting import Visitor

ACTION: Final = "figure-signed"


class FiguresError(UsageError):
    """Some of the figures cannot stand in a notice; ``faults``: why, by figure."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = faults


def sign(here: Desk, who: Visitor, month: str, typed: Mapping[str, str]) -> Sequence[FigureChange]:
    """Signs what was typed, all of it or nothing; "" takes a figure away. What is the same stays as it was signed.

    Raises UsageError for a month to come, FiguresError.
    """
    month = require_month(month, here.now, here.settings.timezone)
    values: dict[str, str | None] = {}
    faults: dict[str, str] = {}
    for kind in (one for one in month_words().typed if one.slug in typed):
        try:
            values[kind.slug] = checked_value(kind, typed[kind.slug])
        except UsageError as error:
            faults[kind.slug] = str(error)
    if faults:
        raise FiguresError(faults)
    with here.database.writing() as session:
        changes = sign_figures(session, month, values, signer=who.actor, now=here.now)
        for one in changes:
            details = {"before": one.before, "after": one.after}
            audit.note(session, who, ACTION, f"{month}/{one.slug}", details)
    return changes
