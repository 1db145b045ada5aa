from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gkmonitor import __version__
from gkmonitor.cli.main import app
from gkmonitor.reports.wrapping import width, wrap

COMMANDS = ("check", "extract", "rules", "demo", "sites", "violations", "tasks", "ledger", "db", "backup", "restore")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words), prog_name="gkmonitor")
    return result.exit_code, result.stdout, result.stderr


def shell(*words: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **changes}
    command = [sys.executable, "-m", "gkmonitor", *words]
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)


def assert_one_chinese_line(text: str) -> None:
    assert text.count("\n") == 1, text
    assert CHINESE.search(text), text
    assert "Traceback" not in text
    assert not re.search(r"\b(Error|Usage|Missing|Invalid|option|argument)\b", text), text


def test_version_is_the_packages_own() -> None:
    assert run("--version") == (0, f"gkmonitor {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        (),
        *((name,) for name in COMMANDS),
        ("rules", "list"),
        ("rules", "show"),
        ("sites", "import"),
        ("sites", "contact", "add"),
    ],
)
def test_help_is_chinese_and_names_every_option(words: tuple[str, ...]) -> None:
    code, out, err = run(*words, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("用法：gkmonitor")
    assert "--help" in out
    assert not re.search(r"Usage|Options|Commands|Arguments|Show this|OPTIONS|ARGS|default|required", out)


def test_help_lists_the_commands() -> None:
    out = run("--help")[1]
    assert all(re.search(rf"^  {name}\s+[\u4e00-\u9fff]", out, re.M) for name in COMMANDS)


def test_nothing_given_is_usage_with_help_on_stderr() -> None:
    code, out, err = run()
    assert (code, out) == (2, "")
    assert err.startswith("用法：")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chek",), "是不是 check？"),
        (("无此命令",), "可用的有：check"),
        (("rules", "lst"), "是不是 list？"),
        (("check", "--sit", "http://a.example/"), "没有 --sit 这个选项，是不是 --site？"),
        (("check", "--site"), "选项 --site 后面要写值"),
        (("check", "--json=1"), "选项 --json 后面不带值"),
        (("check", "http://a.example/"), "多出了参数：http://a.example/"),
        (("rules", "show"), "缺少 编号"),
        (("--nonsense",), "没有 --nonsense 这个选项"),
    ],
)
def test_words_that_make_no_sense_are_one_chinese_line(words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert said in err


def test_control_characters_in_words_are_not_echoed() -> None:
    code, _, err = run("check", "--profile", "\x1b[31mred\nline", "--facts", "x")
    assert code == 2
    assert_one_chinese_line(err)
    assert "\x1b" not in err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-8"])
def test_help_survives_any_terminal_encoding(encoding: str) -> None:
    result = shell("--help", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (result.returncode, result.stderr) == (0, b"")
    readable = result.stdout.decode("gbk" if encoding == "gbk" else "utf-8")
    assert readable.startswith("用法：gkmonitor")


def test_help_survives_the_c_locale() -> None:
    result = shell("--help", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert result.returncode == 0
    assert result.stdout.decode("utf-8").startswith("用法：gkmonitor")


def test_closed_pipe_is_silent() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "gkmonitor", "rules", "list"]
        result = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    finally:
        os.close(writing)
    assert (result.returncode, result.stderr) == (3, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_behind_stdout_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "gkmonitor", "rules", "list"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert result.returncode == 3
    assert_one_chinese_line(result.stderr.decode())
    assert "磁盘已满" in result.stderr.decode()


@pytest.mark.parametrize("columns", [4, 10, 20, 21, 60])
def test_wrapped_lines_fit_and_lose_nothing(columns: int) -> None:
    text = "检查一个网站 (single observation) 一次，找到应有的栏目。读出列表和日期！"
    lines = wrap(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns for line in lines)
    if columns > 10:
        assert not any(line[0] in "，。！)" or line[-1] == "(" for line in lines)


def test_heavy_libraries_stay_out_of_help() -> None:
    code = (
        "import sys; from gkmonitor.cli.main import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'rich', 'pydantic', 'scrapy', 'twisted', 'httpx', 'lxml', 'selectolax', 'yaml', 'opencc'}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert result.stdout.decode().splitlines()[-1] == "[]"
