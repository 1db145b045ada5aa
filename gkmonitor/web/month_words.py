"""Names of rules for the month's pages."""

from __future__ import annotations

from functools import cache

from gkmonitor.cadences import available_cadences
from gkmonitor.rules import available_packs


@cache
def rule_titles() -> dict[str, str]:
    """The title of every built-in rule by its id."""
    packs = (*available_packs().values(), *available_cadences().values())
    return {rule.id: rule.title for pack in packs for rule in pack.rules}
