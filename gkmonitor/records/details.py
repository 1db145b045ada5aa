"""What tables, letters, guides and drafts of a page say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """One decision or document with the dates that a table prints for it: a permit, a penalty, an index card.

    ``published`` None: the table names no publication date of its own. ``holder`` is never a natural person's name.
    """

    kind: str  # permit, penalty, document (成文日期 and 发布日期 of an index card), other
    subject: str  # what identifies it: its name or its document number
    url: str  # the page that shows it
    decided: date | None = None
    published: date | None = None
    decided_printed: str | None = None
    published_printed: str | None = None
    document_number: str | None = None
    organ: str | None = None  # 许可机关, 处罚机关
    fields: tuple[str, ...] = ()  # heads whose cells hold something, as printed


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter or question that the portal shows, and what it shows of its answer."""

    title: str
    url: str
    submitted: date | None = None
    replied: date | None = None
    is_answered: bool | None = None  # None: the page does not say
    kind: str | None = None  # 咨询, 建议, 投诉 ... as printed
    printed: str | None = None  # the state or the dates as printed


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """One guide to a service (办事指南) and the heads of the elements that it fills in, as printed."""

    title: str
    url: str
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consultation:
    """A draft put up for opinions: the days between which they are taken."""

    title: str
    url: str
    published: date | None = None
    opens: date | None = None
    closes: date | None = None
    printed: str | None = None  # the words that name the days
    is_major: bool = False  # calls itself 重大行政决策
    shortened: str | None = None  # the words that give a reason for a shorter time


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """What a paper's page says that it belongs with: its interpretation, or the document that it interprets."""

    url: str  # the page that says so
    label: str  # 相关解读, 政策原文 ... as printed
    target: str  # where its link leads
    title: str = ""  # the link's text
    is_explicit: bool = True  # the label says what belongs with this paper; False: it may head a list of the newest


@dataclass(frozen=True, slots=True)
class Details:
    """What tables, letters, guides and drafts of one page, or of all pages of one column, say."""

    rows: tuple[PublicityRow, ...] = ()
    letters: tuple[Letter, ...] = ()
    guides: tuple[GuideFacts, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    attachments: tuple[str, ...] = ()  # addresses of files with decisions (.xls, .pdf) that were not read
    related: tuple[RelatedPaper, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is said that is judged by itself; what belongs with a paper is not."""
        return bool(self.rows or self.letters or self.guides or self.consultations or self.attachments)

    def __add__(self, other: Details) -> Details:
        """Both together, nothing twice."""
        if not other and not other.related:
            return self
        return Details(
            tuple(dict.fromkeys((*self.rows, *other.rows))),
            tuple(dict.fromkeys((*self.letters, *other.letters))),
            tuple(dict.fromkeys((*self.guides, *other.guides))),
            tuple(dict.fromkeys((*self.consultations, *other.consultations))),
            tuple(dict.fromkeys((*self.attachments, *other.attachments))),
            tuple(dict.fromkeys((*self.related, *other.related))),
        )
