"""Whether a page whose address is unknown stands below the root of its site, told by what it says and links to.

A saved page has no address of its own; its relative references still climb as many folders as it lay deep, and the
label ColumnName (国办发〔2017〕47号, annex 网页设计规范) names the column that it belongs to. A home page has neither.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from spiders.readers.column_names import is_home_name
from spiders.readers.document import Document

LEAST_CLIMBING: Final = 3  # one or two may be slips of the template


def has_address(document: Document) -> bool:
    """Whether the page's own address is known: one on the web."""
    return urlsplit(document.url).scheme in ("http", "https")


def stands_below_root(document: Document) -> bool:
    """For pages without an address: the page labels itself with a column, or some of its links begin with ``../``."""
    column = document.metas.get("columnname", "").strip()
    if column and not is_home_name(column):
        return True
    return sum(link.href.startswith("../") for link in document.links) >= LEAST_CLIMBING
