"""The word lists of the readers: both loaders say the same, and nobody loads them the slow way."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import spiders
from spiders import word_lists
from spiders.word_lists import read_word_lists

FOLDER = Path(spiders.__file__).parent
NAMES = sorted(file.stem for file in (FOLDER / "data").glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_the_same_with_and_without_the_fast_loader(name: str) -> None:
    text = (FOLDER / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    assert read_word_lists(name) == yaml.load(text, Loader=yaml.SafeLoader)


def test_the_fast_loader_is_taken_where_it_was_built() -> None:
    assert word_lists._LOADER is (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)


def test_nobody_else_in_spiders_loads_yaml() -> None:
    loading = {file.name for file in FOLDER.rglob("*.py") if "import yaml" in file.read_text(encoding="utf-8")}
    assert loading == {"word_lists.py"}
