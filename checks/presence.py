"""Whether a portal offers a column for a concept, and whether enough was seen to say that it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from gkmonitor.checking import REASON_WORDS, PortalView, Undecided, is_sure, way
from gkmonitor.concepts import all_concepts, concepts_stated, get_concept, is_within, may_hold, satisfied_by, satisfies
from gkmonitor.records import ColumnFacts, PageKind, Reason

# Where disclosure columns stand when navigation does not show them directly.
DISCLOSURE_PLACES = ("disclosure-platform", "catalogue", "statutory-content")
_LEADING_ON = (PageKind.SECTION, PageKind.CATALOGUE)
# The entry was offered but what stands behind it is not known to be the column; one that was merely not visited is.
NOT_THE_COLUMN = (Reason.WRONG_PAGE, Reason.UNREACHABLE, Reason.BLOCKED, Reason.LOGIN_REQUIRED, Reason.ROBOTS)

_Doubt = tuple[Reason, str]


@dataclass(frozen=True)
class Presence:
    """What was found for one concept: ``column`` is the best of the sure ones."""

    column: ColumnFacts | None
    all_sure: tuple[ColumnFacts, ...]
    unsure: tuple[ColumnFacts, ...]


def stated(column: ColumnFacts) -> tuple[str, ...]:
    """Every concept that the column's name states, its own first: 预决算公开 -> budget, final-accounts."""
    if column.concept is None:
        return ()
    also = concepts_stated(column.name, column.path[:-1])
    return also if also and also[0] == column.concept else (column.concept,)


def find(portal: PortalView, concept: str) -> Presence:
    """Columns that serve the concept: its own, a joint one, or all of its parts."""
    return portal.once(("presence", concept), lambda: _find(portal, concept))


def _find(portal: PortalView, concept: str) -> Presence:
    known, answering = _by_stated(portal), _concepts_that(satisfies, concept)
    found = [c for have, columns in known.items() if have in answering for c in columns]
    if not any(is_sure(c) for c in found):
        sure_concepts = {have for have, columns in known.items() if any(is_sure(c) for c in columns)}
        if satisfied_by(sure_concepts, concept):
            found = [c for have, columns in known.items() if is_within(have, concept) for c in columns]
    sure = sorted((c for c in found if is_sure(c)), key=lambda c: (c.state in NOT_THE_COLUMN, c.is_delegated))
    return Presence(sure[0] if sure else None, tuple(sure), tuple(c for c in found if not is_sure(c)))


def _by_stated(portal: PortalView) -> dict[str, list[ColumnFacts]]:
    """The columns by every concept that their names state."""

    def index() -> dict[str, list[ColumnFacts]]:
        found: dict[str, list[ColumnFacts]] = {}
        for column in portal.columns:
            for concept in stated(column):
                found.setdefault(concept, []).append(column)
        return found

    return portal.once("columns by stated concept", index)


def require_opened(column: ColumnFacts) -> None:
    """Raises Undecided when the entry is there but leads to another page or nowhere."""
    if column.state in NOT_THE_COLUMN:
        raise Undecided(column.state, f"导航中有栏目{way(column)}，但{REASON_WORDS[column.state]}，请人工核实")


def require_seen_enough(portal: PortalView, concept: str, found: Presence, places: Iterable[str] = ()) -> None:
    """Raises Undecided unless the absence of a column is known and not merely unseen."""
    key = ("doubt", concept, *places)
    doubt = portal.once(
        key, lambda: _doubt_of_columns(portal, concept, found) or doubt_of_crawl(portal, concept, places)
    )
    if doubt is not None:
        reason, message = doubt
        raise Undecided(reason, message)


def _doubt_of_columns(portal: PortalView, concept: str, found: Presence) -> _Doubt | None:
    """A column that may be the one asked for under another name, or may hold its content."""
    name = get_concept(concept).name_zh
    if found.unsure:
        names = "、".join(way(column) for column in found.unsure[:3])
        return Reason.AMBIGUOUS, f"栏目{names}可能就是“{name}”栏目，但名称不足以确认，请人工核实"
    known = _by_stated(portal)
    holder = next((c for c in holders(portal, concept) if not _shows_what_it_holds(portal, c)), None)
    if holder is not None:
        return Reason.AMBIGUOUS, f"“{name}”的内容可能发布在栏目{way(holder)}中，不能断定没有，请人工核实"
    parts = (c for have, columns in known.items() if is_within(have, concept) for c in columns)
    part = next((c for c in parts if is_sure(c)), None)
    if part is not None:
        return Reason.AMBIGUOUS, f"未见“{name}”的总栏目，但设有其中的{way(part)}，不能断定没有，请人工核实"
    return None


def holders(portal: PortalView, concept: str) -> list[ColumnFacts]:
    """Columns that often hold the concept's content without saying so."""
    holding = _concepts_that(may_hold, concept)
    return [c for have, columns in _by_stated(portal).items() if have in holding for c in columns]


@lru_cache(maxsize=4096)
def _concepts_that(relates: Callable[[str, str], bool], concept: str) -> frozenset[str]:
    """The concepts that bear this relation to ``concept``, worked out once for all portals."""
    return frozenset(slug for slug in (*all_concepts(), concept) if relates(slug, concept))


def doubt_of_crawl(portal: PortalView, concept: str, places: Iterable[str] = ()) -> tuple[Reason, str] | None:
    """Something of the portal that was not seen and could show the column, or one of the ``places`` for it."""
    name, home = get_concept(concept).name_zh, portal.facts.home
    if home.state is not None:
        return home.state, f"首页未能完整读取（{REASON_WORDS[home.state]}），不能断定没有“{name}”栏目"
    if not portal.facts.columns:
        return Reason.NOT_OBSERVED, f"未读到网站的导航栏目，不能断定没有“{name}”栏目"
    if portal.is_cut:
        return Reason.BUDGET_SPENT, f"检查未完成，不能断定没有“{name}”栏目"
    reason = portal.once("mostly unread", lambda: _why_mostly_unread(portal))
    if reason is not None:
        return reason, f"多数栏目未能读取（{REASON_WORDS[reason]}），不能断定没有“{name}”栏目"
    wanted = {*DISCLOSURE_PLACES, concept, *places}
    unread = next((c for c in portal.once("not read", lambda: _not_read(portal)) if _is_unread_place(c, wanted)), None)
    if unread is not None:
        reason = unread.state or Reason.NOT_OBSERVED
        return reason, f"{way(unread)}{REASON_WORDS[reason]}，“{name}”栏目可能设在其中，不能断定没有该栏目"
    return None


def _why_mostly_unread(portal: PortalView) -> Reason | None:
    """The commonest reason when more than half of the portal's own columns were not read."""
    own = [c for c in portal.columns if not c.is_delegated]
    reasons = Counter(c.state for c in own if c.state is not None)
    return reasons.most_common(1)[0][0] if 2 * reasons.total() > len(own) else None


def _not_read(portal: PortalView) -> list[ColumnFacts]:
    return [c for c in portal.columns if c.state is not None or c.is_delegated]


def _shows_what_it_holds(portal: PortalView, column: ColumnFacts) -> bool:
    """The column was read and leads on to columns, so nothing hides among its items."""
    leads_on = column.is_parent or column.kind in _LEADING_ON or bool(portal.children(column))
    return column.state is None and leads_on


def _is_unread_place(column: ColumnFacts, places: set[str]) -> bool:
    """A section that could hold the column and whose content was not seen."""
    if column.state is None:
        return column.is_delegated and column.concept in places and column.kind is None
    if column.is_delegated:
        return column.concept in places
    leads_on = column.is_parent or column.kind in _LEADING_ON
    return leads_on or column.concept in places or (column.level == 1 and not is_sure(column))
