"""Which of the dates in a list's entries is the day of publication.

Dates belong to entries. A date counts where it stands by itself or behind a label, in the entry or in the row beside
it; a date within a sentence or a title is what the entry is about. What was read and lost is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from gkmonitor.dates import (
    MonthDay,
    PrintedDate,
    date_from_url,
    find_dates,
    find_month_day,
    may_hold_date,
    plain_day,
)
from gkmonitor.records import DateReading
from spiders.readers.item import Piece

MAX_SHORT_CHARACTERS = 60
MAX_SMALL_CHARACTERS = 12
MAX_MONTH_DAY_CHARACTERS = 24
MAX_DATES = 40
MAX_PIECE_CHARACTERS = 2_000
MAX_NEAR_CHARACTERS = 120
MAX_URL_DISTANCE_DAYS = 45

_PUBLISHED = re.compile(
    r"(?:发\s?布|公\s?布|发\s?表|上\s?传|刊\s?登|上网|公开|公示|更新|發布|發表|公佈)[^，。；]{0,4}$"
)
_WRITTEN = re.compile(r"(?:成文|发文|印发|生成|制定|成立|签发|提交|来信|咨询|留言|受理|申请|写信|提问)[^，。；]{0,4}$")
_OTHER_DAY = re.compile(
    r"(?:截\s?止|截\s?至|有效|失效|废止|报名|开标|结束|施行|实施|生效|执行|起始|开始|到期|会议|活动|出生|至|到|自|从|—|~)[^，。；]{0,5}$"
)
_DASHES = " \t\u3000-—–~～·|/"
_CLOCK = re.compile(r"今天|今日|现在|当前|北京时间|农历|欢迎|today|copyright|©|版权", re.IGNORECASE)
_LABEL = re.compile(r"(?:时\s?间|日\s?期|日间|時間|date|time)\s*[:：]?\s*[\[【(（]?\s*$", re.IGNORECASE)
_TRIM = re.compile(
    r"(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?|(?:星期|周)[一二三四五六日天]|发布|发表|公布|更新|时间|日期|日间|来源|"
    r"new|hot|[\W_])+",
    re.IGNORECASE,
)
_GLUED_END = re.compile(r"[\s\])）】>]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s\])）】>]*$")
_GLUED_LAST = frozenset("0123456789０１２３４５６７８９日号號年月Zz])）】> ")  # one of which such a title ends in
_ENDS_OTHERWISE = re.compile(
    r"(?:截\s?[止至]|有效|到期|失效|报名|开标|施行|实施|生效)[^，。；（(\[【]{0,4}$|[至到~～—自从]\s{0,2}$"
)
_FILE_ENDINGS = (".doc", ".docx", ".xls", ".xlsx", ".pdf", ".zip", ".rar", ".wps", ".et", ".ppt", ".pptx")
_SENTENCE = re.compile(r"[，。；！？]")
_MONTH_DAY_ONLY = re.compile(r"[\s\[【(（]*\d{1,2}\s?[-/.月]\s?\d{1,2}日?[\s\])）】]*(?:\d{1,2}:\d{2})?[\s\])）】]*")


class Candidate:
    """A date read in an entry; ``rank`` says how surely it is the day of publication (4 labelled so, 3 by itself)."""

    __slots__ = ("day", "printed", "rank", "source")

    def __init__(self, day: date, printed: str, rank: int, source: str) -> None:
        self.day = day
        self.printed = printed
        self.rank = rank
        self.source = source

    def as_reading(self) -> DateReading:
        return DateReading(self.day, self.printed, self.source)


def plain_candidates(texts: Sequence[str], whole: str, title: str) -> list[Candidate] | None:
    """What ``candidates_of`` finds in an entry of a plain list, a link and dates by themselves; None for any other.

    ``whole``: the link's text, which is one of the texts.
    """
    found: list[Candidate] = []
    small = 0
    for text in texts:
        if text == whole:
            if text not in title:
                return None
        elif (day := plain_day(text)) is not None:
            found.append(Candidate(day, text, 3, "list"))
        elif may_hold_date(text):
            return None
        if len(text) <= MAX_SMALL_CHARACTERS and text != title:
            small += 1
    if not found and small > 1:
        return None
    if len(found) > 1:
        found.sort(key=_day_of)
    return found


def _day_of(one: Candidate) -> date:
    return one.day


def _order_of(one: Candidate) -> tuple[int, date]:
    return -one.rank, one.day


def candidates_of(pieces: Sequence[Piece], title: str, heads: Sequence[str] = ()) -> list[Candidate]:
    """Dates outside the title, the surest first; equally sure ones with the earlier day first."""
    found: list[Candidate] = []
    for piece in pieces:
        if piece.in_link and (piece.text in title or (title in piece.text and len(piece.text) <= len(title) + 2)):
            continue
        head = heads[piece.cell] if 0 <= piece.cell < len(heads) else ""
        found += _in_piece(piece, head)
    if not found:
        found = _in_small_pieces(pieces, title)
    if len(found) > 1:
        found.sort(key=_order_of)
    return found


def _in_piece(piece: Piece, head: str) -> list[Candidate]:
    text = piece.text[:MAX_PIECE_CHARACTERS]
    if text.endswith(_FILE_ENDINGS):
        return []  # what an attachment is called
    dates = find_dates(text, compact=len(text) <= 14)
    result = []
    for one in dates[:MAX_DATES]:  # a text of more is a log or a law, not what an entry says of its own day
        rank = _rank(text, one, head)
        if rank:
            source = "list:cell" if piece.cell >= 0 else "list:beside" if piece.is_around else "list"
            result.append(Candidate(one.day, one.printed, rank, source))
    return result


def _rank(text: str, one: PrintedDate, head: str) -> int:
    if len(text) == one.end - one.start and not head:
        return 3
    # What stands farther off cannot change the answer, and there may be hundreds of days in one long text.
    before = text[max(0, one.start - MAX_NEAR_CHARACTERS) : one.start]
    after = text[one.end : one.end + MAX_NEAR_CHARACTERS]
    if not before.strip(_DASHES):
        before = ""  # what a dash alone leads is no end of a period
    if _OTHER_DAY.search(before) or (head and _OTHER_DAY.search(head)) or _CLOCK.search(before):
        return 0
    near = before[-14:] or head
    if _PUBLISHED.search(near) or (head and _PUBLISHED.search(head)):
        return 4
    if _WRITTEN.search(near):
        return 2
    if len(_TRIM.sub("", before + " " + after)) <= 2:
        return 3
    if _LABEL.search(before):
        return 3
    if len(text) <= MAX_SHORT_CHARACTERS and not _SENTENCE.search(text):
        return 2 if not before.strip() or not after.strip() or not piece_is_title(before) else 1
    return 0


def piece_is_title(before: str) -> bool:
    """Whether the words before a date are long enough to be what it is about."""
    return len(before) > 24


def _in_small_pieces(pieces: Sequence[Piece], title: str) -> list[Candidate]:
    """A date cut into several elements: "10/23" over "2020", "23" over "2020-12"."""
    small = [p.text for p in pieces if len(p.text) <= MAX_SMALL_CHARACTERS and p.text != title]
    if not 2 <= len(small) <= 8:
        return []
    return [Candidate(one.day, one.printed, 3, "list:split") for one in find_dates(" ".join(small))]


def glued_date(title: str) -> tuple[Candidate, str] | None:
    """A date that a template puts behind the title in the link, and the title without it."""
    dates = find_dates(title) if title[-1:] in _GLUED_LAST else ()
    if not dates:
        return None
    last = dates[-1]
    if last.start < 2 or not _GLUED_END.fullmatch(title[last.end :]) or _ENDS_OTHERWISE.search(title[: last.start]):
        return None
    rest = title[: last.start].rstrip(" [【(（<-—|")
    return Candidate(last.day, last.printed, 1, "list:title"), rest


def month_day_in(texts: Sequence[str]) -> MonthDay | None:
    """A printed month and day that is all of a text."""
    for text in texts:
        if len(text) <= MAX_MONTH_DAY_CHARACTERS and _MONTH_DAY_ONLY.fullmatch(text):
            found = find_month_day(text)
            if found is not None:
                return found
    return None


def in_proven_year(found: MonthDay, url: str | None, heading_year: int | None) -> Candidate | None:
    """The day in the year that a heading or the address proves; None where neither does."""
    if heading_year is not None:
        day = found.in_year(heading_year)
        return Candidate(day, found.printed, 3, "list:heading-year") if day else None
    by_url = date_from_url(url) if url else None
    if by_url is None:
        return None
    years = (by_url.day.year, by_url.day.year - 1, by_url.day.year + 1)
    days = [day for one in years if (day := found.in_year(one)) is not None]
    day = min(days, key=lambda one: abs((one - by_url.day).days))
    if abs((day - by_url.day).days) <= MAX_URL_DISTANCE_DAYS:
        return Candidate(day, found.printed, 3, "list:url-year")
    return None


def url_date(url: str | None) -> Candidate | None:
    found = date_from_url(url) if url and ("20" in url or "/19" in url) else None
    return Candidate(found.day, found.printed, 0, "url") if found else None
