"""What pyproject.toml cannot say: the migrations, which lie beside the packages, go into the wheel inside gkmonitor."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

MIGRATIONS = Path("alembic")


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


setup(cmdclass={"build_py": BuildWithMigrations})
