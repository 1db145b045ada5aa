"""What a simulated portal holds, what was planted in it and which traps it sets, before any HTML is written.

A plan is data. A family (see ``gkmonitor.demo.families``) turns it into pages; the server answers with them.
All days are counted back from ``AS_OF``, so that every run gives the same result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gkmonitor.records import Outcome, Profile, Reason, Severity

AS_OF = date(2026, 11, 20)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


class Kind(StrEnum):
    """What the address of a column answers with."""

    LIST = "list"
    ARTICLE = "article"  # one text: a guide, an introduction
    SECTION = "section"  # only leads on to its children
    META_REDIRECT = "meta_redirect"  # a head that refreshes to its first child
    SCRIPT_REDIRECT = "script_redirect"
    LINK = "link"  # an address elsewhere; ``target`` is "host-key:/path" or an own path
    SPECIAL = "special"  # answered by the plan's own routes


class Place(StrEnum):
    """Where the only link to a column stands."""

    MENU = "menu"
    MEGA = "mega"  # only in the unfolded menu, hidden until hovered
    SCRIPT = "script"  # an anchor without address, opened by onclick
    COMMENT = "comment"  # commented out: the column was taken down
    BLOCK = "block"  # only as a headed block on the home page
    PARENT = "parent"  # only on its parent's page


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file below an article: a sheet with these rows, or (without rows) a paper that only a person can read."""

    name: str
    file: str  # its own part of the address: xzxk-10.xlsx
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """A link below an article to an entry of another column, under a label of its own."""

    label: str  # 相关解读
    slug: str  # of the other column
    title: str  # of the entry there


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list; ``day`` is when it was really published."""

    title: str
    day: date
    is_printed: bool = True  # False: the list shows no date, only the article does
    is_pinned: bool = False
    text: str = ""  # of the article; each line is a paragraph
    cells: tuple[str, ...] = ()  # what a table shows of it after the title, one for each head of its column
    attachments: tuple[Attachment, ...] = ()
    see_also: tuple[SeeAlso, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column and everything below it."""

    name: str
    slug: str
    entries: tuple[Entry, ...] = ()
    children: tuple[Column, ...] = ()
    kind: Kind = Kind.LIST
    words: str = ""  # an explanation in place of the list, or the text of an article column
    target: str = ""
    place: Place = Place.MENU
    style: str = ""  # which of the family's list templates
    per_page: int = 15
    heads: tuple[str, ...] = ()  # the list is a table with these heads: the title's, then one for each cell

    def walk(self) -> Iterator[Column]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault that must be found: which check, on which subject, how heavy.

    The subject is a column's name, a concept, the title of an entry that is judged by itself, or None for the portal.
    """

    check: str
    subject: str | None
    severity: Severity
    note: str  # in Chinese, for the table
    members: int | None = None  # how many columns a veto count takes together
    measured: str = ""  # words of what was measured: so many rows and no more
    pack: str | None = None  # only by rules of this pack


@dataclass(frozen=True, slots=True)
class Trap:
    """Something that looks like a fault and must not be accused.

    Every verdict about ``subject`` (of ``check``, when given) must be one of ``outcomes`` and give one of ``reasons``
    when any are named; with ``must_speak`` at least one such verdict must exist.
    """

    name: str
    subject: str | None
    note: str
    check: str | None = None
    outcomes: frozenset[Outcome] = frozenset({Outcome.OK, Outcome.EXCUSED, Outcome.UNDECIDED, Outcome.NOT_APPLICABLE})
    reasons: frozenset[str] = frozenset()
    must_speak: bool = True
    aside: frozenset[str] = frozenset()  # checks that may say what they like: a column that cannot be read is there
    pack: str | None = None  # only verdicts by rules of this pack: another one may be stricter


OK_ONLY = frozenset({Outcome.OK})
EXCUSED_ONLY = frozenset({Outcome.EXCUSED})
UNDECIDED_ONLY = frozenset({Outcome.UNDECIDED})


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """One simulated portal."""

    key: str
    name: str  # 青禾县人民政府
    place: str  # 青禾县
    profile: Profile
    family: str
    family_zh: str  # how the table names the family
    site_id_code: str
    columns: tuple[Column, ...]
    planted: tuple[Planted, ...] = ()
    traps: tuple[Trap, ...] = ()
    quirks: frozenset[str] = frozenset()  # switches of families and of the server
    disallow: tuple[str, ...] = ()  # robots.txt
    marks_left_out: frozenset[str] = frozenset()  # code, icp, psb, organizer, contact, conac, jiucuo
    labels_left_out: frozenset[str] = frozenset()
    delay_seconds: float = 0.0
    all_undecided: Reason | None = None  # nothing can be judged, for this reason

    def walk(self) -> Iterator[Column]:
        for column in self.columns:
            yield from column.walk()

    def column(self, slug: str) -> Column:
        return next(column for column in self.walk() if column.slug == slug)
