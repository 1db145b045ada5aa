from __future__ import annotations

from pathlib import Path

import pytest

from gkmonitor.errors import SettingError
from gkmonitor.settings import find_proxies, load_settings


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_are_polite() -> None:
    settings = load_settings()
    assert (settings.request_delay_seconds, settings.connections_per_host, settings.obey_robots) == (1.0, 1, True)
    assert (settings.max_pages, settings.check_seconds, settings.max_body_bytes) == (120, 170.0, 10 * 1024 * 1024)
    assert settings.timezone == "Asia/Shanghai"
    assert settings.user_agent.startswith("gkmonitor/")


def test_a_variable_outranks_a_file_and_a_file_outranks_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GKMONITOR_MAX_PAGES=7\nGKMONITOR_CHECK_SECONDS=9\nOTHER=1\n", encoding="utf-8")
    (tmp_path / "pages").write_text("8\n", encoding="utf-8")
    assert load_settings().max_pages == 7
    monkeypatch.setenv("GKMONITOR_MAX_PAGES_FILE", str(tmp_path / "pages"))
    assert load_settings().max_pages == 8
    monkeypatch.setenv("GKMONITOR_MAX_PAGES", "9")
    assert load_settings().max_pages == 9
    assert load_settings().check_seconds == 9


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKMONITOR_MAX_PAGES", "")
    assert load_settings().max_pages == 120


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("REQUEST_DELAY_SECONDS", "很快", "秒数"),
        ("REQUEST_DELAY_SECONDS", "-1", "秒数"),
        ("REQUEST_DELAY_SECONDS", "nan", "秒数"),
        ("CONNECTIONS_PER_HOST", "0", "整数"),
        ("MAX_PAGES", "1.5", "整数"),
        ("CHECK_SECONDS", "inf", "秒数"),
        ("MAX_BODY_BYTES", "10MB", "字节数"),
        ("OBEY_ROBOTS", "maybe", "true 或 false"),
        ("TIMEZONE", "Asia/Nowhere", "Asia/Shanghai"),
        ("TIMEZONE", "../etc/passwd", "Asia/Shanghai"),
        ("USER_AGENT", "行\n二", "ASCII"),
    ],
)
def test_junk_is_refused_naming_variable_and_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, hint: str
) -> None:
    monkeypatch.setenv(f"GKMONITOR_{name}", value)
    with pytest.raises(SettingError, match=f"GKMONITOR_{name}") as caught:
        load_settings()
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_value_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKMONITOR_USER_AGENT_FILE", "/nowhere/agent")
    with pytest.raises(SettingError, match="GKMONITOR_USER_AGENT_FILE"):
        load_settings()


def test_proxies_are_read_in_both_spellings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_proxies() == {}
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3129")
    monkeypatch.setenv("NO_PROXY", "127.0.0.2")
    assert find_proxies() == {"http": "http://127.0.0.1:3128", "https": "http://127.0.0.1:3129", "no": "127.0.0.2"}
