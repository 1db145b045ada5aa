"""The wheel that is installed elsewhere: everything that the service needs is in it, and a database can be made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("gkmonitor", "spiders", "checks", "alembic")
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
UPGRADE = (
    "import gkmonitor, sys; from gkmonitor.storage import open_database; "
    "from gkmonitor.storage.migrating import find_scripts, upgrade; "
    "print(gkmonitor.__file__, find_scripts(), upgrade(open_database(sys.argv[1]))[0])"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel built from a copy of the sources."""
    work = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(ROOT / name, work / "source" / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in FILES:
        shutil.copyfile(ROOT / name, work / "source" / name)
    command = [sys.executable, "-c", BUILD, str(work)]
    subprocess.run(command, cwd=work / "source", check=True, capture_output=True, timeout=120)
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "installed")
    return work / "installed"


def test_every_source_and_data_file_is_in_the_wheel(installed: Path) -> None:
    expected = set()
    for name in SOURCES:
        inside = Path("gkmonitor") if name == "alembic" else Path()
        for file in (ROOT / name).rglob("*"):
            path = file.relative_to(ROOT)
            if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.parts):
                expected.add((inside / path).as_posix())
    there = {file.relative_to(installed).as_posix() for file in installed.rglob("*") if file.is_file()}
    assert expected - there == set()


def test_a_database_is_made_by_the_migrations_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-c", UPGRADE, f"sqlite:///{tmp_path / 'new.db'}"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    module, scripts, before = done.stdout.split()
    assert (Path(module).is_relative_to(installed), scripts, before) == (
        True,
        str(installed / "gkmonitor" / "alembic"),
        "None",
    )
