"""A fragment that names a page is kept on its way from the link to the verdict; any other one is dropped."""

from __future__ import annotations

import pytest

from gkmonitor.checking import address_key
from spiders.addresses import page_key
from spiders.readers.joining import BaseAddress

HOME = "http://www.qinghe.gov.cn/"


@pytest.mark.parametrize(
    ("href", "is_kept"),
    [
        ("/gkmlpt/index#2795", True),
        ("gkmlpt/index#2795", True),
        ("/app/#/list/1", True),
        ("/app/#!list", True),
        ("/zwgk/index.html#2795", False),
        ("/gkmlpt/index#top", False),
    ],
)
def test_fragment_is_kept_only_where_it_names_a_page(href: str, is_kept: bool) -> None:
    joined = BaseAddress(HOME).join(href)
    assert joined is not None
    assert joined.endswith(href.lstrip("/")) is is_kept
    bare = joined.partition("#")[0]
    other = f"{HOME}{href.lstrip('/')}"
    assert (page_key(other) != page_key(bare)) is is_kept
    assert (address_key(other) != address_key(bare)) is is_kept
