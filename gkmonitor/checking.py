"""What a check is, how it is found by name, and how it answers.

A check asks one question (``column-stale``) of every subject that its rule binds, and answers with verdicts. It sees
facts, the day judged for and its rule's parameters; no network, no clock, no other portal::

    @register
    class StaleColumn(Check):
        \"\"\"The newest dated item is older than the column's own limit.\"\"\"

        code = "column-stale"
        requires = ("max_age",)

        def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
            if column.listing and column.listing.newest is None:
                raise Undecided("undated", "列表没有日期")
            ...

What could not be observed is raised as ``Undecided``, never answered with ok or violation. Whatever else a check raises
becomes ``undecided: crashed`` for that subject, and the run goes on.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from gkmonitor.concepts import all_concepts, is_within
from gkmonitor.dates import Period
from gkmonitor.records import (
    Basis,
    ColumnFacts,
    Evidence,
    Excuse,
    History,
    Match,
    Outcome,
    PortalFacts,
    Reason,
    Severity,
    Subject,
    Verdict,
)

if TYPE_CHECKING:
    from gkmonitor.rules import Rule

ValueT = TypeVar("ValueT")

REASON_WORDS: Mapping[Reason, str] = {
    Reason.BLOCKED: "网站返回了防护验证页面",
    Reason.LOGIN_REQUIRED: "页面要求登录",
    Reason.UNREACHABLE: "页面无法打开",
    Reason.SCRIPT_RENDERED: "内容由脚本生成，未能读取",
    Reason.UNDATED: "未标注日期",
    Reason.AMBIGUOUS: "所见内容有多种解释",
    Reason.CALENDAR_INCOMPLETE: "缺少工作日历",
    Reason.NOT_OBSERVED: "未能观测",
    Reason.ROBOTS: "网站的 robots.txt 不允许访问",
    Reason.BUDGET_SPENT: "本次检查的页数或时间已用完",
    Reason.WRONG_PAGE: "打开的不是该页面",
    Reason.EVENT_DATE_UNKNOWN: "事项发生日期不明",
    Reason.CRASHED: "检查程序出错",
}


_FOR_A_PERSON = "（本条只列出线索，须由人核实后才能认定）"


class Undecided(Exception):  # noqa: N818 - an answer, not a failure
    """The question cannot be answered from what was observed; ``message`` says why, in Chinese, for people."""

    def __init__(self, reason: Reason | str, message: str = "", *, quote: str = "", latest: date | None = None) -> None:
        self.reason = Reason(reason)
        self.message = message or REASON_WORDS[self.reason]
        self.quote = quote
        self.latest = latest
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Looked:
    """One fact that a check weighed, for the decision trail: what it is, and what came of it."""

    what: str
    because: str
    url: str | None = None


@dataclass(frozen=True)
class PortalView:
    """One portal's facts with the look-ups that checks share, and the answers given so far (by rule id)."""

    facts: PortalFacts
    as_of: date
    history: History | None = None
    answers: dict[str, list[Verdict]] = field(default_factory=dict)
    units: tuple[str, ...] = ()  # names of the bodies whose papers the portal has to carry, where somebody listed them
    _known: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, work_out: Callable[[], ValueT]) -> ValueT:
        """What checks worked out about this portal: computed by the first rule that asks, shared by all others."""
        if key not in self._known:
            self._known[key] = work_out()
        value: ValueT = self._known[key]
        return value

    @cached_property
    def columns(self) -> tuple[ColumnFacts, ...]:
        """Every column once: an address that navigation offers on several ways under one concept is one column.

        The way that was found first stands for the others: menus come before blocks and side menus, so that a column
        below 新闻中心 does not become a first-level one because the home page also shows it.
        """
        kept: dict[tuple[str, str | None], ColumnFacts] = {}
        for column in self.facts.columns:
            key = (address_key(column.url), column.concept)
            before = kept.setdefault(key, column)
            if before.state is not None and column.state is None:
                kept[key] = column
        return tuple(kept.values())

    @cached_property
    def _by_concept(self) -> dict[str, list[ColumnFacts]]:
        found: dict[str, list[ColumnFacts]] = {}
        for column in self.columns:
            if column.concept is not None:
                found.setdefault(column.concept, []).append(column)
        return found

    def columns_of(self, concepts: Iterable[str]) -> list[ColumnFacts]:
        """The columns of these concepts or of one below them, unsure matches included."""
        wanted = tuple(concepts)
        return self.once(("columns of", wanted), lambda: self._columns_of(wanted))

    def _columns_of(self, wanted: tuple[str, ...]) -> list[ColumnFacts]:
        within = _concepts_within(wanted)
        return [column for concept, columns in self._by_concept.items() if concept in within for column in columns]

    @cached_property
    def _below(self) -> dict[tuple[str, ...], list[ColumnFacts]]:
        found: dict[tuple[str, ...], list[ColumnFacts]] = {}
        for column in self.facts.columns:
            for depth in range(1, len(column.path)):
                found.setdefault(column.path[:depth], []).append(column)
        return found

    def children(self, parent: ColumnFacts) -> list[ColumnFacts]:
        """The columns that any way puts below this one."""
        return self._below.get(parent.path, [])

    @cached_property
    def _first_level_folders(self) -> frozenset[str]:
        """Folders that first-level columns have to themselves."""
        folders = [folder_key(column.url) for column in self.facts.columns if column.level == 1]
        return frozenset(folder for folder in folders if "/" in folder)

    def lies_below_first_level(self, url: str) -> bool:
        """Whether a column's address lies inside the folder of a first-level column: /gzdt/ywyw/ below /gzdt/."""
        folder = folder_key(url)
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder in self._first_level_folders:
                return True
        return False

    @property
    def is_cut(self) -> bool:
        """The crawl ended before everything was seen."""
        return self.facts.coverage.is_budget_spent or self.facts.coverage.is_interrupted

    @cached_property
    def day_by_url(self) -> Mapping[str, date]:
        """Publication days that any list or article of the portal prints for an address."""
        days: dict[str, date] = {}
        for column in self.facts.columns:
            for item in column.items:
                if item.published is not None and not (item.date_source or "").startswith("url"):
                    days.setdefault(address_key(item.url), item.published)
        return days


@lru_cache(maxsize=4096)
def _concepts_within(ancestors: tuple[str, ...]) -> frozenset[str]:
    """These concepts and every one below them."""
    below = (slug for slug in all_concepts() if any(is_within(slug, ancestor) for ancestor in ancestors))
    return frozenset((*ancestors, *below))


@lru_cache(maxsize=65536)
def address_key(url: str) -> str:
    """An address without scheme, ``www.``, fragment, index file and trailing slash: equal for one and the same page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = parts.path
    if path.rsplit("/", 1)[-1].lower().partition(".")[0] == "index" and path.count(".") <= 1:
        path = path.rsplit("/", 1)[0]
    query = f"?{parts.query}" if parts.query else ""
    place = f"#{parts.fragment}" if _names_page(parts.path, parts.fragment) else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{path.rstrip('/')}{query}{place}"


def _names_page(path: str, fragment: str) -> bool:
    """A page of its own in a script's site: a route, or a column of Guangdong's platform (/gkmlpt/index#2795)."""
    return fragment.startswith(("/", "!")) or (fragment.isdigit() and "/gkmlpt" in path)


def folder_key(url: str) -> str:
    """The folder that a column's address names: www.x.gov.cn/gzdt/index.html and /gzdt/ both x.gov.cn/gzdt."""
    place = address_key(url).partition("?")[0]
    return place.rpartition("/")[0] if "." in place.rpartition("/")[2] and "/" in place else place


def way(column: ColumnFacts) -> str:
    """The column as a reader finds it: “政务公开 > 财政预决算”."""
    return "“" + " > ".join(column.path or (column.name,)) + "”"


class Check:
    """One question, asked of each column that the rule's concepts bind (of every column when it names none).

    ``requires`` and ``accepts`` name the rule's parameters; the first docstring line is what ``rules list`` shows.
    """

    code: ClassVar[str]
    requires: ClassVar[tuple[str, ...]] = ()
    accepts: ClassVar[tuple[str, ...]] = ()
    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()  # sets of parameters of which a rule gives exactly one, whole
    # What a parameter holds: "number", "flag", "texts", "month-day", "day", or the words to choose from. One that is
    # not named here is a period when its name ends in _age or its value is written like one, else any value.
    values: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}
    needs_concepts: ClassVar[bool] = False  # a rule without concepts would ask nothing
    counts: ClassVar[bool] = False  # judged last, over the answers of other rules
    needs_home: ClassVar[bool] = True  # cannot be answered while the home page was not read

    def __init__(self, rule: Rule, portal: PortalView) -> None:
        self.rule = rule
        self.portal = portal
        self.facts = portal.facts
        self.as_of = portal.as_of
        self.params: Mapping[str, Any] = rule.params
        self._basis = Basis(rule.document, rule.clause, rule.words)

    # ------------------------------------------------------------ to be written by each check

    def subjects(self) -> Iterable[Any]:
        """What is judged, one after the other."""
        columns = self.portal.columns_of(self.rule.concepts) if self.rule.concepts else self.portal.columns
        once: dict[str, ColumnFacts] = {}
        for column in columns:  # one page is accused once, whatever names and redirects lead to it
            key = address_key(column.observation.final_url if column.observation else column.url)
            if key not in once or (is_sure(column) and not is_sure(once[key])):
                once[key] = column
        return once.values()

    def judge(self, subject: Any, /) -> Iterable[Verdict]:
        """The verdicts on one subject; none when the question does not arise there. May raise Undecided."""
        raise NotImplementedError

    def trail(self) -> Iterable[Looked]:
        """The single facts that were weighed, for people who ask why; also where nothing is accused."""
        return ()

    # ------------------------------------------------------------ parameters

    def period(self, name: str) -> Period:
        value = self.params[name]
        if not isinstance(value, Period):
            raise TypeError(f"{self.rule.id}: {name} is not a period")
        return value

    @property
    def is_obliged(self) -> bool:
        """Whether what this portal lacks is its own fault; a portal that only carries others' columns lacks nothing."""
        return self.rule.is_obliged(self.facts.site.profile)

    # ------------------------------------------------------------ answers

    def ok(self, subject: ColumnFacts | Subject | None, message: str, **details: Any) -> Verdict:
        return self._verdict(Outcome.OK, subject, message, **details)

    def violation(self, subject: ColumnFacts | Subject | None, message: str, **details: Any) -> Verdict:
        words = message + _FOR_A_PERSON if self.rule.needs_person else message
        return self._verdict(Outcome.VIOLATION, subject, words, points=self.rule.points, **details)

    def warning(self, subject: ColumnFacts | Subject | None, message: str, **details: Any) -> Verdict:
        """A violation that is advice, however heavy the rule is: less was seen than an accusation needs."""
        return self._verdict(Outcome.VIOLATION, subject, message, severity=Severity.ADVICE, **details)

    def excused(self, subject: ColumnFacts | Subject | None, excuse: Excuse, message: str, **details: Any) -> Verdict:
        return self._verdict(Outcome.EXCUSED, subject, message, reason=excuse, **details)

    def undecided(self, subject: ColumnFacts | Subject | None, reason: Reason, message: str, **details: Any) -> Verdict:
        return self._verdict(Outcome.UNDECIDED, subject, message, reason=reason, **details)

    def not_applicable(self, message: str, subject: Subject | None = None) -> Verdict:
        return self._verdict(Outcome.NOT_APPLICABLE, subject, message)

    def _verdict(
        self,
        outcome: Outcome,
        subject: ColumnFacts | Subject | None,
        message: str,
        *,
        quote: str = "",
        evidence: Sequence[Evidence] = (),
        severity: Severity | None = None,
        **details: Any,
    ) -> Verdict:
        shown = tuple(evidence) or ((self.evidence(subject, quote),) if quote else ())
        return Verdict(
            rule=self.rule.id,
            check=self.rule.check,
            outcome=outcome,
            severity=severity or self.rule.severity,
            basis=self._basis,
            message=message,
            subject=subject_of(subject),
            evidence=shown,
            **details,
        )

    def evidence(self, subject: ColumnFacts | Subject | None, quote: str) -> Evidence:
        """The page that shows it, with the deciding words as printed; the home page when no column is given."""
        if isinstance(subject, ColumnFacts):
            seen, url = subject.observation, subject.url
        else:
            seen, url = self.facts.home.observation, self.facts.site.final_url
            if subject is not None and subject.url and subject.url != url:
                seen, url = None, subject.url
        if seen is None:
            return Evidence(url, self.facts.observed_at, None, quote)
        return Evidence(seen.final_url, seen.fetched_at, seen.sha256, quote)


class PortalCheck(Check):
    """One question asked once, of the portal as a whole."""

    def subjects(self) -> Iterable[Any]:
        return (self.facts,)


def subject_of(subject: ColumnFacts | Subject | None) -> Subject:
    """The subject that a verdict names."""
    if isinstance(subject, ColumnFacts):
        return Subject(subject.concept, subject.name, subject.url, subject.path or (subject.name,))
    return subject if isinstance(subject, Subject) else Subject()


def is_sure(column: ColumnFacts) -> bool:
    """The column's name states its concept clearly enough to build an accusation on it."""
    return column.concept is not None and column.match is not Match.UNSURE


# ---------------------------------------------------------------- the registry

_CHECKS: dict[str, type[Check]] = {}
CheckT = TypeVar("CheckT", bound=type[Check])


def register(check: CheckT) -> CheckT:
    """Make a check known by its code. Raises ValueError when another class already has the code."""
    known = _CHECKS.get(check.code)
    if known is not None and (known.__module__, known.__qualname__) != (check.__module__, check.__qualname__):
        raise ValueError(f"{check.code} is already {known.__module__}.{known.__qualname__}")
    _CHECKS[check.code] = check
    return check


def registered_checks() -> Mapping[str, type[Check]]:
    """Every check by its code, as far as loaded."""
    return dict(_CHECKS)


@lru_cache(maxsize=8)
def load_checks(package_names: tuple[str, ...] = ("checks",)) -> None:
    """Import every module of these packages, so that their checks are registered."""
    for name in package_names:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__, name + "."):
            if not module.ispkg:
                importlib.import_module(module.name)
