"""The page of a pack that people read: no script, nothing from outside, every text of a portal escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.evidence.dossier import Checked, Dossier
from gkmonitor.evidence.masking import mask_text
from gkmonitor.evidence.records import Kind
from gkmonitor.ledger.records import By, Event
from gkmonitor.ledger.states import STATE_WORDS
from gkmonitor.ledger.words import event_line
from gkmonitor.reports.markup import Child, Markup, element, join
from gkmonitor.reports.spot_html import whole_page
from gkmonitor.reports.wording import SEVERITIES, local_time, printable, redated_words, safe_link

SHOWN_ITEMS: Final = 60
_KINDS: Final[Mapping[str, str]] = {
    Kind.PAGE: "网页",
    Kind.ITEMS: "读取结果",
    Kind.SCREENSHOT: "截图",
    Kind.UPLOAD: "附件",
}
_MASKED: Final = "证件号码、手机号码、银行卡号已遮盖；网页原始内容未放入本包"
_UNMASKED: Final = "本包未作遮盖，可能含有个人信息，请按规定保管，不得公开"


@dataclass(slots=True)
class Copies:
    """Reading copies of pages by the digest of the page: the name in the pack, and how many numbers are masked."""

    names: dict[str, str] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)


def pack_page(
    dossier: Dossier,
    shown: Mapping[int, Mapping[str, Any] | None],
    copies: Copies,
    files: Sequence[str],
    zone: ZoneInfo,
    *,
    is_unmasked: bool,
) -> str:
    """The whole page as text. ``shown``: readings by the id of their piece; ``files``: names that can be linked to."""
    page = _Page(dossier, shown, copies, files, zone, is_unmasked)
    body = element(
        "body",
        element("p", _UNMASKED if is_unmasked else _MASKED, class_="notice", role="note"),
        element("main", *page.parts()),
    )
    return whole_page(f"问题 {dossier.case.id} 证据包", body)


@dataclass(frozen=True, slots=True)
class _Page:
    dossier: Dossier
    shown: Mapping[int, Mapping[str, Any] | None]
    copies: Copies
    files: Sequence[str]
    zone: ZoneInfo
    is_unmasked: bool

    def parts(self) -> Iterator[Markup]:
        yield self._heading()
        yield self._rule()
        yield from self._looks()
        yield self._life()
        yield self._evidence()
        yield self._roots()

    def _text(self, words: object) -> Markup:
        """Words that a portal or a person may have written."""
        text = printable(words)
        return element("bdi", text if self.is_unmasked else mask_text(text))

    # ------------------------------------------------------------ the case

    def _heading(self) -> Markup:
        case = self.dossier.case
        site = case.site
        rows: list[tuple[str, Child]] = [
            ("网站", self._text(site.name) if site else None),
            ("网址", self._link(site.url) if site else None),
            ("网站标识码", self._text(site.site_id_code) if site and site.site_id_code else None),
            ("栏目路径", self._text(" > ".join(case.subject.path)) if case.subject.path else "全站"),
            ("状态", STATE_WORDS[case.state]),
            ("首次发现", local_time(case.first_seen, self.zone)),
            ("最近发现", local_time(case.last_seen, self.zone)),
            ("独立观测", f"{case.observations} 次"),
            ("整改期限", case.deadline.isoformat() if case.deadline else None),
        ]
        found = "人工发现" if case.found_by is By.PERSON else "系统监测"
        return element(
            "header",
            element("p", f"政府网站信息公开检查 · 证据包 · {found}", class_="kicker"),
            element("h1", f"问题 {case.id}：", self._text(case.message)),
            _pairs(rows),
        )

    def _rule(self) -> Markup:
        case = self.dossier.case
        basis = case.verdict.get("basis") or {}
        rows: list[tuple[str, Child]] = [
            ("规则", element("code", printable(case.rule))),
            ("程度", SEVERITIES[case.severity]),
            ("文件", self._text(basis.get("document") or "")),
            ("条款", self._text(basis.get("clause") or "")),
            ("要求", self._text(case.verdict["required"]) if case.verdict.get("required") else None),
        ]
        words = basis.get("words")
        return _section("规则", _pairs(rows), element("blockquote", printable(words)) if words else None)

    # ------------------------------------------------------------ the looks

    def _looks(self) -> Iterator[Markup]:
        with_evidence = set()
        for one in self.dossier.evidence:
            reading = self.shown[one.piece.id]
            if reading is not None:
                with_evidence.add(one.piece.inspection_id)
                yield self._look(one, reading)
        others = [one for one in reversed(self.dossier.observations) if one.inspection_id not in with_evidence]
        if others:
            lines = [
                element(
                    "li", f"{self._at(one.observed_at)} 检查 {one.inspection_id}：", self._text(one.verdict["message"])
                )
                for one in others
            ]
            yield _section(f"其他观测（{len(others)} 次，网页未另行保存）", element("ul", *lines))

    def _look(self, one: Checked, reading: Mapping[str, Any]) -> Markup:
        verdict = reading["verdict"]
        quotes = [
            element("li", element("q", self._text(e["quote"])), " ", self._link(e["url"])) for e in verdict["evidence"]
        ]
        own = verdict["rule"].partition("/")[0]
        packs = "、".join(f"{name}（版本 {version}）" for name, version in reading["packs"].items() if name == own)
        rows: list[tuple[str, Child]] = [
            ("判断", self._text(verdict["message"])),
            ("点击路径", self._text(" > ".join(reading["breadcrumb"])) if reading["breadcrumb"] else None),
            ("实测", self._text(verdict["measured"]) if verdict["measured"] else None),
            ("要求", self._text(verdict["required"]) if verdict["required"] else None),
            ("最新日期", verdict["latest"]),
            ("天数", str(verdict["days"]) if verdict["days"] is not None else None),
            ("网页原文", element("ul", *quotes, class_="evidence") if quotes else None),
            ("网页", self._pages_of(one)),
            ("规则包", printable(packs) if packs else None),
            ("评判日", reading["as_of"]),
        ]
        if reading["missing"] or reading["pages_not_kept"]:
            rows.append(("不完整", f"{len(reading['missing'])} 个被引用的网页未能保存"))
        title = f"观测：{self._at(one.piece.captured_at)}（检查 {one.piece.inspection_id}）"
        return _section(title, _pairs(rows), *self._tables(reading))

    def _pages_of(self, look: Checked) -> Markup | None:
        same = (one for one in self.dossier.evidence if one.piece.inspection_id == look.piece.inspection_id)
        lines = [self._page_line(one) for one in same if one.piece.kind == Kind.PAGE]
        return element("ul", *lines, class_="evidence") if lines else None

    def _page_line(self, one: Checked) -> Markup:
        piece = one.piece
        details = piece.details
        name = self.copies.names.get(piece.sha256)
        tls = details.get("tls") or {}
        words = [f"{self._local(details.get('fetched_at'))} 取得", f"HTTP {details.get('status')}"]
        if details.get("server_address"):
            words.append(f"服务器 {details['server_address']}")
        if tls:
            words.append(f"证书 {tls.get('subject')}，签发者 {tls.get('issuer')}，至 {str(tls.get('not_after'))[:10]}")
        if details.get("is_rendered"):
            words.append("浏览器运行脚本后的内容")
        return element(
            "li",
            self._link(piece.url or ""),
            element("small", " ", self._text("；".join(words))),
            element("small", " ", element("a", "阅读副本", href=name)) if name else None,
            element("small", element("code", f" sha256 {piece.sha256}"), class_="digest"),
        )

    def _tables(self, reading: Mapping[str, Any]) -> Iterator[Markup]:
        latest = reading["verdict"]["latest"]
        for column in reading["columns"]:
            title = f"{' > '.join(column['path']) or column['name']}（{column['item_count']} 条）"
            yield element("h3", self._text(title))
            yield self._table(column["items"], latest) if column["items"] else element("p", "列表中没有条目。")
        if reading["home"]["items"]:
            yield element("h3", "首页条目")
            yield self._table(reading["home"]["items"], latest)

    def _table(self, items: Sequence[Mapping[str, Any]], latest: str | None) -> Markup:
        deciding = next((n for n, item in enumerate(items) if latest and item["date"] == latest), None)
        rows = [self._row(item, is_deciding=n == deciding) for n, item in enumerate(items[:SHOWN_ITEMS])]
        if deciding is not None and deciding >= SHOWN_ITEMS:
            rows.append(self._row(items[deciding], is_deciding=True))
        heads = ("标题", "日期", "印出的文字", "来源", "首次见到", "")
        more = f"另有 {len(items) - SHOWN_ITEMS} 条，见 observations/。" if len(items) > SHOWN_ITEMS else None
        return join(
            element("table", element("tr", *(element("th", head) for head in heads)), *rows),
            element("p", more, class_="lead") if more else None,
        )

    def _row(self, item: Mapping[str, Any], *, is_deciding: bool) -> Markup:
        first = self._local(item.get("first_seen"))[:10]
        cells: list[Child] = [
            self._text(item["title"]),
            item["date"] or "无日期",
            self._text(item["printed"] or ""),
            printable(item["source"] or ""),
            "；".join(filter(None, (first, redated_words(item.get("redated"))))),
            element("strong", "◀ 据此判定") if is_deciding else None,
        ]
        return element(
            "tr", *(element("td", element("mark", cell) if is_deciding and cell else cell) for cell in cells)
        )

    # ------------------------------------------------------------ the rest

    def _life(self) -> Markup:
        lines = [self._event(event) for event in self.dossier.events]
        return _section("经过", element("ul", *lines, class_="evidence"))

    def _event(self, event: Event) -> Markup:
        return element(
            "li",
            f"{event.id}　{self._at(event.at)}　",
            self._text(event_line(event)),
            element("small", element("code", f" {event.digest}"), class_="digest"),
        )

    def _evidence(self) -> Markup:
        rows = [self._piece(one) for one in self.dossier.evidence]
        heads = ("编号", "种类", "入库时间", "地址或名称", "SHA-256", "打包时核对")
        if not rows:
            return _section("证据清单", element("p", "没有保存证据。"))
        table = element("table", element("tr", *(element("th", head) for head in heads)), *rows)
        return _section(f"证据清单（{len(rows)} 件）", table)

    def _piece(self, one: Checked) -> Markup:
        piece = one.piece
        name = str(piece.details.get("name") or piece.url or piece.path)
        file = next((file for file in self.files if piece.sha256[:16] in file), None)
        shown = element("a", self._text(name), href=file) if file else self._text(name)
        kind = _KINDS.get(piece.kind, piece.kind)
        cells = [str(piece.id), kind, self._at(piece.captured_at), shown, element("code", piece.sha256)]
        return element("tr", *(element("td", cell) for cell in cells), element("td", one.fault or "一致"))

    def _roots(self) -> Markup:
        rows = [
            element(
                "li",
                f"{day}　",
                element("code", root.root),
                f"（{len(root.leaves)} 个叶子{'，已加盖时间戳' if root.stamp is not None else ''}）",
            )
            for day, root in sorted(self.dossier.roots.items())
        ]
        words = element("ul", *rows) if rows else element("p", "入库当天的根值尚未生成。")
        return _section("当日根值", words, element("p", "核验方法见“如何核验.txt”。", class_="lead"))

    def _at(self, moment: datetime) -> str:
        return local_time(moment, self.zone)

    def _local(self, text: str | None) -> str:
        """An instant of a JSON object as the office's clock shows it."""
        return self._at(datetime.fromisoformat(text)) if text else ""

    def _link(self, url: str) -> Markup:
        text = printable(url)
        text = text if self.is_unmasked else mask_text(text)
        href = safe_link(url) if text == printable(url) else None
        if href is None:
            return element("bdi", text, class_="address")
        return element("a", text, href=href, rel="noreferrer noopener", class_="address")


def _section(title: str, *children: Child) -> Markup:
    return element("section", element("h2", title), *children)


def _pairs(rows: Iterable[tuple[str, Child]]) -> Markup:
    return element(
        "dl",
        *(element("div", element("dt", key), element("dd", value)) for key, value in rows if value),
        class_="details",
    )
