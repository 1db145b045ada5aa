"""README, CHANGELOG and CONTRIBUTING stay true: commands exist, settings are documented, versions agree."""

from __future__ import annotations

import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest
from test_cli_usage import run

from gkmonitor import __version__

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line[4:].split("  #")[0].strip() for line in README.splitlines() if re.match(r"    (make|gkmonitor) ", line)
]


def test_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert versions[0] == __version__


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_target_of_readme_exists(command: str) -> None:
    done = subprocess.run(["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`gkmonitor ([a-z]+)", README))))
def test_command_of_readme_has_help(command: str) -> None:
    code, _, told = run(command, "--help")
    assert code == 0, told


def test_options_of_readme_commands_exist() -> None:
    for command in (c for c in COMMANDS if c.startswith("gkmonitor ")):
        words = shlex.split(command)
        shown = help_of(words[1:3]) or help_of(words[1:2])  # a command of a group, else one by itself
        for option in (word for word in words if word.startswith("--")):
            assert option in shown, command


@cache
def _help(words: tuple[str, ...]) -> str:
    code, shown, _ = run(*words, "--help")
    return shown if code == 0 else ""


def help_of(words: list[str]) -> str:
    """The help of a command; empty where these words are none."""
    return _help(tuple(words)) if all(re.fullmatch(r"[a-z-]+", word) for word in words) else ""


def test_every_setting_is_documented() -> None:
    from gkmonitor.settings import Settings

    for name in Settings.model_fields:
        assert f"`GKMONITOR_{name.upper()}`" in README, name


def test_documents_name_existing_files() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert target.startswith("http") or (ROOT / target).exists(), f"{document}: {target}"


def test_coverage_table_of_readme_is_what_the_packs_answer() -> None:
    from gkmonitor.coverage import cover
    from gkmonitor.rules import available_packs

    coverage = cover(available_packs().values())
    for name, counts in {**coverage.documents(), "total": coverage.total()}.items():
        how = " | ".join(str(counts[key]) for key in ("duties", "automatic", "assisted", "manual", "not_web"))
        assert f"| {name} | {how} | {counts['clauses_accounted']} of {counts['clauses']} |" in README
