"""Whether guides to services say what they have to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from checks.presence import find
from gkmonitor.checking import Looked, PortalCheck, Undecided, register, way
from gkmonitor.concepts import normalise_name
from gkmonitor.records import ColumnFacts, Excuse, GuideFacts, PortalFacts, Reason, Subject, Verdict

_FEWEST_ELEMENTS = 2  # a page that shows fewer is no guide, or shows its parts by script


@register
class GuideIncomplete(PortalCheck):
    """Service guides lack required elements: so many of them, in so many guides."""

    code = "guide-incomplete"
    # elements: what a guide names; | divides alternatives. missing_at_least in one guide counts it, guides_at_least
    # such guides are a fault; where every guide there is was read and there are fewer than that, all of them together
    # are.
    requires = ("elements", "missing_at_least", "guides_at_least")
    values: ClassVar = {"elements": "texts", **dict.fromkeys(("missing_at_least", "guides_at_least"), "number")}
    needs_concepts = True

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        guides = self._guides()
        if not guides:
            yield self._without_guides()
            return
        lacking = [(guide, missing) for guide in guides if len(missing := self._missing(guide)) >= self._least_missing]
        threshold = int(self.params["guides_at_least"])
        required = f"缺少 {self._least_missing} 类及以上要素的指南少于 {threshold} 个"
        if len(lacking) >= threshold or (len(lacking) == len(guides) and self._are_all(guides)):
            yield self._violation(lacking, len(guides), required)
        elif lacking:
            message = (
                f"所读 {len(guides)} 个办事指南中 {len(lacking)} 个缺少 {self._least_missing} 类及以上要素；"
                f"只读了一部分，未达到 {threshold} 个，不能断定"
            )
            raise Undecided(Reason.NOT_OBSERVED, message, quote=lacking[0][0].title)
        else:
            message = f"所读 {len(guides)} 个办事指南缺少的要素都少于 {self._least_missing} 类"
            yield self.ok(Subject(self.rule.concepts[0]), message, measured=f"{len(guides)} 个", required=required)

    def trail(self) -> Iterator[Looked]:
        for guide in self._guides():
            missing = self._missing(guide)
            yield Looked(
                f"指南“{guide.title}”",
                f"缺少 {len(missing)} 类：{_join(missing)}" if missing else "要素齐全",
                guide.url,
            )

    def _are_all(self, guides: Sequence[GuideFacts]) -> bool:
        """Whether nothing but these guides is offered: every list was read to its end and lists them alone."""
        columns = self._columns()
        own = {item.url for column in columns for item in column.items}
        is_whole = all(column.state is None and (column.is_complete or column.is_parent) for column in columns)
        return is_whole and not self.portal.is_cut and own == {guide.url for guide in guides}

    def _columns(self) -> list[ColumnFacts]:
        """The columns of the concepts and those below them."""
        columns = self.portal.columns_of(self.rule.concepts)
        return [*columns, *(child for column in columns for child in self.portal.children(column))]

    @property
    def _least_missing(self) -> int:
        return int(self.params["missing_at_least"])

    def _guides(self) -> list[GuideFacts]:
        """Every guide once."""
        found = {
            guide.url: guide
            for column in self._columns()
            for guide in column.details.guides
            if len(guide.elements) >= _FEWEST_ELEMENTS
        }
        return list(found.values())

    def _without_guides(self) -> Verdict:
        """No guide was read: it lives on the service platform, or was not looked at."""
        column = find(self.portal, self.rule.concepts[0]).column
        if column is not None and column.is_delegated:
            message = f"办事指南设在{way(column)}指向的平台，应在该平台检查"
            return self.excused(column, Excuse.DELEGATED, message, quote=column.name)
        raise Undecided(Reason.NOT_OBSERVED, "没有读到办事指南的内容，未作判断")

    def _missing(self, guide: GuideFacts) -> list[str]:
        seen = [normalise_name(element) for element in guide.elements]
        return [
            _first(entry)
            for entry in self.params["elements"]
            if not any(normalise_name(word) in one for word in entry.split("|") for one in seen)
        ]

    def _violation(self, lacking: Sequence[tuple[GuideFacts, list[str]]], seen: int, required: str) -> Verdict:
        guide, missing = max(lacking, key=lambda found: len(found[1]))
        return self.violation(
            Subject(self.rule.concepts[0]),
            f"所读 {seen} 个办事指南中 {len(lacking)} 个缺少 {self._least_missing} 类及以上要素；"
            f"例如“{guide.title}”缺少{_join(missing)}",
            measured=f"{len(lacking)} 个",
            required=required,
            members=tuple(Subject(self.rule.concepts[0], one.title, one.url) for one, _ in lacking),
            evidence=[
                self.evidence(Subject(url=one.url), f"{one.title}：未见{_join(lack)}") for one, lack in lacking[:3]
            ],
        )


def _first(entry: str) -> str:
    return entry.split("|", maxsplit=1)[0]


def _join(words: Iterable[str]) -> str:
    return "、".join(words)
