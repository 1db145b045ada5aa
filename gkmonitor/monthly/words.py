"""The names and numbers of the month's notice (``data/month.yaml``), checked once when they are first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from gkmonitor.errors import ConceptError
from gkmonitor.lexicon import load_data

NO_REGION: Final = "未填地区"
NO_UNIT: Final = "未填主管单位"
GROUPS: Final = ("finder", "letters", "media", "words", "accountability", "ipv6", "other")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What several checks together ask."""

    slug: str
    title: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypedKind:
    """A figure that people type in; ``group``: the paragraph that it belongs to."""

    slug: str
    title: str
    unit: str
    group: str


@dataclass(frozen=True, slots=True)
class DerivedKind:
    """A figure that follows from typed ones: their sum, or in per cent the share of the first in the second."""

    slug: str
    title: str
    unit: str
    group: str
    parts: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        return self.unit == "%"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of points, both ends with it."""

    title: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MonthWords:
    """What ``data/month.yaml`` says."""

    named_within_hours: int
    sampled_passes: int
    indicators: tuple[Indicator, ...]
    kinds: dict[str, str]  # profile -> Chinese word
    levels: dict[str, str]  # level -> Chinese word
    matrix_concepts: tuple[str, ...]
    news_concepts: tuple[str, ...]
    score_bands: tuple[Band, ...]
    low_rate: float
    early_down_percent: float
    typed: tuple[TypedKind, ...]
    derived: tuple[DerivedKind, ...]


@lru_cache(maxsize=1)
def month_words() -> MonthWords:
    """Raises ConceptError when the data are wrong."""
    data = load_data("month.yaml")
    try:
        found = MonthWords(
            named_within_hours=int(data["named_within_hours"]),
            sampled_passes=int(data["sampled_passes"]),
            indicators=tuple(Indicator(one["slug"], one["title"], tuple(one["checks"])) for one in data["indicators"]),
            kinds={str(key): str(value) for key, value in data["kinds"].items()},
            levels={str(key): str(value) for key, value in data["levels"].items()},
            matrix_concepts=tuple(data["matrix_concepts"]),
            news_concepts=tuple(data["news_concepts"]),
            score_bands=tuple(Band(**one) for one in data["score_bands"]),
            low_rate=float(data["low_rate"]),
            early_down_percent=float(data["early_down_percent"]),
            typed=tuple(TypedKind(**one) for one in data["typed"]),
            derived=tuple(DerivedKind(**{**one, "parts": tuple(one["parts"])}) for one in data["derived"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConceptError(f"月报数据 month.yaml 的内容不对：{error}") from error
    _require_each_once([check for one in found.indicators for check in one.checks])
    known = [one.slug for one in found.typed]
    _require_each_once([*known, *(one.slug for one in found.derived)])
    for one in found.derived:
        if not set(one.parts) <= set(known) or (one.is_share and len(one.parts) != 2):
            raise ConceptError(f"月报数据 month.yaml 中 {one.slug} 的 parts 不对")
    return found


def _require_each_once(names: list[Any]) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ConceptError(f"月报数据 month.yaml 中重复：{'、'.join(sorted(twice))}")


@lru_cache(maxsize=1)
def _by_check() -> dict[str, str]:
    return {check: one.slug for one in month_words().indicators for check in one.checks}


def indicator_of(check: str) -> str:
    """The slug of the indicator that a check belongs to; ``person`` for a check that none names."""
    return _by_check().get(check, "person")
