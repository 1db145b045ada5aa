"""The list that stands right below the page's own name, however short beside longer lists, or where nothing is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gkmonitor.dates import may_hold_date
from spiders.readers.blankness import NOTHING_WORDS
from spiders.readers.document import Link
from spiders.readers.grouping import Place
from spiders.readers.owning import is_below_own
from spiders.readers.weighing import Reading

if TYPE_CHECKING:
    from spiders.readers.listing import PageLists

OWN_LINES = 8  # below the column's name, in which its first entry's day stands
FEW_LETTERS = 6
MAX_BELOW = 20
_NEVER = Place.CHROME | Place.HOT | Place.FOOT


def list_below_own_name(lists: PageLists, best: Reading) -> Reading:
    """The dated list right below the name of the page's column; ``best`` where that is it, has a pager, or is alone."""
    own = lists.own_column
    if own is None or (lists.pager.around and lists.is_near_pager(best.group)):
        return best
    if is_below_own(best.group.parent.node, own) or not _has_days_below(lists.document.lines, own):
        return best
    for group in lists.groups:
        if group.mean_letters < FEW_LETTERS or group.place & _NEVER or lists.is_of_others(group, own):
            continue
        if is_below_own(group.parent.node, own):
            reading = lists.read(group)
            if reading.is_list and reading.dated:
                return reading
    lone = lists.lone_of(_links_below(lists, own))
    return lone if lone is not None and is_below_own(lone.group.parent.node, own) else best


def _links_below(lists: PageLists, own: str) -> list[Link]:
    """The links that stand in one element with a heading that is the column's name."""
    inside: set[int] = set()
    for heading in lists.document.few("heading"):
        if heading.parent is not None and "".join(heading.text_lexbor().split()) == own:
            inside.update(node.mem_id for node in heading.parent.css("a")[:MAX_BELOW])
    return [link for link in lists.tree.links if link.identity in inside] if inside else []


def _has_days_below(lines: tuple[str, ...], own: str) -> bool:
    """Whether days may stand in the few lines below one that is the column's name."""
    places = [number for number, line in enumerate(lines) if line == own]
    return any(may_hold_date(line) for place in places for line in lines[place + 1 : place + OWN_LINES])


def is_doubtful(lists: PageLists, best: Reading) -> bool:
    """Whether the page says that it shows nothing, and the best list has neither its pager nor its column's name."""
    if lists.pager.around and lists.is_near_pager(best.group):
        return False
    if not lists.counts_none and not lists.document.shows(NOTHING_WORDS):
        return False
    own = lists.own_column
    return lists.says_none and (own is None or not is_below_own(best.group.parent.node, own))
