"""Which content management system made a page: told by its addresses, element names and scripts."""

from __future__ import annotations

import re
from typing import Final

from spiders.readers.document import Document
from spiders.readers.joining import BaseAddress

MAX_SAMPLED_LINKS = 150
MAX_SAMPLED_CODE = 2000  # characters of one script
MAX_REMEMBERED: Final = 8_192

# Told by addresses and scripts, the surer families first; case matters, so that one fast search each is enough. A pair
# of words stands for those of its second that hold the first: on most pages one search answers for all of them.
_IN_TEXT: tuple[tuple[str, tuple[str | tuple[str, tuple[str, ...]], ...]], ...] = (
    ("jpaas", (("jpaas-", ("jpaas-publish-server", "jpaas-jiop")),)),
    ("Hanweb", ("<datastore>", ("/jpage", ("/module/web/jpage", "/module/jpage")), ("anweb", ("hanweb", "Hanweb")))),
    ("VSB", ("_sitegray", "vsb_content", "Visual SiteBuilder", "dynclicks.js")),
    ("webplus", ("wp_paging", ("/_upload/", ("/_upload/site", "/_upload/tpl")))),
    ("SiteServer", ("/sitefiles/", "siteserver")),
    ("DedeCMS", (("ede", ("DedeCMS", "dedecms", "dede_")), "/plus/list.php", "/templets/default")),
    ("EmpireCMS", (("/e/", ("/e/public/", "/e/action/", "/e/data/js")), "EmpireCMS", "/d/js/acmsd")),
    ("Epoint", (("point", ("epoint", "Epoint")),)),
    ("TRS WCM", ("createPageHTML(", "TRSWCM", "/trs/")),
    ("ucap", ("/xhtml/", "ucap", "/searchList/", "getLocalList")),
    ("jeecms", ("/r/cms/", "jeecms", ".jhtml")),
    ("Tiangong", (("static", ("staticmores/", "staticpages/")),)),
)
_IN_MARKUP = (
    ("TRS_", "TRS WCM"),
    ("CurrChnlCls", "TRS WCM"),
    ('id="line_u', "VSB"),
    ("vsb_content", "VSB"),
    ("wp_articlecontent", "webplus"),
    ("belongcreateorgid", "webplus"),
    ("buildstatic", "jpaas"),
)
_GKMLPT = re.compile(r"/gkmlpt(?:/|$)")
# Family, words of which one stands in every match (searching for those is much faster), the form of its addresses.
_IN_ADDRESS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("Hanweb", ("/art_", "/col/col"), re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_|/col/col\d+/")),
    ("GD-platform", ("post_",), re.compile(r"content/(?:post|mpost)_\d+\.html")),
    (
        "SiteServer",
        ("channels/", "contents/"),
        re.compile(r"(?:^|/)channels/\d+(?:_\d+)?\.html|contents/\d+/\d+\.html"),
    ),
    ("TRS WCM", ("/t20",), re.compile(r"/t20\d{6}_\d+\.s?html?")),
    ("VSB", ("info/",), re.compile(r"info/\d{4}/\d+\.html?")),
    ("webplus", ("/page.",), re.compile(r"/\d{4}/\d{4}/c\d+a\d+/page\.(?:htm|psp)")),
    ("ucap", (".shtml",), re.compile(r"/\d{6}/[0-9a-f]{32}\.shtml")),
    ("DedeCMS", ("list_", "/plus/"), re.compile(r"list_\d+_\d+\.html|/plus/(?:list|view)\.php")),
    ("Epoint", ("/",), re.compile(r"/(?:\d{6,12}/\d{8}/[0-9a-f]{8}-[0-9a-f]{4}-|tradeInfo\.html|moreinfo\.html)")),
    ("Tiangong", ("static",), re.compile(r"static(?:mores|pages)/")),
    ("struts", (".action",), re.compile(r"\w\.action(?:\?|$)")),
)


_FAMILIES = [name for name, _ in _IN_TEXT] + [name for name, _, _ in _IN_ADDRESS]
_NONE: Final = len(_FAMILIES)
# The pages of one site share most of their addresses and scripts.
_RANKS: Final[dict[str, int]] = {}


def detect_cms(document: Document) -> str | None:
    """The family's short name, or None when no mark of one is seen."""
    if _GKMLPT.search(document.url):
        return "gkmlpt"
    own = BaseAddress(document.url).host  # other sites have systems of their own
    links = document.links[:MAX_SAMPLED_LINKS]
    addresses = [href for link in links if own in (href := link.href) or "://" not in href]
    scripts = [script.source or script.code[:MAX_SAMPLED_CODE] for script in document.scripts]
    rank = _NONE
    for text in (document.url, *addresses, *scripts):
        known = _RANKS.get(text)
        if known is None:
            if len(_RANKS) >= MAX_REMEMBERED:
                _RANKS.clear()
            known = _RANKS[text] = _rank(text)
        rank = min(rank, known)
    return _FAMILIES[rank] if rank < _NONE else _of_markup(document)


def _rank(text: str) -> int:
    """The place of the first family that an address or a script names; the number of families for none."""
    for place, (_, marks) in enumerate(_IN_TEXT):
        for mark in marks:
            word, whole = (mark, (mark,)) if isinstance(mark, str) else mark
            if word in text and any(one in text for one in whole):
                return place
    for place, (_, words, pattern) in enumerate(_IN_ADDRESS, len(_IN_TEXT)):
        if any(word in text for word in words) and pattern.search(text):
            return place
    return _NONE


def _of_markup(document: Document) -> str | None:
    return next((name for mark, name in _IN_MARKUP if document.has(mark)), None)
