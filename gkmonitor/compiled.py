"""Whether the readers run as compiled code, and never by code that is older than its source.

``setup.py`` compiles the modules that reading a page spends its time in, where there is a C compiler. In a checkout
the compiled files lie beside the sources, and Python would go on using them after a source was changed; so the build
notes which state of each source it compiled, and when one differs all of them are read as they are written. With
``GKMONITOR_INTERPRETED=1`` they always are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_name("_compiled.txt")
SWITCH = "GKMONITOR_INTERPRETED"


class SourceFinder(MetaPathFinder):
    """Finds the sources of modules that have compiled files beside them."""

    def __init__(self, sources: Mapping[str, Path]) -> None:
        self._sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        source = self._sources.get(fullname)
        if source is None:
            return None
        return spec_from_file_location(fullname, source, loader=SourceFileLoader(fullname, str(source)))


def state_of(source: Path) -> str:
    """What tells one state of a file from another: its size in bytes and when it was changed, in nanoseconds."""
    found = source.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def write_record(sources: Sequence[str], *, is_checkout: bool) -> str:
    """The text of the record: a line for each source (a path from the root), with its state where it may change."""
    return "".join(f"{source}{' ' + state_of(ROOT / source) if is_checkout else ''}\n" for source in sources)


def is_switched_off() -> bool:
    """Whether ``GKMONITOR_INTERPRETED`` says so: anything but 0."""
    return os.environ.get(SWITCH, "") not in ("", "0")


def choose_readers() -> None:
    """Let the sources be used instead of compiled files that are switched off or out of date."""
    try:
        lines = RECORD.read_text(encoding="utf-8").splitlines()
    except OSError:
        return  # nothing was compiled
    sources = {line.partition(" ")[0]: line.partition(" ")[2] for line in lines}
    if is_switched_off() or not _are_current(sources):
        modules = {source.removesuffix(".py").replace("/", "."): ROOT / source for source in sources}
        sys.meta_path.insert(0, SourceFinder(modules))


def _are_current(sources: Mapping[str, str]) -> bool:
    try:
        return all(not state or state == state_of(ROOT / source) for source, state in sources.items())
    except OSError:
        return False


def is_compiled() -> bool:
    """Whether pages are read by compiled code in this process."""
    from gkmonitor import dates

    return not (dates.__file__ or "").endswith(".py")
