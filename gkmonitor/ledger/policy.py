"""How the ledger counts looks and which codes decisions may carry: ``data/ledger.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from gkmonitor.errors import LedgerError

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "ledger.yaml"


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of ``looks`` and the codes with their Chinese words."""

    apart: timedelta
    to_open: int
    to_mend: int
    to_mend_with_person: int
    dismissals: Mapping[str, str]
    given: Mapping[str, str]
    needs_note: frozenset[str]

    def words_of(self, code: str) -> str:
        """A code in Chinese; what is no code is its own words."""
        return self.dismissals.get(code) or self.given.get(code) or code

    def require_dismissal(self, code: str | None, note: str | None) -> str:
        """The code when a person may dismiss with it. Raises LedgerError, listing the codes."""
        if not code or code not in self.dismissals:
            listed = "、".join(f"{one}（{words}）" for one, words in self.dismissals.items())
            raise LedgerError(f"排除理由“{code or ''}”不在代码表中，可用的有：{listed}")
        if code in self.needs_note and not (note or "").strip():
            raise LedgerError(f"排除理由为“{self.dismissals[code]}”时须用 --note 填写说明")
        return code


@cache
def get_policy() -> Policy:
    """The shipped policy, read once."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    looks = data["looks"]
    return Policy(
        apart=timedelta(hours=looks["hours_apart"]),
        to_open=looks["to_open"],
        to_mend=looks["to_mend"],
        to_mend_with_person=looks["to_mend_with_person"],
        dismissals=data["dismissals"],
        given=data["given"],
        needs_note=frozenset(data["needs_note"]),
    )
