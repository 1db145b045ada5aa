"""Footer marks and page labels. 国办发〔2017〕47号 and its annex 网页设计规范."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from gkmonitor.checking import PortalCheck, Undecided, address_key, register
from gkmonitor.records import Marks, PageKind, PortalFacts, Reason, Subject, Verdict

MARK_NAMES: Mapping[str, str] = {
    "site_id_code": "网站标识码",
    "icp": "ICP备案编号",
    "psb": "公安机关备案标识",
    "organizer": "主办单位",
    "contact": "联系方式",
    "has_party_government_mark": "党政机关网站标识",
    "has_error_report_entry": "“我为政府网站找错”入口",
}
_FEWEST_PAGES = 2  # of one kind, before their labels say something about a template


@register
class MarkMissing(PortalCheck):
    """The footer lacks a mark that every government site must show."""

    code = "mark-missing"
    requires = ("mark",)
    values: ClassVar = {"mark": tuple(MARK_NAMES)}

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        mark = str(self.params["mark"])
        name = MARK_NAMES[mark]
        if facts.home.state is not None:
            raise Undecided(facts.home.state, f"首页未能完整读取，不能断定没有{name}")
        seen = [facts.marks, *(page.marks for page in facts.pages)]
        value = next((found for marks in seen if (found := _value(marks, mark))), None)
        if value:
            shown = name if value is True else str(value)
            yield self.ok(None, f"已标注{name}：{shown}", measured=shown)
            return
        present = [MARK_NAMES[other] for other in MARK_NAMES if any(_in_footer(m, other) for m in seen)]
        if not present:
            raise Undecided(
                Reason.NOT_OBSERVED, f"未读到页脚的任何标识（页脚可能由脚本或框架生成），不能断定没有{name}"
            )
        yield self.violation(
            None,
            f"页脚标注了{'、'.join(present)}，未见{name}",
            measured="未见",
            required=f"标注{name}",
            quote=f"页脚所见：{'、'.join(present)}",
        )


def _value(marks: Marks, mark: str) -> object:
    """What the page shows; a site code of the wrong form is shown all the same, its form is another check's."""
    return getattr(marks, mark) or (marks.odd_site_id_code if mark == "site_id_code" else None)


def _in_footer(marks: Marks, mark: str) -> bool:
    """The mark was read from the page itself; a site code may also come from a label in the page's head."""
    if mark == "site_id_code" and any(name.lower() == "siteidcode" for name in marks.labels):
        return False
    return bool(getattr(marks, mark))


@register
class LabelMissing(PortalCheck):
    """Pages lack the labels (meta) that the annex asks of their kind."""

    code = "label-missing"
    requires = ("labels", "page")
    values: ClassVar = {"labels": "texts", "page": ("home", "column", "article")}

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        labels = tuple(str(label) for label in self.params["labels"])
        pages = _labelled(facts, str(self.params["page"]))
        if not pages:
            raise Undecided(Reason.NOT_OBSERVED, "没有读到这类页面，不能判断页面标签")
        lacking = [(subject, missing) for subject, found in pages if (missing := _missing(labels, found))]
        if not lacking:
            yield self.ok(None, f"{len(pages)} 个页面均有标签 {'、'.join(labels)}", measured=f"{len(pages)} 页齐全")
            return
        absent = [label for label in labels if any(label in missing for _, missing in lacking)]
        yield self.violation(
            None,
            f"检查的 {len(pages)} 个页面中有 {len(lacking)} 个缺少页面标签：{'、'.join(absent)}",
            measured=f"{len(lacking)} 页缺少",
            required=f"设有标签 {'、'.join(labels)}",
            members=tuple(subject for subject, _ in lacking),
            evidence=[self.evidence(lacking[0][0], f"页面源码中未见标签 {'、'.join(lacking[0][1])}")],
        )


def _labelled(facts: PortalFacts, page: str) -> list[tuple[Subject, Mapping[str, str]]]:
    """Pages of that kind with the labels as written."""
    if page == "home":
        if facts.home.state is not None:
            return []
        home = next((record for record in facts.pages if record.kind is PageKind.HOME), None)
        labels = {**(home.marks.labels if home else {}), **facts.marks.labels}
        return [(Subject(url=facts.site.final_url), labels)]
    if page == "column":
        return [
            (Subject(c.concept, c.name, c.url, c.path), c.labels)
            for c in facts.columns
            if c.state is None and not c.is_delegated and c.kind is PageKind.LISTING
        ]
    columns = _column_addresses(facts)
    records = [
        record
        for record in facts.pages
        if record.kind is PageKind.ARTICLE and address_key(record.observation.final_url) not in columns
    ]
    if len(records) < _FEWEST_PAGES:
        return []
    return [(Subject(url=record.observation.final_url), record.marks.labels) for record in records]


def _column_addresses(facts: PortalFacts) -> frozenset[str]:
    """A column that is one text (公开指南, 机构职能) owes the labels of a column, not those of an article."""
    asked = {address_key(column.url) for column in facts.columns}
    return frozenset(asked | {address_key(c.observation.final_url) for c in facts.columns if c.observation})


def _missing(labels: Sequence[str], found: Mapping[str, str]) -> list[str]:
    """Labels that are absent or empty; names are compared without case."""
    filled = {name.strip().lower() for name, content in found.items() if content and content.strip()}
    return [label for label in labels if label.lower() not in filled]
