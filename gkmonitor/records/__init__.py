"""Frozen records that pass between the layers: what was read, what was crawled, what was judged.

Nothing here fetches, parses or decides; the only behaviour is derived properties. Days are ``datetime.date`` in the
portal's own calendar, instants are aware ``datetime`` in UTC, URLs are absolute strings. Collections are tuples.
"""

from __future__ import annotations

from gkmonitor.records.details import Consultation, Details, GuideFacts, Letter, PublicityRow, RelatedPaper
from gkmonitor.records.history import Allowance, History, KnownColumn, ProbeWindow
from gkmonitor.records.page import (
    Article,
    Block,
    ColumnLink,
    DateReading,
    Endpoint,
    Item,
    Listing,
    Marks,
    PageFacts,
    Redirect,
    Statement,
)
from gkmonitor.records.portal import (
    FACTS_SCHEMA,
    ColumnFacts,
    CrawlCoverage,
    HomeFacts,
    Observation,
    PageRecord,
    PortalFacts,
    Site,
)
from gkmonitor.records.verdict import Basis, Evidence, Subject, Verdict
from gkmonitor.records.vocabulary import Excuse, Match, Outcome, PageKind, Profile, Reason, Severity, StatementKind

__all__ = [
    "FACTS_SCHEMA",
    "Allowance",
    "Article",
    "Basis",
    "Block",
    "ColumnFacts",
    "ColumnLink",
    "Consultation",
    "CrawlCoverage",
    "DateReading",
    "Details",
    "Endpoint",
    "Evidence",
    "Excuse",
    "GuideFacts",
    "History",
    "HomeFacts",
    "Item",
    "KnownColumn",
    "Letter",
    "Listing",
    "Marks",
    "Match",
    "Observation",
    "Outcome",
    "PageFacts",
    "PageKind",
    "PageRecord",
    "PortalFacts",
    "ProbeWindow",
    "Profile",
    "PublicityRow",
    "Reason",
    "Redirect",
    "RelatedPaper",
    "Severity",
    "Site",
    "Statement",
    "StatementKind",
    "Subject",
    "Verdict",
]
