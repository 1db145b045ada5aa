"""What pyproject.toml cannot say: migrations that go into the wheel, and readers that are compiled where they can be.

The migrations lie beside the packages and go into the wheel inside gkmonitor. The modules that reading a page spends
its time in are compiled by mypyc from the very sources that Python would run: reading then takes two thirds of the
time. Without a C compiler, or with GKMONITOR_INTERPRETED=1, they stay as they are, and everything works the same.
"""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
MIGRATIONS = Path("alembic")
READERS = Path("spiders/readers")
# The package itself, and spreadsheets, whose libraries say nothing of their types.
NOT_COMPILED = ("__init__.py", "sheets.py")
OTHERS = ("gkmonitor/concepts.py", "gkmonitor/dates.py")
GROUP = "gkmonitor._compiled"
BUILDING = {"bdist_wheel", "build", "build_ext", "editable_wheel"}
sys.path.insert(0, str(ROOT))  # a build back end runs this file from elsewhere

from gkmonitor.compiled import RECORD, is_switched_off, write_record  # noqa: E402


def sources() -> list[str]:
    readers = [file.as_posix() for file in sorted(READERS.rglob("*.py")) if file.name not in NOT_COMPILED]
    return [*readers, *OTHERS]


def extensions() -> list[Extension]:
    """The compiled modules; none where they are not wanted or cannot be made."""
    if not BUILDING.intersection(sys.argv) or is_switched_off():
        return []
    try:
        from mypyc.build import mypycify

        # Its own cache: mypy may run at the same time.
        options = ["--ignore-missing-imports", "--config-file=", "--cache-dir=build/mypy"]
        made: list[Extension] = mypycify(
            [*options, *sources()], opt_level="2", debug_level="0", multi_file=True, group_name=GROUP
        )
    except (Exception, SystemExit) as error:  # whatever a missing or a newer mypyc does
        print(f"gkmonitor: the readers are not compiled, and slower: {error!r}", file=sys.stderr)
        return []
    for extension in made:
        extension.include_dirs.append(str(Path("build", *GROUP.split(".")[:-1])))  # where its headers are written
    return made


class BuildReaders(build_ext):
    """Compiles all of the readers or, where that fails, none."""

    def run(self) -> None:
        RECORD.unlink(missing_ok=True)
        try:
            super().run()
        except Exception as error:  # compilers fail in many ways
            print(f"gkmonitor: the readers are not compiled, and slower: {str(error)[:200]}", file=sys.stderr)
            for output in self._places():
                output.unlink(missing_ok=True)
            self.extensions = []
            return
        if self.extensions:
            self._write_record()

    def build_extensions(self) -> None:
        if self.compiler.compiler_type == "unix":  # calls between our own functions then need no table of symbols
            for extension in self.extensions:
                extension.extra_compile_args.append("-fvisibility=hidden")
        one_after_another: Any = self.compiler.compile

        def compile_side_by_side(files: list[str], **options: Any) -> list[str]:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                made = pool.map(lambda file: one_after_another([file], **options), files)
                return [name for names in made for name in names]

        self.compiler.compile = compile_side_by_side
        super().build_extensions()

    def _places(self) -> list[Path]:
        """Where the compiled files are put, in a checkout and in a wheel."""
        names = [self.get_ext_filename(self.get_ext_fullname(extension.name)) for extension in self.extensions]
        return [folder / name for folder in (ROOT, Path(self.build_lib)) for name in names]

    def _write_record(self) -> None:
        target = RECORD if self.inplace else self._built_record()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(write_record(sources(), is_checkout=bool(self.inplace)), encoding="utf-8")

    def _built_record(self) -> Path:
        return Path(self.build_lib) / RECORD.relative_to(ROOT)

    def get_outputs(self) -> list[str]:
        record = [] if self.inplace or not self.extensions else [str(self._built_record())]
        return [*super().get_outputs(), *record]


class BuildWithMigrations(build_py):
    """Puts the migrations where ``gkmonitor.storage.migrating.find_scripts`` looks for them once installed."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # a checkout has them beside the packages
            return
        for source, target in self._migrations().items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *map(str, self._migrations().values())]

    def _migrations(self) -> dict[Path, Path]:
        files = [file for file in MIGRATIONS.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        return {file: Path(self.build_lib) / "gkmonitor" / file for file in files}


setup(cmdclass={"build_ext": BuildReaders, "build_py": BuildWithMigrations}, ext_modules=extensions())
