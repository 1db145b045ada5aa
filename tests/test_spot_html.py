from __future__ import annotations

import base64
import errno
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from spot_samples import HOME, SEEN_AT, every_outcome, facts, spot, verdict, veto

from gkmonitor.errors import OutputError
from gkmonitor.records import CrawlCoverage, Evidence, HomeFacts, Outcome, Reason, Subject
from gkmonitor.reports import writing
from gkmonitor.reports.spot import SPOT_NOTE
from gkmonitor.reports.spot_html import spot_page
from gkmonitor.reports.wording import REASONS, printable, safe_link
from gkmonitor.reports.writing import write_whole

ATTACKS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "<!-- --><iframe srcdoc='<script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{7*7}}${7*7}<%= 7*7 %>",
)
BAD_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/",
    "http:///nohost",
    "http://[::1",
    "http://a.example/\u202egpj.exe",
)


def attacked_page(text: str, url: str) -> LexborHTMLParser:
    """A report in which every field that a portal can fill holds the attack."""
    subject = Subject("budget", text, url, (text, text))
    evil = verdict(
        Outcome.VIOLATION,
        subject=subject,
        message=text,
        measured=text,
        required=text,
        members=(subject,),
        evidence=(Evidence(url, SEEN_AT, "d" * 64, text),),
    )
    unsure = verdict(Outcome.UNDECIDED, subject=subject, message=text, reason=Reason.UNDATED)
    site = replace(facts().site, name=text, organizer=text, site_id_code=text, final_url=url, url=url)
    home = HomeFacts(Reason.BLOCKED, None, detail=text)
    clean = verdict(Outcome.OK, subject=subject)
    return LexborHTMLParser(spot_page(spot((evil, unsure, clean), facts(site=site, home=home))))


@pytest.mark.parametrize("text", ATTACKS)
def test_portal_text_never_becomes_markup(text: str) -> None:
    page = attacked_page(text, HOME)
    assert page.css("script, img, svg, iframe, object, embed, form, link, base") == []
    assert len(page.css("style")) == 1
    assert printable(text) in page.css_first("h1").text()
    for node in page.css("*"):
        assert not [name for name in node.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]


@pytest.mark.parametrize("url", BAD_LINKS)
def test_only_web_addresses_become_links(url: str) -> None:
    page = attacked_page("青禾要闻", url)
    assert page.css("a") == []


def test_links_tell_the_portal_nothing() -> None:
    page = LexborHTMLParser(spot_page(spot()))
    links = page.css("a")
    assert links
    assert {link.attributes["rel"] for link in links} == {"noreferrer noopener"}
    assert all((link.attributes["href"] or "").startswith("http://") for link in links)


def test_policy_admits_only_our_own_style() -> None:
    page = LexborHTMLParser(spot_page(spot()))
    policy = page.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"] or ""
    style = page.css_first("style").text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none';")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "url(" not in style


def test_bidirectional_and_control_characters_never_reach_the_page() -> None:
    shown = spot_page(spot((verdict(Outcome.VIOLATION, message="预\u202e算\u2066公\x1b[31m开\x00"),)))
    assert "预算公[31m开" in shown
    assert not [c for c in "\u202e\u2066\x1b\x00" if c in shown]


def test_page_is_headed_as_a_single_observation_with_time_version_and_packs() -> None:
    page = LexborHTMLParser(spot_page(spot()))
    first = page.body.css_first("body > *")
    assert first.text() == SPOT_NOTE
    text = page.body.text()
    for words in ("2026-11-22 10:05", "gkmonitor 9.9.9", "样例规则包（sample，2026.1）", "评判日"):
        assert words in text


def test_violations_come_before_undecided_and_carry_rule_words_path_dates_and_evidence() -> None:
    page = LexborHTMLParser(spot_page(spot()))
    problems = page.css("article.problem")
    assert [p.css_first(".tag").text() for p in problems] == ["单项否决", "单项否决", "扣分", "提醒"]
    first = problems[0].text()
    for words in (veto().basis.words, veto().basis.document, "2026-10-01", "52", "10-01 青禾县召开会议", "c" * 64):
        assert words in first
    assert "政务公开 > 预算公开" in problems[2].text()
    heads = [h.text() for h in page.css("h2")]
    assert heads[0].startswith("发现的问题")
    assert heads[1].startswith("未能判定")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_says_what_happened_and_what_to_do(reason: Reason) -> None:
    page = spot_page(spot((verdict(Outcome.UNDECIDED, reason=reason),)))
    what, hint = REASONS[reason]
    assert what in page
    assert hint in page


def test_interrupted_check_says_so() -> None:
    seen = facts(coverage=CrawlCoverage(pages_fetched=3, is_interrupted=True))
    assert "检查被中断" in spot_page(spot((), seen))


def test_nothing_judged_is_not_shown_as_nothing_wrong() -> None:
    page = spot_page(spot((verdict(Outcome.UNDECIDED, reason=Reason.BLOCKED),)))
    assert "没有发现问题" not in page
    assert "没有可以下结论的规则" in page


@pytest.mark.parametrize("url", ["http://a.example/x?y=1&z=2#t", "https://政务.example/", "HTTP://A.example"])
def test_safe_link_keeps_web_addresses(url: str) -> None:
    assert safe_link(url) == url


# ------------------------------------------------------------ writing the file


def test_file_is_replaced_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "结果.html"
    target.write_text("old", encoding="utf-8")
    write_whole(target, spot_page(spot(every_outcome())))
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [target]


def test_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "结果.html"
    target.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no/such/folder/a.html", "文件夹不存在"),
        (".", "这是一个文件夹"),
        ("x" * 300, "文件名太长"),
        ("a\x00b", "写不进去"),
    ],
)
def test_unwritable_place_is_one_line(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught:
        write_whole(tmp_path / name, "new")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(OutputError, match="磁盘已满"):
        write_whole(Path("/dev/full"), "new")
    assert Path("/dev/full").is_char_device()
