"""What must hold before a column's list may be judged, and the words on it that excuse."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from gkmonitor.checking import REASON_WORDS, Check, Undecided, way
from gkmonitor.records import ColumnFacts, Excuse, Reason, Statement, StatementKind, Verdict

# Said with every fault of one column: inspectors must not read it as the count that vetoes a site.
NO_VETO = "（单个栏目的问题，不构成单项否决）"


def excused_at_once(check: Check, column: ColumnFacts) -> Verdict | None:
    """The excuse of a column whose list is not this portal's own or is no longer kept."""
    if column.is_archive:
        words = first_words(column.statements, StatementKind.ARCHIVE) or column.name
        return check.excused(column, Excuse.ARCHIVE, f"栏目{way(column)}是已归档的历史专题，不要求更新", quote=words)
    if column.is_delegated:
        host = urlsplit(column.url).hostname or column.url
        return check.excused(
            column, Excuse.DELEGATED, f"栏目{way(column)}设在其他网站（{host}），应在该网站检查", quote=column.name
        )
    return None


def require_read(column: ColumnFacts) -> None:
    """Raises Undecided with the reason why the column's page was not read."""
    if column.state is not None:
        detail = f"（{column.detail}）" if column.detail else ""
        raise Undecided(column.state, f"栏目{way(column)}{REASON_WORDS[column.state]}{detail}，未作判断")


def require_no_login(column: ColumnFacts) -> None:
    """Raises Undecided when the page asks for a login instead of showing its list."""
    words = first_words(column.statements, StatementKind.LOGIN)
    if words:
        raise Undecided(Reason.LOGIN_REQUIRED, f"栏目{way(column)}要求登录后查看，未作判断", quote=words)


def first_words(statements: Iterable[Statement], *kinds: StatementKind) -> str:
    """The words of the first statement of these kinds, or nothing."""
    return next((s.words for s in statements if s.kind in kinds), "")
