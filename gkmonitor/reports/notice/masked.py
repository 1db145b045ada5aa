"""Text of the public notice: fit to show, personal numbers masked as in evidence that is handed out. Pure."""

from __future__ import annotations

from functools import lru_cache

from gkmonitor.evidence.masking import mask_text
from gkmonitor.monthly.records import Portal
from gkmonitor.reports.wording import printable


def masked(text: object) -> str:
    """One line without control or invisible characters, with identity, phone and card numbers masked."""
    return _masked(str(text))


@lru_cache(maxsize=1 << 16)  # the same names, rules and days stand in hundreds of thousands of cells
def _masked(text: str) -> str:
    return mask_text(printable(text))


def site_name(portal: Portal) -> str:
    """A portal as notices name it: “青禾县人民政府”网站."""
    return f"“{masked(portal.name)}”网站"
