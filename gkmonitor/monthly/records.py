"""What a month's notice says, as frozen records: the contract between counting and the writers of documents.

``gkmonitor.monthly.inputs`` has what is counted from. Every collection is a tuple in the order in which it is
to be shown. Days are ``date`` in the office's time zone, instants aware ``datetime`` in UTC, months texts (2026-11).
A figure that cannot be known is None beside the reason. ``gkmonitor.monthly.plain`` makes JSON of all this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

NUMBERS_SCHEMA: Final = "gkmonitor.month/1"

Value = int | float | str | None
Source = Literal["ledger", "typed"]  # counted by the program, or typed in and signed by a person
CellState = Literal["ok", "violation", "excused", "undecided", "none"]  # none: not asked of this portal
ProblemState = Literal["standing", "mended"]
Finding = Literal["found", "clean", "not_monitored"]

CELL_WORDS: Final[dict[str, str]] = {
    "ok": "正常",
    "violation": "有问题",
    "excused": "有说明或豁免",
    "undecided": "未能判定",
    "none": "不适用",
}
NOTHING_FOUND: Final = "无"
NOT_MONITORED: Final = "本月未监测"


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure with its definition, which the annex prints.

    ``value`` is in ``unit`` (家, 个, 条, %, 百分点 ...); percentages are 0 to 100 with at most two decimals, a change
    is signed. None: not known, and ``why_none`` says why. ``slug`` is stable, for scripts and for drill-down.
    """

    slug: str
    title: str
    value: Value
    unit: str
    definition: str
    why_none: str | None = None
    source: Source = "ledger"
    signed_by: str | None = None  # of a typed figure

    @property
    def text(self) -> str:
        """The figure as a sentence has it: 98.8%, 12家; 未知 where it is not known."""
        if self.value is None:
            return "未知"
        shown = f"{self.value:g}" if isinstance(self.value, float) else str(self.value)
        return f"{shown}{self.unit}"


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal as lists show it."""

    id: int
    name: str
    url: str
    site_id_code: str | None = None
    organizer: str | None = None
    unit: str | None = None  # name of the supervising unit
    region: str | None = None
    profile: str | None = None
    kind: str = ""  # of government or department, in Chinese: 县区门户, 部门网站
    state: str = "active"
    level: str | None = None  # of government: province, city, county ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One confirmed violation of the month that may be named."""

    case_id: int
    portal: Portal
    rule: str
    rule_title: str
    indicator: str  # slug of its IndicatorLine
    severity: str  # veto, deduction
    document: str
    clause: str
    words: str  # quoted from the document
    column: str | None
    path: tuple[str, ...]
    url: str | None
    message: str
    measured: str | None
    required: str | None
    latest: date | None  # newest item of a stale column
    days: int | None
    first_seen: date
    last_seen: datetime
    confirmed_on: date
    deadline: date | None
    state: ProblemState
    state_words: str  # 未整改, 已整改
    mended_on: date | None
    found_by: str  # system, person
    repeats: int  # how often it came back after it was mended
    is_old: bool = False  # named last month already


@dataclass(frozen=True, slots=True)
class Verdictless:
    """A portal and why nothing is said of it: unqualified without being named, not decided, not checked."""

    portal: Portal
    why: str


@dataclass(frozen=True, slots=True)
class UnqualifiedPortal:
    """A portal with a confirmed veto."""

    portal: Portal
    vetoes: tuple[str, ...]  # titles of the rules, each once
    problems: int  # confirmed ones, vetoes included


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator: found how often, clean, or not monitored at all, then ``why`` says the reason."""

    slug: str
    title: str
    finding: Finding
    problems: int
    vetoes: int
    portals: int  # that have such a problem
    decided: int  # portals on which it was decided this month
    undecided: int  # portals on which it was asked and could not be decided anywhere
    why: str | None = None
    waiting: int = 0  # seen twice and not decided by a person: counted nowhere, but "无" would be too much said

    @property
    def text(self) -> str:
        """What the notice prints where nothing is listed: 无, or 本月未监测 with the reason."""
        if self.finding == "found":
            return f"{self.problems}个"
        if self.finding == "clean":
            return NOTHING_FOUND if self.waiting == 0 else f"无已确认的问题（另有{self.waiting}个待核实，未计入）"
        return f"{NOT_MONITORED}（{self.why}）"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One region or one supervising unit. ``rate`` is 0 to 100, None where no portal was decided."""

    name: str
    running: int
    checked: int
    qualified: int
    unqualified: int
    undecided: int
    rate: float | None
    problems: int
    vetoes: int
    mended: int
    items: int | None  # published in the month


@dataclass(frozen=True, slots=True)
class RankLine:
    """One place of the ranking; equal ones share a rank."""

    rank: int
    portal: Portal
    points: float | None  # by the office's table
    problems: int
    vetoes: int


@dataclass(frozen=True, slots=True)
class Rectification:
    """What became of last month's problems. ``mended`` and ``unmended`` together are ``total`` less ``unclear``."""

    month: str
    total: int | None  # None: last month is not known
    mended: int
    unmended: tuple[Problem, ...]  # still standing, and seen of late
    unclear: int  # standing, but not seen within the hours that naming asks for, or under appeal
    left: int  # dismissed, exempt or appeal upheld: they count nowhere
    rate: float | None
    source: Literal["issued", "counted", "none"]  # from the frozen notice, from the ledger, or not known
    why_none: str | None = None


@dataclass(frozen=True, slots=True)
class RepeatOffender:
    """A portal that is named again; ``months``: in a row, this one with it."""

    portal: Portal
    months: int
    problems: int
    vetoes: int
    columns: tuple[str, ...]  # what was named last month already


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One reason why something was not decided (or was excused), and how often."""

    kind: Literal["undecided", "excused", "not_checked"]
    reason: str
    title: str
    verdicts: int
    portals: int


@dataclass(frozen=True, slots=True)
class NotMonitored:
    """A part of the notice that has nothing to stand on this month."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    name: str
    cells: tuple[CellState, ...]
    portal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows against heads. A cell is ``violation`` only for a problem of the notice; what is suspected is undecided."""

    title: str
    corner: str  # the head of the rows' names
    heads: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    why_none: str | None = None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One of twelve months, the oldest first; values None where no notice was issued."""

    month: str
    rate: float | None
    checked: int | None
    qualified: int | None
    unqualified: int | None
    problems: int | None
    vetoes: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its Wilson interval, both 0 to 1; None without samples."""

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How right the monitor itself was, from what people reviewed. Internal unless a setting says otherwise.

    Precision: reviewed vetoes that were right. Recall is estimated from the share of wrong passes in the random sample,
    scaled to all passes.
    """

    vetoes: int  # all of the month
    vetoes_reviewed: int
    precision: Rate
    passes: int  # all of the month
    passes_sampled: int
    passes_reviewed: int
    wrong_passes: Rate
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    unclear: int
    is_public: bool
    why_none: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: something that an issued notice said and that no longer holds."""

    month: str
    number: str | None
    what: str
    was: str
    now: str
    why: str
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """A table of the annex; cells are texts. ``empty``: what stands there instead of rows."""

    slug: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = NOTHING_FOUND
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues the notice, and how it names itself."""

    name: str = ""  # 印发单位
    region: str = ""  # 全市, 全县
    addressee: str = ""  # 主送
    number: str | None = None  # 文号, once issued
    issued_on: date | None = None
    title: str = ""
    mark: str = ""  # 发文机关标志 (红头); "": printed on the office's own paper
    copies: str = ""  # 抄送
    printer: str = ""  # 印发机关


@dataclass(frozen=True, slots=True)
class NamedPortal:
    """What the next month must know of a portal that is named in this one."""

    portal_id: int
    months: int  # in a row, this one with it


@dataclass(frozen=True, slots=True)
class FullRegion:
    """A region whose judged portals all qualified; ``months``: in a row, this one with it."""

    name: str
    months: int


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """Everything that one month's notice prints, and nothing that it does not."""

    schema: str
    month: str
    first_day: date
    last_day: date  # the last day that was counted: of the month, or of today in a running month
    as_of: datetime  # when it was counted
    zone: str
    version: str  # of the program
    is_running: bool  # the month is not over
    office: Office
    statistics: tuple[Statistic, ...]
    qualified: tuple[Portal, ...]
    unqualified: tuple[UnqualifiedPortal, ...]
    undecided: tuple[Verdictless, ...]
    not_checked: tuple[Verdictless, ...]
    by_indicator: tuple[IndicatorLine, ...]
    by_region: tuple[GroupLine, ...]
    by_unit: tuple[GroupLine, ...]
    problems: tuple[Problem, ...]  # by indicator, vetoes first, then by portal
    rectification: Rectification
    repeat_offenders: tuple[RepeatOffender, ...]
    ranking: tuple[RankLine, ...]  # empty when the setting switches it off
    coverage: tuple[CoverageLine, ...]
    sections_not_monitored: tuple[NotMonitored, ...]
    accuracy: Accuracy
    corrections: tuple[Correction, ...]
    portal_columns: Matrix  # portal x column
    unit_years: Matrix  # department x year, budgets and accounts
    trend: tuple[TrendPoint, ...]
    named: tuple[NamedPortal, ...]
    names_unconfirmed: bool = False  # the setting that lets units without a confirmed violation be named
    full_regions: tuple[FullRegion, ...] = ()  # at 100 %, the longest in a row first
    without_items: tuple[Portal, ...] = ()  # read in the month, nothing published; named only by that setting

    def find(self, slug: str) -> Statistic | None:
        """The statistic of that slug; None where it has no place in this month (a typed figure that is blank)."""
        return next((one for one in self.statistics if one.slug == slug), None)

    def value(self, slug: str) -> Value:
        """Its value; None where it is not known or not there."""
        found = self.find(slug)
        return found.value if found is not None else None

    def problems_of(self, indicator: str) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.indicator == indicator)

    def to_object(self) -> dict[str, Any]:
        """Plain JSON values, as the frozen notice keeps them."""
        from gkmonitor.monthly.plain import numbers_object

        return numbers_object(self)
