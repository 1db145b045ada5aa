"""The word lists of ``spiders/data``, which every reading process loads before its first page."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where it was built


def read_word_lists(name: str) -> dict[str, Any]:
    """The lists of ``spiders/data/<name>.yaml`` as written there, by their keys."""
    lists: dict[str, Any] = yaml.load(files("spiders").joinpath(f"data/{name}.yaml").read_text("utf-8"), Loader=_LOADER)
    return lists
