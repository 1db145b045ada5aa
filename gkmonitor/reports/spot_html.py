"""A spot check as one HTML page to send on: no script, no outside file, every text from a portal escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files

from gkmonitor.records import Evidence, Excuse, Severity, Subject, Verdict
from gkmonitor.reports import wording
from gkmonitor.reports.markup import Child, Markup, element, join
from gkmonitor.reports.phrases import by_check, profile_words, question_words, score_words, state_words, verdict_words
from gkmonitor.reports.spot import SPOT_NOTE, SpotCheck, subject_words
from gkmonitor.reports.wording import printable

_TONES = {Severity.VETO: "veto", Severity.DEDUCTION: "deduction", Severity.ADVICE: "advice"}


def spot_page(spot: SpotCheck) -> str:
    """The whole page as text."""
    name = printable(spot.facts.site.name or spot.facts.site.url)
    body = element(
        "body",
        element("p", SPOT_NOTE, class_="notice", role="note"),
        element("main", *(part(spot) for part in _PARTS)),
        _footer(spot),
    )
    return whole_page(f"{name} 信息公开检查（单次观测）", body)


def whole_page(title: str, body: Markup, *, style: str = "") -> str:
    """A self-contained page in our style: no script, nothing from outside, and a policy that says so.

    ``style``: a further style sheet of ``templates``.
    """
    return f"<!DOCTYPE html>\n{element('html', _head(title, style), body, lang='zh-Hans')}\n"


def _style(further: str = "") -> str:
    sheets = ["spot.css", *([further] if further else [])]
    folder = files("gkmonitor.reports").joinpath("templates")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in sheets)


def style_source(further: str = "") -> str:
    """What a content policy names to admit the style of these pages, and no other."""
    return f"'sha256-{b64encode(sha256(_style(further).encode()).digest()).decode()}'"


def _head(title: str, further: str) -> Markup:
    policy = f"default-src 'none'; style-src {style_source(further)}; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Markup(_style(further))),  # our own file; its digest is the only style that the policy admits
    )


def _heading(spot: SpotCheck) -> Markup:
    site = spot.facts.site
    rows: list[tuple[str, Child]] = [
        ("网址", _link(site.final_url or site.url)),
        ("主办单位", printable(site.organizer) if site.organizer else "页面上没有读到"),
        ("网站标识码", printable(site.site_id_code) if site.site_id_code else "页面上没有读到"),
        ("网站类型", profile_words(spot)),
        ("评判日", spot.as_of.isoformat()),
        ("观测时间", wording.local_time(spot.facts.observed_at, spot.zone)),
    ]
    state = state_words(spot)
    return element(
        "header",
        element("p", "政府网站信息公开检查 · 单次观测", class_="kicker"),
        element("h1", _foreign(site.name or site.url)),
        _pairs(rows, "identity"),
        element("p", state, class_="state") if state else None,
    )


def _figures(spot: SpotCheck) -> Markup:
    counts = spot.counts
    vetoes = sum(v.severity is Severity.VETO for v in spot.violations)
    boxes = [
        ("单项否决", vetoes, "veto"),
        ("扣分", counts["violation"] - vetoes, "deduction"),
        ("提醒", counts["advice"], "advice"),
        ("未能判定", counts["undecided"], "undecided"),
        ("未发现问题", counts["ok"], "ok"),
    ]
    cells = [
        element("li", element("strong", str(number)), element("span", label), class_=tone if number else "none")
        for label, number, tone in boxes
    ]
    return element(
        "section",
        element("ul", *cells, class_="figures"),
        element("p", f"结论：{verdict_words(spot)}。", class_="lead"),
    )


def _problems(spot: SpotCheck) -> Markup:
    found = [_problem(verdict, spot) for verdict in (*spot.violations, *spot.advice)]
    if not found:
        words = "本次没有发现问题。" if spot.rules_judged else "本次没有可以下结论的规则。"
        return _section("发现的问题", element("p", words))
    return _section(f"发现的问题（{len(spot.violations)} 项，另有提醒 {len(spot.advice)} 项）", *found)


def _problem(verdict: Verdict, spot: SpotCheck) -> Markup:
    tone = _TONES[verdict.severity]
    rows: list[tuple[str, Child]] = [
        ("栏目路径", _subject(verdict.subject)),
        ("最新日期", verdict.latest.isoformat() if verdict.latest else None),
        ("天数", str(verdict.days) if verdict.days is not None else None),
        ("实测", _foreign(verdict.measured) if verdict.measured else None),
        ("要求", _foreign(verdict.required) if verdict.required else None),
        ("扣分", wording.plain_number(verdict.points) if verdict.points is not None else None),
        ("涉及栏目", _members(verdict.members) if verdict.members else None),
        ("依据", _basis(verdict)),
        ("证据", _evidence_list(verdict.evidence, spot)),
        ("规则", element("code", verdict.rule)),
    ]
    return element(
        "article",
        element(
            "h3", element("span", wording.SEVERITIES[verdict.severity], class_="tag"), " ", _foreign(verdict.message)
        ),
        _pairs(rows, "details"),
        class_=f"problem {tone}",
    )


def _basis(verdict: Verdict) -> Markup:
    basis = verdict.basis
    source = printable(f"{basis.document} {basis.clause}".strip())
    return join(source, element("blockquote", printable(basis.words)) if basis.words else None)


def _evidence_list(evidence: Iterable[Evidence], spot: SpotCheck) -> Markup | None:
    rows = [
        element(
            "li",
            element("q", _foreign(one.quote)) if one.quote else None,
            " ",
            _link(one.url),
            element("small", f" {wording.local_time(one.fetched_at, spot.zone)} 取得"),
            element("small", element("code", f" sha256 {one.sha256}"), class_="digest") if one.sha256 else None,
        )
        for one in evidence
    ]
    return element("ul", *rows, class_="evidence") if rows else None


def _members(members: Iterable[Subject]) -> Markup:
    return element("ul", *(element("li", _subject(member)) for member in members))


def _unjudged(spot: SpotCheck) -> Markup | None:
    if not spot.undecided:
        return None
    groups = []
    for reason, verdicts in spot.undecided.items():
        what, hint = wording.REASONS[reason]
        asked = [(wording.CHECKS.get(v.check, v.check), _foreign(v.message)) for v in verdicts]
        rows = [element("li", element("b", name), "：", words) for name, words in dict.fromkeys(asked)]
        groups.append(
            element(
                "details",
                element("summary", element("b", what), f"（{len(verdicts)} 项）", element("span", hint, class_="hint")),
                element("ul", *rows),
                open="",
            )
        )
    return _section(
        f"未能判定（{spot.counts['undecided']} 项）",
        element("p", "下列各项既不算有问题，也不算没有问题。", class_="lead"),
        *groups,
    )


def _clean(spot: SpotCheck) -> Markup | None:
    excused = [
        element("li", element("bdi", question_words(v, spot)), f"：{wording.EXCUSES[v.reason]}，", _foreign(v.message))
        for v in spot.excused
        if isinstance(v.reason, Excuse)
    ]
    passed = [
        element(
            "details",
            element("summary", element("b", name), f"（{len(about)} 项）"),
            element("ul", *(element("li", element("bdi", one)) for one in about), class_="columns"),
        )
        for name, about in by_check(spot.passed, spot).items()
    ]
    if not excused and not passed:
        return None
    return _section(
        "已查未发现问题",
        *passed,
        element("h3", "不作为问题") if excused else None,
        element("ul", *excused) if excused else None,
    )


def _points(spot: SpotCheck) -> Markup | None:
    """The points by the office's own table, indicator by indicator."""
    words = score_words(spot)
    if not words or spot.score is None:
        return None
    rows = [
        element(
            "li",
            element("b", printable(one.name)),
            f"：分值 {one.points:g}，问题 {one.faults} 项，已扣 {one.lost:g}",
            f"，可能再扣 {one.at_risk:g}" if one.at_risk else None,
        )
        for one in spot.score.indicators
    ]
    return _section("计分", element("p", words, class_="lead"), element("ul", *rows) if rows else None)


def _coverage(spot: SpotCheck) -> Markup:
    seen = spot.facts.coverage
    rows: list[tuple[str, Child]] = [
        ("读取网页", f"{seen.pages_fetched} 个"),
        ("被拦截", f"{seen.pages_blocked} 个"),
        ("打不开", f"{seen.pages_failed} 个"),
        ("robots.txt 不允许", f"{seen.robots_refused} 个"),
        ("找到栏目", f"{len(spot.facts.columns)} 个"),
        ("规则判定", f"{spot.rules_judged} 条"),
        ("规则未能判定", f"{spot.rules_undecided} 条"),
        ("用时", f"{seen.seconds:.1f} 秒"),
        ("页数或时间用完", "是" if seen.is_budget_spent else "否"),
        ("中途停止", "是" if seen.is_interrupted else "否"),
    ]
    return _section("覆盖情况", _pairs(rows, "coverage"))


def _footer(spot: SpotCheck) -> Markup:
    packs = [element("li", f"{pack.title or pack.id}（{pack.id}，{pack.version}）") for pack in spot.packs]
    return element(
        "footer",
        element("p", "所用规则包："),
        element("ul", *packs),
        element("p", f"gkmonitor {spot.version} 生成。{SPOT_NOTE}。"),
    )


def _section(title: str, *children: Child) -> Markup:
    return element("section", element("h2", title), *children)


def _pairs(rows: Iterable[tuple[str, Child]], kind: str) -> Markup:
    """A definition list; rows without a value are left out."""
    return element(
        "dl", *(element("div", element("dt", key), element("dd", value)) for key, value in rows if value), class_=kind
    )


def _subject(subject: Subject) -> Markup:
    words = _foreign(subject_words(subject))
    return join(words, " ", _link(subject.url)) if subject.url else words


def _foreign(text: str) -> Markup:
    """Text that a portal may have written: fit to show, and kept from turning its neighbours' reading order."""
    return element("bdi", printable(text))


def _link(url: str) -> Markup:
    href = wording.safe_link(url)
    if href is None:
        return element("bdi", printable(url), class_="address")
    return element("a", printable(url), href=href, rel="noreferrer noopener", class_="address")


_PARTS = (_heading, _figures, _problems, _unjudged, _clean, _points, _coverage)
