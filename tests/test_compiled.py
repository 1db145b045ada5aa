"""The compiled readers: the same answers as their sources, and never older than these."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gkmonitor.compiled import RECORD, ROOT, SWITCH, is_compiled, write_record

PAGES = sorted((ROOT / "tests").rglob("*.html"))
SAYS_WHICH = "from gkmonitor.compiled import is_compiled; import spiders.readers; print(is_compiled())"
NOT_COMPILED = "NOT RUN: the readers were changed since they were compiled; `make .venv/.dev` compiles them"


@pytest.fixture
def compiled() -> None:
    """Only where the readers are compiled: where no compiler is, they need not be."""
    if is_compiled():
        return
    if os.environ.get("GKMONITOR_REQUIRE_ALL") == "1":
        pytest.fail(NOT_COMPILED, pytrace=False)
    pytest.skip(NOT_COMPILED)


def run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_all(**environment: str) -> list[object]:
    said = run("-m", "gkmonitor", "extract", "--json", *map(str, PAGES), **environment)
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.usefixtures("compiled")
def test_compiled_readers_say_what_their_sources_say() -> None:
    as_compiled, as_written = read_all(), read_all(**{SWITCH: "1"})
    assert len(as_compiled) == len(PAGES) > 100
    assert as_compiled == as_written


@pytest.mark.usefixtures("compiled")
def test_switch_has_the_sources_read_instead() -> None:
    assert run("-c", SAYS_WHICH) == "True\n"
    assert run("-c", SAYS_WHICH, **{SWITCH: "1"}) == "False\n"
    assert run("-c", SAYS_WHICH, **{SWITCH: "0"}) == "True\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one compiled module: its compiled file says 'compiled', its source 'source'."""
    package = tmp_path / "gkmonitor"
    package.mkdir()
    (package / "__init__.py").write_text("from gkmonitor.compiled import choose_readers\nchoose_readers()\n")
    (package / "compiled.py").write_bytes((ROOT / "gkmonitor" / "compiled.py").read_bytes())
    (package / "dates.py").write_text("said = 'source'\n")
    # What Python takes first where both are there: a package stands for the compiled file, which it precedes too.
    (package / "dates").mkdir()
    (package / "dates" / "__init__.py").write_text("said = 'compiled'\n")
    note(tmp_path, is_checkout=True)
    return tmp_path


def note(checkout: Path, *, is_checkout: bool) -> None:
    words = f"write_record(['gkmonitor/dates.py'], is_checkout={is_checkout})"
    call = f"from gkmonitor.compiled import write_record; print({words}, end='')"
    (checkout / "gkmonitor" / "_compiled.txt").write_text(run("-P", "-c", call, cwd=checkout, PYTHONPATH=str(checkout)))


def what_is_used(checkout: Path, **environment: str) -> str:
    call = "from gkmonitor import dates; print(dates.said, end='')"
    return run("-P", "-c", call, cwd=checkout, **{"PYTHONPATH": str(checkout), **environment})


def test_compiled_file_of_an_unchanged_source_is_used(checkout: Path) -> None:
    assert what_is_used(checkout) == "compiled"


def test_compiled_file_of_a_changed_source_is_not_used(checkout: Path) -> None:
    source = checkout / "gkmonitor" / "dates.py"
    source.write_text("said = 'changed'\n")
    assert what_is_used(checkout) == "changed"
    note(checkout, is_checkout=True)
    assert what_is_used(checkout) == "compiled"


def test_source_as_large_as_before_and_changed_later_is_used(checkout: Path) -> None:
    source = checkout / "gkmonitor" / "dates.py"
    when = source.stat().st_mtime_ns
    source.write_text("said = 'sourcE'\n")
    os.utime(source, ns=(when + 1_000_000_000, when + 1_000_000_000))
    assert what_is_used(checkout) == "sourcE"


def test_compiled_file_is_not_used_when_a_source_is_gone(checkout: Path) -> None:
    record = checkout / "gkmonitor" / "_compiled.txt"
    record.write_text(record.read_text() + "gkmonitor/gone.py 10 10\n")
    assert what_is_used(checkout) == "source"


def test_installed_program_does_not_look_at_the_times_of_its_files(checkout: Path) -> None:
    note(checkout, is_checkout=False)
    os.utime(checkout / "gkmonitor" / "dates.py", ns=(1, 1))
    assert what_is_used(checkout) == "compiled"
    assert what_is_used(checkout, **{SWITCH: "1"}) == "source"


def test_record_names_every_source_with_its_state() -> None:
    assert write_record(["gkmonitor/dates.py"], is_checkout=False) == "gkmonitor/dates.py\n"
    source, size, changed = write_record(["gkmonitor/dates.py"], is_checkout=True).split()
    state = (ROOT / source).stat()
    assert (int(size), int(changed)) == (state.st_size, state.st_mtime_ns)


@pytest.mark.usefixtures("compiled")
def test_every_reader_is_compiled_but_the_package_and_spreadsheets() -> None:
    listed = {line.split(" ")[0] for line in RECORD.read_text(encoding="utf-8").splitlines()}
    readers = {file.relative_to(ROOT).as_posix() for file in (ROOT / "spiders" / "readers").rglob("*.py")}
    assert {name for name in readers - listed if not name.endswith("__init__.py")} == {"spiders/readers/sheets.py"}
    assert listed - readers == {"gkmonitor/concepts.py", "gkmonitor/dates.py"}


def test_no_object_of_the_readers_has_a_final_attribute() -> None:
    """Compiled code reads one without keeping it alive: it is gone with an object that nothing else holds."""
    sources = [
        *(ROOT / "spiders" / "readers").rglob("*.py"),
        *(ROOT / "gkmonitor" / f"{n}.py" for n in ("dates", "concepts")),
    ]
    final = re.compile(r"\bself\.\w+\s*:\s*Final\b")
    assert [source.name for source in sources if final.search(source.read_text(encoding="utf-8"))] == []
