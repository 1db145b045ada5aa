"""The import directions of the project (docs/architecture.md), held by reading every module's imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = {"records", "errors"}
VOCABULARY = {"checking", "rulebook", "rules", "packfields", "concepts", "lexicon", "dates", "workdays", "units"}
ENGINE_THAT_MAY_NAME_PLUGINS = ("gkmonitor/inspection.py", "gkmonitor/cli/", "gkmonitor/demo/")
CLOCK_AND_NETWORK = {
    "socket",
    "httpx",
    "requests",
    "urllib.request",
    "sqlite3",
    "sqlalchemy",
    "time",
    "scrapy",
    "twisted",
}


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(p for name in ("gkmonitor", "spiders", "checks") for p in (ROOT / name).rglob("*.py")))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """What is asked of a module's tree: its imports and its attributes of plain names."""
    asked = (ast.Import, ast.ImportFrom, ast.Attribute)
    return tuple(one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, asked))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Dotted names that a module imports; ``from a import b`` gives ``a`` and ``a.b``."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path, package: str = "gkmonitor") -> set[str]:
    """First-level modules of ``package`` that a module imports."""
    return {name.split(".")[1] for name in imports(path) if name.startswith(package + ".")} - {"__version__"}


def names_package(path: Path, *packages: str) -> bool:
    return any(name.split(".")[0] in packages for name in imports(path))


def test_core_imports_nothing_of_ours_but_its_own_parts() -> None:
    parts = [ROOT / "gkmonitor" / "errors.py", *sorted((ROOT / "gkmonitor" / "records").glob("*.py"))]
    assert len(parts) > 2
    for path in parts:
        assert ours(path) <= ({"records"} if path.parent.name == "records" else set()), relative(path)
        assert not names_package(path, "spiders", "checks"), relative(path)


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_vocabulary_imports_only_core_and_itself(name: str) -> None:
    path = ROOT / "gkmonitor" / f"{name}.py"
    assert ours(path) <= CORE | VOCABULARY
    assert not names_package(path, "spiders", "checks")


def test_checks_import_only_the_vocabulary_and_neither_network_nor_clock() -> None:
    for path in (ROOT / "checks").rglob("*.py"):
        assert ours(path) <= {"checking", "records", "errors", "concepts", "dates", "workdays", "units"}, relative(path)
        assert not set(imports(path)) & CLOCK_AND_NETWORK, relative(path)
        assert not names_package(path, "spiders"), relative(path)


def test_readers_know_neither_scrapy_nor_the_engine() -> None:
    for path in (ROOT / "spiders" / "readers").rglob("*.py"):
        assert ours(path) <= CORE | VOCABULARY, relative(path)
        assert not names_package(path, "scrapy", "twisted", "checks"), relative(path)


def test_storage_knows_of_the_registry_only_records_addresses_and_words() -> None:
    allowed = {"gkmonitor.registry.records", "gkmonitor.registry.addresses", "gkmonitor.registry.words"}
    for path in (ROOT / "gkmonitor" / "storage").rglob("*.py"):
        named = {".".join(n.split(".")[:3]) for n in imports(path) if n.startswith("gkmonitor.registry.")}
        assert named <= allowed, relative(path)


@pytest.mark.parametrize("name", ["records", "addresses", "words", "values", "cells", "sheets", "reading"])
def test_registry_files_are_read_without_database_clock_or_network(name: str) -> None:
    path = ROOT / "gkmonitor" / "registry" / f"{name}.py"
    assert not ours(path) & {"storage", "settings", "cli", "inspection"}
    assert not set(imports(path)) & CLOCK_AND_NETWORK


def test_engine_names_plugins_only_where_it_joins_them() -> None:
    for path in modules():
        if relative(path).startswith("gkmonitor/") and not relative(path).startswith(ENGINE_THAT_MAY_NAME_PLUGINS):
            assert not names_package(path, "spiders", "checks"), relative(path)


def test_the_ledger_is_pure_and_knows_neither_storage_nor_clock_nor_network() -> None:
    allowed = CORE | VOCABULARY | {"ledger", "registry", "verdicts", "allowing"}
    for path in (ROOT / "gkmonitor" / "ledger").glob("*.py"):
        assert ours(path) <= allowed, relative(path)
        assert not set(imports(path)) & CLOCK_AND_NETWORK, relative(path)
        assert not attributes(path, "datetime") & {"now", "utcnow"}, relative(path)
    for path in (ROOT / "gkmonitor" / "registry").glob("records.py"):
        assert ours(path) <= {"records"}, relative(path)


def test_storage_imports_neither_the_command_line_nor_reports() -> None:
    for path in (ROOT / "gkmonitor" / "storage").rglob("*.py"):
        assert not ours(path) & {"cli", "reports", "inspection", "demo"}, relative(path)


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("scrapy", "spiders/"),
        ("twisted", "spiders/"),
        ("sqlalchemy", "gkmonitor/storage/"),
        ("fastapi", "gkmonitor/web/"),
        ("starlette", "gkmonitor/web/"),
        ("uvicorn", "gkmonitor/web/"),
        ("prometheus_client", "gkmonitor/web/"),
    ],
)
def test_heavy_library_stays_in_its_own_folder(package: str, home: str) -> None:
    for path in modules():
        if not relative(path).startswith(home):
            assert not names_package(path, package), relative(path)


def test_only_the_command_line_names_the_web() -> None:
    for path in modules():
        if not relative(path).startswith(("gkmonitor/web/", "gkmonitor/cli/")):
            assert "web" not in ours(path), relative(path)


@pytest.mark.parametrize("name", ["failing", "health", "holding", "records", "sharding", "summing"])
def test_what_judges_cycles_asks_neither_database_nor_clock(name: str) -> None:
    path = ROOT / "gkmonitor" / "cycles" / f"{name}.py"
    assert ours(path) <= CORE | {"cycles"}, relative(path)
    assert not set(imports(path)) & CLOCK_AND_NETWORK, relative(path)
    assert not attributes(path, "datetime") & {"now", "utcnow"}, relative(path)


def attributes(path: Path, module: str) -> set[str]:
    return {
        node.attr
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }


def test_only_settings_reads_the_environment() -> None:
    early = "gkmonitor/compiled.py"  # one switch, asked before anything else is imported
    for path in modules():
        if relative(path) not in ("gkmonitor/settings.py", early):
            assert not attributes(path, "os") & {"environ", "getenv", "environb"}, relative(path)
            assert not {"os.environ", "os.getenv"} & set(imports(path)), relative(path)


def test_only_the_command_line_exits_the_process() -> None:
    for path in modules():
        if not relative(path).startswith("gkmonitor/cli/"):
            assert "exit" not in attributes(path, "sys"), relative(path)


def test_alembic_folder_never_shadows_the_library() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
