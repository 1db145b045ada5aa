"""The disclosure platform and its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.presence import find, require_opened, require_seen_enough
from gkmonitor.checking import Check, register, way
from gkmonitor.concepts import get_concept
from gkmonitor.records import Subject, Verdict


@register
class PlatformBlockMissing(Check):
    """The disclosure platform lacks guide, rules, statutory content or annual reports."""

    code = "platform-block-missing"
    needs_concepts = True

    def subjects(self) -> Iterable[Subject]:
        return [Subject(concept=concept) for concept in self.rule.concepts]

    def judge(self, subject: Subject) -> Iterator[Verdict]:
        concept = subject.concept or ""
        name = get_concept(concept).name_zh
        found = find(self.portal, concept)
        if found.column is not None:
            require_opened(found.column)
            yield self.ok(found.column, f"公开平台设有“{name}”：{way(found.column)}", measured=found.column.name)
            return
        require_seen_enough(self.portal, concept, found)
        platform = find(self.portal, "disclosure-platform").column
        shown = self.portal.children(platform) if platform else [c for c in self.portal.columns if c.level == 1]
        where = f"信息公开平台{way(platform)}" if platform else "网站导航和公开目录"
        yield self.violation(
            subject,
            f"{where}中未发现“{name}”",
            measured="未发现",
            required="指南、制度、法定主动公开内容、年报四个板块齐全",
            quote="所见栏目：" + "、".join(column.name for column in shown[:12]),
        )
