"""What a month is counted from: plain records that the database fills, without an object for each row of it.

Instants are aware, UTC; days are days of the office's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from gkmonitor.monthly.lives import Span, Window
from gkmonitor.monthly.records import Portal, TrendPoint, Value
from gkmonitor.scoring import PointsTable

Answer = Literal["ok", "violation", "excused", "undecided", "not_applicable"]


@dataclass(frozen=True, slots=True)
class VetoAnswer:
    """What one veto rule said of a portal; ``subject_key`` only of a violation."""

    rule: str
    answer: Answer
    reason: str | None = None
    subject_key: str = ""


@dataclass(frozen=True, slots=True)
class CheckAnswers:
    """How often one check was decided and was not, advice left out."""

    check: str
    decided: int
    undecided: int
    reasons: tuple[tuple[str, int], ...] = ()  # of the undecided ones


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of a coverage matrix: a unit's papers of one year."""

    concept: str
    unit: str
    year: int
    answer: Literal["ok", "excused", "undecided"]


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of the month that the portal itself shows."""

    received: int = 0
    answered: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the newest inspection of the month that could be finished said of a portal."""

    inspection_id: int
    observed_at: datetime
    vetoes: tuple[VetoAnswer, ...] = ()
    checks: tuple[CheckAnswers, ...] = ()
    undecided: tuple[tuple[str, int], ...] = ()  # reason -> verdicts
    excused: tuple[tuple[str, int], ...] = ()
    concepts: tuple[tuple[str, Answer], ...] = ()  # the worst answer on each
    columns_due: int = 0  # columns that must update
    unit_lines: tuple[UnitLine, ...] = ()
    letters: Letters | None = None


@dataclass(frozen=True, slots=True)
class ProbeSums:
    """Availability probes of the month."""

    up: int
    down: int
    blocked: int
    days: int


@dataclass(frozen=True, slots=True)
class PortalMonth:
    """One portal in one month. Only portals that run are given."""

    portal: Portal
    inspections: int = 0  # begun in the month
    finished: int = 0  # that read the portal
    failure: str | None = None  # of the newest where none was finished: permanent, transient, blocked, held
    inspected: Inspected | None = None
    ticked: frozenset[str] = frozenset()  # rules that a person found in order this month
    cleared: frozenset[tuple[str, str]] = frozenset()  # (rule, subject key) of vetoes dismissed or exempt
    probes: ProbeSums | None = None
    items: int | None = None  # published in the month; None: the portal was not read
    news: int | None = None  # of these, in columns of news


@dataclass(frozen=True, slots=True)
class RuleWords:
    """How a rule is cited."""

    title: str
    document: str = ""
    clause: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseMonth:
    """One case that was ever confirmed in a time that this month or the last one counts."""

    id: int
    portal_id: int
    rule: str
    check: str
    subject_key: str
    concept: str | None
    column: str | None
    path: tuple[str, ...]
    url: str | None
    severity: str
    state: str  # now
    message: str
    found_by: str
    first_seen: datetime
    last_seen: datetime
    deadline: date | None
    repeats: int
    spans: tuple[Span, ...]
    measured: str | None = None
    required: str | None = None
    latest: str | None = None  # 2026-10-08
    days: int | None = None


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure that a person typed in and signed."""

    slug: str
    value: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer that is or was reviewed: a veto that was violated, or a pass."""

    portal_id: int
    rule: str
    subject_key: str
    verdict: Literal["ok", "violation"]
    inspection_id: int
    outcome: Literal["right", "wrong", "unclear"] | None = None


@dataclass(frozen=True, slots=True)
class PastProblem:
    """A problem that an issued notice named."""

    case_id: int
    portal_id: int
    portal_name: str
    what: str  # column or rule, as corrections name it
    severity: str


@dataclass(frozen=True, slots=True)
class PastMonth:
    """What later months must know of one that was issued."""

    month: str
    number: str | None
    figures: Mapping[str, Value]  # slug -> value
    problems: tuple[PastProblem, ...] = ()
    named: Mapping[int, int] = field(default_factory=dict)  # portal -> months in a row
    unqualified: Mapping[int, str] = field(default_factory=dict)  # portal -> name
    trend: tuple[TrendPoint, ...] = ()
    full_regions: Mapping[str, int] = field(default_factory=dict)  # region at 100 % -> months in a row
    corrected: frozenset[int] = frozenset()  # cases that its own corrections spoke of


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """What was asked of people this month."""

    todo: int = 0
    done: int = 0
    faults: int = 0  # of the done ones


@dataclass(frozen=True, slots=True)
class OfficeChoices:
    """What an office has set for its notices."""

    name: str = ""
    region: str = ""
    addressee: str = ""
    names_unconfirmed: bool = False
    accuracy_is_public: bool = False
    has_ranking: bool = True
    mark: str = ""
    copies: str = ""
    printer: str = ""


@dataclass(frozen=True, slots=True)
class MonthData:
    """Everything that ``count_month`` looks at."""

    month: str
    zone: str
    as_of: datetime
    version: str
    portals: tuple[PortalMonth, ...]
    cases: tuple[CaseMonth, ...]
    rules: Mapping[str, RuleWords]
    office: OfficeChoices = field(default_factory=OfficeChoices)
    previous: PastMonth | None = None  # the month before, as issued
    year_ago: PastMonth | None = None
    issued: tuple[PastMonth, ...] = ()  # of the twelve months before, the newest first, ``previous`` among them
    typed: tuple[TypedFigure, ...] = ()
    tasks: TaskCounts = field(default_factory=TaskCounts)
    samples: tuple[Sample, ...] = ()
    points: PointsTable | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)  # check -> cases that wait for a person, counted nowhere
    has_month_before: bool = False  # whether anything was inspected in the month before

    @property
    def window(self) -> Window:
        """The month that is counted."""
        return window_of(self.month, self.zone)

    @property
    def window_before(self) -> Window:
        """The month before."""
        return window_of(month_before(self.month), self.zone)


def month_before(month: str, back: int = 1) -> str:
    """The month ``back`` months before one written as 2026-11."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 - back
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def window_of(month: str, zone: str) -> Window:
    """The instants of a month written as 2026-11, in the time zone."""
    tz = ZoneInfo(zone)
    following = month_before(month, -1)
    begin = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=tz)
    return Window(begin, datetime(int(following[:4]), int(following[5:]), 1, tzinfo=tz))
