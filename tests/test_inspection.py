from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from gkmonitor import inspection
from gkmonitor.addresses import check_address
from gkmonitor.errors import AddressError, CrawlError
from gkmonitor.inspection import build_limits, inspect_portal, inspect_portals
from gkmonitor.records import PortalFacts, Profile, Reason
from gkmonitor.settings import load_settings
from spiders.jobs import Progress

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://www.qinghe.gov.cn", "http://www.qinghe.gov.cn/"),
        ("HTTPS://WWW.Qinghe.gov.cn/Index.html#top", "https://www.qinghe.gov.cn/Index.html"),
        ("  www.qinghe.gov.cn \n", "http://www.qinghe.gov.cn/"),
        ("\u3000www.qinghe.gov.cn:8080/a?b=1", "http://www.qinghe.gov.cn:8080/a?b=1"),
        ("//www.qinghe.gov.cn/", "http://www.qinghe.gov.cn/"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("localhost:8000", "http://localhost:8000/"),
        ("http://青禾县.政务", "http://青禾县.政务/"),
    ],
)
def test_addresses_are_asked_as_people_mean_them(given: str, asked: str) -> None:
    assert check_address(given) == asked


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "网址为空"),
        ("   ", "网址为空"),
        ("青禾县政府", "不是网址"),
        ("qinghe", "不是网址"),
        ("http://", "不是网址"),
        ("http:///path", "不是网址"),
        ("http://-a.example/", "不是网址"),
        ("http://a..example/", "不是网址"),
        ("http://300.1.1.1/", "不是网址"),
        ("htp://www.qinghe.gov.cn", "htp://"),
        ("ftp://www.qinghe.gov.cn/", "ftp://"),
        ("file:///etc/passwd", "file://"),
        ("file:/etc/passwd", "file:"),
        ("mailto:a@qinghe.gov.cn", "mailto:"),
        ("javascript:alert(1)", "javascript:"),
        ("http:/www.qinghe.gov.cn", "开头有误"),
        ("http：//www.qinghe.gov.cn", "开头有误"),
        ("http//www.qinghe.gov.cn", "不是网址"),
        ("http://www.qinghe.gov.cn:99999/", "端口"),
        ("http://www.qinghe.gov.cn:port/", "端口"),
        ("http://[::1/", "有误"),
        ("http://user:secret@www.qinghe.gov.cn/", "用户名"),
        ("http://www.qinghe .gov.cn/", "空格"),
        ("http://www.qinghe.gov.cn/\x00", "不可见字符"),
    ],
)
def test_what_is_no_address_is_refused_in_one_chinese_line(given: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_address(given)
    assert "\n" not in str(caught.value)


def test_limits_come_from_the_settings_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    settings = load_settings(max_pages=9, obey_robots=False)
    limits = build_limits(settings)
    assert (limits.max_pages, limits.obey_robots, limits.proxies) == (9, False, {"http": "http://127.0.0.1:3128"})
    assert build_limits(settings, max_pages=3, proxies={}).max_pages == 3
    assert build_limits(settings, proxies={}).proxies == {}


# ---------------------------------------------------------------- the child process, played by a script


def use_child(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Let a module of that code stand for the crawl's child process."""
    package = folder / "spiders"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import json, sys, time, signal, os\njob = json.load(sys.stdin)\n" + code)
    launcher = folder / "python"
    launcher.write_text(f'#!/bin/sh\nshift\ncd "{folder}" && exec "{sys.executable}" "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setattr(inspection.sys, "executable", str(launcher))


def inspect(progress: object = None, **more: object) -> PortalFacts:
    settings = load_settings(check_seconds=5)
    return inspect_portal(
        "http://127.0.0.1:9/",
        settings=settings,
        today=TODAY,
        progress=progress,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


FACTS = """
def facts(name="青禾县"):
    url = job["portals"][0]["url"]
    return {"schema": "gkmonitor.facts/1", "site": {"url": url, "final_url": url, "name": name},
            "observed_at": "2026-11-22T03:00:00Z", "home": {"state": None, "observation": None},
            "coverage": {"is_interrupted": True}}
def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)
def progress():
    tell("progress", portal=job["portals"][0]["url"], pages=1, waiting=2, columns=3, url="u", column="通知")
"""


def test_facts_and_progress_of_the_child_come_through(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_child(monkeypatch, tmp_path, FACTS + "progress(); print('noise'); tell('facts', facts=facts()); tell('done')")
    told: list[Progress] = []
    facts = inspect(told.append, profile=Profile.COUNTY_PORTAL)
    assert (facts.site.name, facts.site.profile, facts.site.profile_source) == (
        "青禾县",
        Profile.COUNTY_PORTAL,
        "given",
    )
    assert [(one.pages, one.column) for one in told] == [(1, "通知")]


def test_a_child_that_dies_is_a_crawl_error_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_child(monkeypatch, tmp_path, "print('out of luck', file=sys.stderr); sys.exit(7)")
    with pytest.raises(CrawlError, match=r"退出码 7.*out of luck"):
        inspect()


def test_a_killed_child_is_a_crawl_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_child(monkeypatch, tmp_path, "os.kill(os.getpid(), 9)")
    with pytest.raises(CrawlError, match="信号 9"):
        inspect()


def test_a_killed_child_is_noticed_though_a_process_of_its_own_lives_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The processes that read pages for a crawl share its stderr, and may only be starting when it is killed."""
    lives_on = "import signal; signal.sigwait([signal.SIGTERM])"
    start = (
        f"import subprocess\none = subprocess.Popen([sys.executable, '-c', {lives_on!r}], stdout=subprocess.DEVNULL)"
    )
    use_child(monkeypatch, tmp_path, f"{start}\nopen('one', 'w').write(str(one.pid))\nos.kill(os.getpid(), 9)")
    ended = threading.Event()

    def look() -> None:
        with pytest.raises(CrawlError, match="信号 9"):
            inspect()
        ended.set()

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        assert ended.wait(30)
    finally:
        os.kill(int((tmp_path / "one").read_text()), signal.SIGKILL)
        looking.join()


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_child(monkeypatch, tmp_path, "time.sleep(60)")
    monkeypatch.setattr(inspection, "OVERTIME_SECONDS", -4.5)
    with pytest.raises(CrawlError, match="没有响应"):
        inspect()


def interrupt(_: Progress) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_gives_what_the_child_tells_when_asked_to_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGINT, lambda *_: tell('facts', facts=facts())); progress(); time.sleep(60)"
    use_child(monkeypatch, tmp_path, FACTS + code)
    facts = inspect(interrupt)
    assert (facts.site.name, facts.coverage.is_interrupted) == ("青禾县", True)


def test_ctrl_c_gives_the_partial_facts_of_a_child_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = "signal.signal(signal.SIGINT, signal.SIG_IGN); tell('partial', facts=facts()); progress(); time.sleep(60)"
    use_child(monkeypatch, tmp_path, FACTS + code)
    monkeypatch.setattr(inspection, "INTERRUPT_SECONDS", 0.2)
    assert inspect(interrupt).site.name == "青禾县"


def test_ctrl_c_before_anything_was_seen_gives_empty_interrupted_facts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_child(monkeypatch, tmp_path, FACTS + "signal.signal(signal.SIGINT, signal.SIG_IGN); progress(); time.sleep(60)")
    monkeypatch.setattr(inspection, "INTERRUPT_SECONDS", 0.2)
    facts = inspect(interrupt)
    assert (facts.home.state, facts.coverage.is_interrupted) == (Reason.NOT_OBSERVED, True)


def test_no_portals_need_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection.sys, "executable", "/nowhere/python")
    assert inspect_portals([], settings=load_settings()) == []


def test_a_child_that_cannot_be_started_is_a_crawl_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection.sys, "executable", "/nowhere/python")
    with pytest.raises(CrawlError, match="无法启动"):
        inspect()
