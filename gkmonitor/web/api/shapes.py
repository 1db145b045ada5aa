"""What the calls take and answer. Objects of the ledger keep the keys that ``gkmonitor violations list --json`` has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field

from gkmonitor.ledger.records import EventKind
from gkmonitor.storage.base import clean_text

LARGEST: Final = 2**53 - 1  # whole numbers that JSON carries everywhere, and both databases hold
MOST: Final = 500

Number = Annotated[int, Path(ge=1, le=LARGEST)]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="一页最多多少条")]
After = Annotated[str, Query(max_length=200, description="上一页给出的 next；第一页不写")]
Month = Annotated[str, Field(pattern=r"^(?:20\d\d)-(?:0[1-9]|1[0-2])$", examples=["2026-11"])]
Words = Annotated[str, Query(max_length=200), AfterValidator(clean_text)]
Text = Annotated[str, Field(max_length=4000), AfterValidator(clean_text)]
Name = Annotated[str, Field(max_length=300), AfterValidator(clean_text)]
Short = Annotated[str, Field(max_length=2000), AfterValidator(clean_text)]
PathMonth = Annotated[str, Path(pattern=r"^20\d\d-(?:0[1-9]|1[0-2])$", examples=["2026-11"])]
Skipped = Annotated[int, Query(ge=0, le=LARGEST, description="上一页给出的 next；第一页不写")]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ItemT = TypeVar("ItemT")


def example(**values: Any) -> ConfigDict:
    """The settings of a model with an example of it."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Given(BaseModel):
    """What a call is given: a name that is not known is refused, so that a typing error changes nothing."""

    model_config = ConfigDict(extra="forbid")


class Listed(BaseModel):
    """Some of a list; ``next``: what to give as ``after`` for what follows, null at the end."""

    items: list[dict[str, Any]]
    next: str | None = None


class Some(BaseModel, Generic[ItemT]):
    """The same with items of one shape."""

    items: list[ItemT]
    next: str | None = None


def some(rows: Sequence[ItemT], after: int, limit: int) -> Some[ItemT]:
    """One page of rows that are all at hand; ``after``: how many to pass over."""
    following = str(after + limit) if len(rows) > after + limit else None
    return Some[ItemT](items=list(rows[after : after + limit]), next=following)


class Done(BaseModel):
    """Something was done; ``changed``: false where it had been so already."""

    model_config = example(changed=True)

    changed: bool = True


class Fault(BaseModel):
    """Why a call was refused: in Chinese, and as a code that stays the same when the words become better."""

    model_config = example(detail="没有这个问题，或不属于您可以查看的范围", code="not-found")

    detail: str
    code: str


class Decides(StrEnum):
    """What can be decided on violations."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    NOTIFY = "notify"
    RECTIFY = "rectify"
    CLOSE = "close"
    REOPEN = "reopen"
    UPHOLD = "uphold-appeal"
    REJECT = "reject-appeal"
    ANSWERED = "record-answer"  # a unit's, that came on paper
    APPEALED = "record-appeal"
    EXEMPT = "exempt"
    END_EXEMPTION = "end-exemption"

    @property
    def kind(self) -> EventKind:
        return _KINDS[self]


_KINDS: Final = {
    Decides.CONFIRM: EventKind.CONFIRMED,
    Decides.DISMISS: EventKind.DISMISSED,
    Decides.NOTIFY: EventKind.NOTIFIED,
    Decides.RECTIFY: EventKind.RECTIFIED,
    Decides.CLOSE: EventKind.CLOSED,
    Decides.REOPEN: EventKind.REOPENED,
    Decides.UPHOLD: EventKind.APPEAL_UPHELD,
    Decides.REJECT: EventKind.APPEAL_REJECTED,
    Decides.ANSWERED: EventKind.ANSWERED,
    Decides.APPEALED: EventKind.APPEALED,
    Decides.EXEMPT: EventKind.EXEMPTED,
    Decides.END_EXEMPTION: EventKind.EXEMPTION_ENDED,
}


class Attached(Given):
    """A file; its content in base64."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "整改照片.jpg", "content": "/9j/4AAQSkZJRg=="}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(clean_text)]
    content: Base64Bytes


Attachments = Annotated[list[Attached], Field(max_length=10, default_factory=list, description="附件，最多 10 个")]


def named(files: Sequence[Attached]) -> list[tuple[str, bytes]]:
    """As (name, content)."""
    return [(one.name, one.content) for one in files]


class DecisionGiven(Given):
    """One decision on one or several violations, all or nothing.

    Several at once: confirm, dismiss, notify, rectify and close, without attachments.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"ids": [12, 13], "decision": "confirm", "version": 2}]}
    )

    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST)]
    decision: Decides
    reason: Annotated[str | None, Field(max_length=40, description="排除的理由代码")] = None
    note: Text | None = None
    deadline: Annotated[date | None, Field(description="整改期限；与 days 任写其一")] = None
    days: Annotated[int | None, Field(ge=1, le=250, description="整改期限，工作日数")] = None
    version: Annotated[int | None, Field(ge=1, le=LARGEST, description="查看时的版本；有变化则不执行")] = None
    document: Annotated[Name | None, Field(description="豁免所依据的文件")] = None
    last_day: Annotated[date | None, Field(description="豁免的最后一天")] = None
    attachments: Attachments


class AnswerGiven(Given):
    """What a supervised unit says of a violation of its own."""

    text: Annotated[Text, Field(examples=["已于 11 月 19 日补发"])] = ""
    appeals: Annotated[bool, Field(description="true：申诉；false：整改答复")] = False
    attachments: Attachments


class FindingGiven(Given):
    """What a person found."""

    portal: Id
    text: Annotated[Text, Field(examples=["领导信息未更新"])] = ""
    severity: Annotated[str | None, Field(pattern="^(veto|deduction)$", description="写明规则时可以不写")] = None
    rule: Annotated[Name | None, Field(max_length=200, description="所违反的规则")] = None
    concept: Annotated[Name | None, Field(max_length=80)] = None
    column: Annotated[Name | None, Field(description="栏目，或栏目路径：政务公开>财政信息")] = None
    url: Short | None = None
    attachments: Attachments


class TaskGiven(Given):
    """What a person found who did a task."""

    outcome: Annotated[str, Field(pattern="^(ok|violation|not_applicable)$", examples=["ok"])]
    note: Text | None = None
    severity: Annotated[str, Field(pattern="^(veto|deduction)$")] = "deduction"
    attachments: Attachments


class InspectionsGiven(Given):
    """Portals to be inspected again at once."""

    portals: Annotated[list[Id], Field(min_length=1, max_length=100, examples=[[5, 8]])]


def instant(moment: datetime | None) -> str | None:
    """An instant as in the ledger's JSON."""
    from gkmonitor.verdicts import instant_text

    return instant_text(moment) if moment is not None else None
