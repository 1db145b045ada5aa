"""The records of rule packs: a rule, what a person is asked to look at, what the web cannot show, a pack.

Frozen; made by ``gkmonitor.rules`` from YAML and never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gkmonitor.records import Profile, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the words it rests on, whom it binds, the check it uses and that check's parameters."""

    pack: str
    slug: str
    title: str
    document: str
    clause: str
    words: str  # quoted; empty where the wording was not seen, then ``title`` says it plainly
    confidence: str  # A: seen verbatim or in two sources, B: in one, C: unconfirmed
    check: str
    severity: Severity
    concepts: tuple[str, ...] = ()  # empty: not bound to concepts
    profiles: frozenset[Profile] = frozenset()  # empty: every profile
    not_profiles: frozenset[Profile] = frozenset()  # every profile but these; one that is unknown is bound
    hosts: frozenset[Profile] = frozenset()  # may carry what ``units`` publish: judged as far as it is there
    units: tuple[str, ...] = ()  # the competent departments or kinds of enterprise; empty: every one of the profile
    points: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    covers: tuple[str, ...] = ()  # duties that it answers
    valid_from: date | None = None
    valid_to: date | None = None
    day_kind: str = "natural"  # natural, working
    needs_person: bool = (
        False  # the machine finds a candidate; what it accuses of is a fault only once a person says so
    )
    line: int = 0
    id: str = field(init=False, repr=False, compare=False)  # pack/slug

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", f"{self.pack}/{self.slug}")

    @property
    def verified(self) -> bool:
        """The source was seen; otherwise the rule only warns."""
        return self.confidence != "C"

    def is_in_force(self, day: date) -> bool:
        return is_within_days(day, self.valid_from, self.valid_to)

    def binds(self, profile: Profile | None) -> bool | None:
        """Whether the rule binds a portal of this profile; None when that depends on the unknown profile."""
        return binds(self.profiles | self.hosts, self.not_profiles, profile)

    def is_obliged(self, profile: Profile | None) -> bool:
        """Whether what is absent from a portal of this profile is a fault there, and not only on the units' own."""
        return profile is None or profile not in self.hosts


@dataclass(frozen=True, slots=True)
class Task:
    """What a rule cannot decide and a person is asked to look at."""

    pack: str
    slug: str
    title: str
    clause: str
    look: str  # what to look at
    where: str
    counts: str  # what counts as done
    how: str  # assisted: candidates can be shown; manual
    covers: tuple[str, ...]  # duties of the catalogue; none for national indicators
    words: str = ""
    why: str | None = None  # why no rule decides it
    profiles: frozenset[Profile] = frozenset()
    line: int = 0

    @property
    def id(self) -> str:
        return f"{self.pack}/{self.slug}"


@dataclass(frozen=True, slots=True)
class NotWeb:
    """Duties that leave nothing to see on the web, with the reason."""

    why: str
    covers: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class RulePack:
    """A dated set of rules. ``region``: the leading digits of a division code, None for the whole country."""

    id: str
    version: str
    title: str
    documents: tuple[str, ...]
    rules: tuple[Rule, ...]
    region: str | None = None
    profiles: frozenset[Profile] = frozenset()
    not_profiles: frozenset[Profile] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # packs that are chosen along with this one
    default: bool = True  # chosen without being named
    source: str = ""
    tasks: tuple[Task, ...] = ()
    not_web: tuple[NotWeb, ...] = ()

    def is_in_force(self, day: date) -> bool:
        return is_within_days(day, self.valid_from, self.valid_to)


def is_within_days(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def binds(only: frozenset[Profile], never: frozenset[Profile], profile: Profile | None) -> bool | None:
    if profile is not None:
        return profile not in never and (not only or profile in only)
    return None if only and only != frozenset(Profile) else True
