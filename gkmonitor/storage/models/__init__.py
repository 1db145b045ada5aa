"""The tables, one module a noun. Every index carries a comment that names its query."""

from gkmonitor.storage.models.desk import (
    AccountRow,
    ApiTokenRow,
    AuditRow,
    IssuedReportRow,
    LoginAttemptRow,
    RecheckRequestRow,
    ReviewSampleRow,
    SavedViewRow,
    TypedFigureRow,
    WebSessionRow,
)
from gkmonitor.storage.models.evidence import DayRootRow, EvidenceRow
from gkmonitor.storage.models.inspections import CycleRow, FactsRow, FindingRow, InspectionRow
from gkmonitor.storage.models.ledger import CaseRow, ChainHeadRow, EventRow, TaskRow
from gkmonitor.storage.models.registry import (
    ContactRow,
    DelegationRow,
    ExemptionRow,
    PortalChangeRow,
    PortalRow,
    UnitRow,
)
from gkmonitor.storage.models.running import JobRow, NoticeRow, ScheduleRow
from gkmonitor.storage.models.watching import ColumnRow, ItemRow, ItemTextRow, ProbeDayRow, ProbeRow

__all__ = [
    "AccountRow",
    "ApiTokenRow",
    "AuditRow",
    "CaseRow",
    "ChainHeadRow",
    "ColumnRow",
    "ContactRow",
    "CycleRow",
    "DayRootRow",
    "DelegationRow",
    "EventRow",
    "EvidenceRow",
    "ExemptionRow",
    "FactsRow",
    "FindingRow",
    "InspectionRow",
    "IssuedReportRow",
    "ItemRow",
    "ItemTextRow",
    "JobRow",
    "LoginAttemptRow",
    "NoticeRow",
    "PortalChangeRow",
    "PortalRow",
    "ProbeDayRow",
    "ProbeRow",
    "RecheckRequestRow",
    "ReviewSampleRow",
    "SavedViewRow",
    "ScheduleRow",
    "TaskRow",
    "TypedFigureRow",
    "UnitRow",
    "WebSessionRow",
]
