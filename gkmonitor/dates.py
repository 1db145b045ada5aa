"""Dates as Chinese portals print them, and calendar arithmetic on them.

``find_dates`` reads full dates out of one text and never guesses: an impossible date (2026-02-30), a month alone, a
two-digit year or a day whose month cannot be told from its day are no date. Years outside 1990 to 2099 are none either.
Days are those of the portal's own calendar (UTC+8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gkmonitor.errors import DateError

FIRST_YEAR = 1990
LAST_YEAR = 2099
_CHINA_OFFSET = timedelta(hours=8)
_REPUBLIC_OFFSET = 1911  # 民國1年 is 1912

_YEAR = r"199[0-9]|20[0-9][0-9]"
_HAN_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_HAN_DIGITS |= dict.fromkeys("零○◯OoΟО", "0")  # what typists take for 〇, Greek and Cyrillic letters included
_HAN = "〇零○◯OoΟО一二三四五六七八九"

# One character for one, so that offsets stay those of the text as given.
_NARROW = {0xFF10 + value: ord("0") + value for value in range(10)}
_NARROW |= {ord(character): ord("-") for character in "－–—‐‑‒−﹣"}
_NARROW |= {ord("／"): ord("/"), ord("．"): ord("."), ord("："): ord(":"), ord("﹒"): ord("."), 0x200B: ord(" ")}
_WIDE = re.compile("[０-９－–—‐‑‒−﹣／．﹒\u200b]")
_DIGIT = re.compile("[0-9０-９]")

# A number before or after makes it something else: a telephone, an index number, a version, an address.
_NOT_AFTER = r"(?<![0-9Vv])(?<![0-9][./])(?<![0-9]{3}-)"
_YEAR_NOT_AFTER = r"(?<![0-9Vv][0-9]{4})(?<![0-9][./][0-9]{4})(?<![0-9]{3}-[0-9]{4})"  # the same, asked behind a year
_NOT_BEFORE = r"(?!(?<=[0-9])[0-9](?![0-9]:[0-5][0-9])|[-./][0-9]{1,3}(?![0-9]))"

_SEPARATED = re.compile(
    rf"(?P<year>{_YEAR}){_YEAR_NOT_AFTER}"  # the year first: a search can skip to a first character
    r"\s{0,2}(?P<mark>[-/.])\s{0,2}(?P<month>1[0-2]|0?[1-9])\s{0,2}(?P=mark)\s{0,2}(?P<day>3[01]|[12][0-9]|0?[1-9])"
    rf"{_NOT_BEFORE}"
    r"(?P<zulu>[Tt](?P<time>[0-2][0-9]:[0-5][0-9])(?::[0-9.]+)?(?:[Zz]|[+-]00:?00))?"
)
_NAMED = re.compile(
    r"年\s{0,3}(?P<month>[0-9]{1,2}|元|[〇零一二三四五六七八九十]{1,3})"
    r"\s{0,3}月\s{0,3}(?P<day>[0-9]{1,2}(?![0-9](?![0-9]:))|[〇零一二三四五六七八九十廿卅]{1,4}(?=\s{0,3}[日号號]))"
    r"(?:\s{0,3}[日号號])?"
)
_YEAR_BEFORE = re.compile(
    rf"(?:{_NOT_AFTER}(?P<year>{_YEAR})|(?P<han>[{_HAN}]{{4}})|(?P<republic>(?:民國|民国)\s{{0,3}}[0-9]{{2,3}}))\s{{0,3}}$"
)
_YEAR_BEFORE_CHARACTERS = 14
_COMPACT = re.compile(
    rf"(?<![0-9A-Za-z])(?P<year1>{_YEAR})(?P<month1>0[1-9]|1[0-2])(?P<day1>[0-3][0-9])(?![0-9A-Za-z])"
)
# A day box: the year on another line, "10/23" over "2020", "2020" over "12-31", "23" over "2020-12".
_SPLIT = re.compile(
    r"(?<![-0-9./:A-Za-z])(?:"
    rf"(?P<month1>[0-9]{{1,2}})(?:[-/.]|月)(?P<day1>[0-9]{{1,2}})日?\s+(?P<year1>{_YEAR})年?(?!\s?[-./:年]|[0-9])"
    rf"|(?P<year2>{_YEAR})年?\s+(?P<month2>[0-9]{{1,2}})(?P<mark2>[-/.]|月)(?P<day2>[0-9]{{1,2}})日?(?![-0-9./:%页月])"
    rf"|(?P<day3>[0-9]{{1,2}})日?\s+(?P<year3>{_YEAR})[-/.年](?P<month3>[0-9]{{1,2}})月?(?![-0-9./:日])"
    r")"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAME = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}"
_ENGLISH = re.compile(
    rf"\b(?:(?P<year1>{_YEAR})[- ](?P<month1>{_MONTH_NAME})\.?[- ](?P<day1>[0-9]{{1,2}})"
    rf"|(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?[- ](?P<month2>{_MONTH_NAME})\.?,?[- ](?P<year2>{_YEAR})"
    rf"|(?P<month3>{_MONTH_NAME})\.? (?P<day3>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year3>{_YEAR}))\b",
    re.IGNORECASE,
)
# A year alone, with a blank or a dash beside it: what years apart from their days and English dates have.
_YEAR_ALONE = re.compile(rf"(?:{_YEAR})(?![0-9])(?:年?\s|-|(?<=[\s-][0-9]{{4}}))")
_LETTERS = re.compile("[A-Za-z]{3}")
_FORMS = {"-": "ymd", "/": "slash", ".": "dot"}
_PLAIN_CHARACTERS = len("2026-01-02")


class PrintedDate:  # its attributes are not Final: compiled code would read those of an object already freed
    """A full date: the day, its words as printed, the form, and where it stands (``text[start:end] == printed``).

    Forms: ``ymd`` (2026-01-02), ``slash``, ``dot``, ``ymd-cn`` (2026年1月2日), ``han`` (二〇二六年一月二日), ``roc``
    (民國115年1月2日), ``iso`` (an instant in UTC, moved to the portal's day), ``compact`` (20260102), ``split`` (year
    and day apart), ``english``, ``url``.
    """

    __slots__ = ("day", "end", "form", "printed", "start")

    def __init__(self, day: date, printed: str, form: str, start: int, end: int) -> None:
        self.day = day
        self.printed = printed
        self.form = form
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"PrintedDate({self.day.isoformat()}, {self.printed!r}, {self.form!r}, {self.start}, {self.end})"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A date printed without its year; ``year`` is what the caller knew, None when nobody knows it."""

    month: int
    day_of_month: int
    year: int | None
    printed: str
    start: int
    end: int

    @property
    def day(self) -> date | None:
        """The full date, or None without a year (or where that year has no such day)."""
        return self.in_year(self.year) if self.year is not None else None

    def in_year(self, year: int) -> date | None:
        """The date in ``year``, None where that year lacks it (29 February)."""
        return _day(year, self.month, self.day_of_month)


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_dates(text: str, *, compact: bool = False) -> list[PrintedDate]:
    """Every full date in one text, in the order of the text.

    ``compact`` also takes eight bare digits (20260102): only for texts that are known to hold a date, since ids and
    document numbers look alike. Year and day on two lines, and English month names, are tried where nothing else fits.
    """
    if not may_hold_date(text):
        return []
    if (day := plain_day(text)) is not None:
        return [PrintedDate(day, text, _FORMS[text[4]], 0, len(text))]
    narrow = text.translate(_NARROW) if not text.isascii() and _WIDE.search(text) else text
    found = _separated(narrow, text) if "-" in narrow or "." in narrow or "/" in narrow else []
    if "年" in narrow:
        found += _named(narrow, text)
        if len(found) > 1:
            found.sort(key=_start_of)
    if compact and not found:
        found = _grouped(_COMPACT, narrow, text, "compact")
    if not found and _YEAR_ALONE.search(narrow):
        found = _grouped(_SPLIT, narrow, text, "split")
        if not found and _LETTERS.search(narrow):
            found = _grouped(_ENGLISH, narrow, text, "english")
    return found


def _start_of(one: PrintedDate) -> int:
    return one.start


def may_hold_date(text: str) -> bool:
    """Whether ``find_dates`` need look at all: every form has a year, and most texts, also with digits, have none."""
    return "20" in text or "年" in text or "199" in text or "２０" in text or "１９" in text


def count_years(text: str) -> int:
    """At least as many as ``find_dates`` finds dates: how often anything stands in the text that a year may be of."""
    return sum([text.count(mark) for mark in ("20", "年", "199", "２０", "１９")])


def plain_day(text: str) -> date | None:
    """The date that is all of a text (2026-01-02, 2026/01/02, 2026.01.02), as most lists print it; else None.

    For speed alone: ``find_dates`` finds these too.
    """
    if len(text) != _PLAIN_CHARACTERS or (mark := text[4]) not in _FORMS or text[7] != mark:
        return None
    try:
        day = date.fromisoformat(text if mark == "-" else text.replace(mark, "-"))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _separated(narrow: str, text: str) -> list[PrintedDate]:
    found = []
    for match in _SEPARATED.finditer(narrow):
        year, mark, month, day_of_month, zulu = match.group("year", "mark", "month", "day", "zulu")
        day = _day(int(year), int(month), int(day_of_month))
        if day is None:
            continue
        if zulu:
            # 16:00Z is midnight in China: without the move every such date would be a day early.
            local = datetime.fromisoformat(f"{day.isoformat()}T{match['time']}") if match["time"] < "24" else None
            if local is not None:
                found.append(PrintedDate((local + _CHINA_OFFSET).date(), match[0], "iso", match.start(), match.end()))
            continue
        start, end = match.start(), match.end("day")
        found.append(PrintedDate(day, text[start:end], _FORMS[mark], start, end))
    return found


def _named(narrow: str, text: str) -> Iterator[PrintedDate]:
    for match in _NAMED.finditer(narrow):  # begins with a literal, which is found fast; the year is looked up behind it
        reach = max(0, match.start() - _YEAR_BEFORE_CHARACTERS)
        head = _YEAR_BEFORE.search(narrow[reach : match.start()])
        if head is None:
            continue
        start, end = reach + head.start(), match.end()
        if narrow[max(0, start - 3) : start].rstrip().endswith(("农历", "農曆", "夏历", "夏曆")):
            continue  # the lunar calendar
        year, form = _named_year(head)
        month, day_of_month = _number(match["month"]), _number(match["day"])
        day = _day(year, month, day_of_month) if month and day_of_month else None
        if day is not None:
            yield PrintedDate(day, text[start:end], form, start, end)


def _named_year(match: re.Match[str]) -> tuple[int, str]:
    if match["year"]:
        return int(match["year"]), "ymd-cn"
    if match["han"]:
        return int("".join(_HAN_DIGITS[character] for character in match["han"])), "han"
    return int(re.sub(r"[^0-9]", "", match["republic"])) + _REPUBLIC_OFFSET, "roc"


def _number(words: str) -> int | None:
    """1 to 99 from digits or Chinese numerals (十二, 二十三, 廿三, 二三); None when it is no number."""
    if words.isascii():
        return int(words)
    if words == "元":
        return 1
    words = words.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = words.partition("十")
    if not ten:
        return int("".join(_HAN_DIGITS[character] for character in tens))
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return int(_HAN_DIGITS.get(tens, "1")) * 10 + int(_HAN_DIGITS.get(ones, "0"))


def _grouped(pattern: re.Pattern[str], narrow: str, text: str, form: str) -> list[PrintedDate]:
    """The dates of a pattern with variants (year1, month1, day1 ...)."""
    found = []
    for match in pattern.finditer(narrow):
        variant = (match.lastgroup or "")[-1]
        year, month, day_of_month = match.group(f"year{variant}", f"month{variant}", f"day{variant}")
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        day = _day(int(year), number, int(day_of_month))
        if day is not None:
            start, end = match.span()
            found.append(PrintedDate(day, text[start:end], form, start, end))
    return found


_MONTH_DAY = re.compile(
    r"(?<![-0-9./:A-Za-z年共第])(?:"
    r"(?P<month1>1[0-2]|0?[1-9])\s?月\s?(?P<day1>3[01]|[12][0-9]|0?[1-9])\s?[日号號]"
    r"|(?P<month2>1[0-2]|0?[1-9])-(?P<day2>3[01]|[12][0-9]|0?[1-9])"
    r"|(?P<month3>1[0-2]|0[1-9])[/.](?P<day3>3[01]|[12][0-9]|0[1-9])"
    r")(?![-0-9./:%A-Za-z年月日号號个页条岁期届])"
)


def find_month_day(text: str, year: int | None = None) -> MonthDay | None:
    """The first date without a year: 03-02, [3-2], 03/02, 03.02, 3月2日; None when there is none.

    For a text that holds a date and little else: a ratio or a page count looks the same.
    ``year`` is taken over as given.
    """
    if _DIGIT.search(text) is None:
        return None
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    for match in _MONTH_DAY.finditer(narrow):
        variant = "1" if match["month1"] else "2" if match["month2"] else "3"
        month, day = int(match[f"month{variant}"]), int(match[f"day{variant}"])
        if _day(2000, month, day) is None:  # a leap year: 29 February is left to the real year
            continue
        return MonthDay(month, day, year, text[match.start() : match.end()], match.start(), match.end())
    return None


# Whole path segments only: an id may hold anything that looks like a date.
_URL = re.compile(
    rf"/(?:[tTcC]({_YEAR})([01][0-9])([0-3][0-9])(?=_)|({_YEAR})(?:"
    r"/(1[0-2]|0?[1-9])/(3[01]|[12][0-9]|0?[1-9])(?=/)"
    r"|/([01][0-9])-?([0-3][0-9])(?=/)"
    r"|-(1[0-2]|0?[1-9])[-/](3[01]|[12][0-9]|0?[1-9])(?=[/_.]|$)"
    r"|([01][0-9])([0-3][0-9])(?=[/_.]|$)"
    r"|_([01][0-9])_([0-3][0-9])(?=[/_.]|$)))"
)


def date_from_url(url: str) -> PrintedDate | None:
    """The day that an address carries (t20260102_1.html, /art/2026/1/2/art_, /20260102/, /2026/0102/, /2026-01-02/).

    None for a month alone (/202601/), for ids, and for anything in the query. Of several the last counts: folders hold
    the column's day, the file name the article's. It is often the day of an import, thus the weakest of all sources.
    """
    path = url.partition("?")[0].partition("#")[0]
    found: PrintedDate | None = None
    for match in _URL.finditer(path):
        year, month, day_of_month = [int(part) for part in match.groups() if part]
        day = _day(year, month, day_of_month)
        if day is not None:
            start, end = match.start() + len("/"), match.end()
            found = PrintedDate(day, path[start:end], "url", start, end)
    return found


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def parse_day(text: str) -> date:
    """A day given by the user, strictly YYYY-MM-DD. Raises DateError with what to write instead."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise DateError(f"日期“{text}”的写法不对：请写成 YYYY-MM-DD，例如 2026-01-31")
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError as exc:
        if not 1 <= month <= 12:
            problem = f"没有 {month:02d} 月"
        elif year == 0:
            problem = "没有 0000 年"
        else:
            problem = f"{year} 年 {month} 月没有 {day} 日"
        raise DateError(f"日期“{text}”不存在：{problem}，请写成 YYYY-MM-DD，例如 2026-01-31") from exc


@dataclass(frozen=True, slots=True)
class Period:
    """A length of calendar time. A month before 31 August is 31 July; six months before it are 28 (or 29) February."""

    years: int = 0
    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        """The day this long before ``day``, the last day of the month where the month is too short."""
        return self._moved(day, -1)

    def after(self, day: date) -> date:
        """The day this long after ``day``, the last day of the month where the month is too short."""
        return self._moved(day, 1)

    def _moved(self, day: date, direction: int) -> date:
        month_index = day.year * 12 + day.month - 1 + direction * (self.years * 12 + self.months)
        year, month = divmod(month_index, 12)
        try:
            month_start = date(year, month + 1, 1)
            last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
            return month_start.replace(day=min(day.day, last)) + timedelta(days=direction * self.days)
        except (ValueError, OverflowError) as exc:
            raise DateError(f"{day.isoformat()} 加减期限“{self}”后超出日历范围") from exc

    @property
    def words(self) -> str:
        """As a reader of a report expects it: 14天, 6个月, 1年."""
        parts = ((self.years, "年"), (self.months, "个月"), (self.days, "天"))
        return "".join(f"{count}{unit}" for count, unit in parts if count) or "0天"

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0D")


_PERIOD = re.compile(r"P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?")


def parse_period(text: str) -> Period:
    """P14D, P2W, P6M, P1Y, P1Y6M: calendar years, months, days. Raises DateError with what to write instead."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise DateError(f"期限“{text}”的写法不对：请写成 P14D（14天）、P6M（6个月）或 P1Y（1年）")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return Period(years, months, weeks * 7 + days)
