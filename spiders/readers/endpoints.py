"""JSON and XML addresses that feed lists which the HTML itself does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final
from urllib.parse import quote, urlencode

from gkmonitor.records import Endpoint
from spiders.readers.document import Document

MAX_ENDPOINTS = 12
MAX_CODE_CHARACTERS = 200_000
MAX_CALLS = 100  # looked at on one page, or of one script for a platform

_QUOTED = r"""['"]([^'"\s<>]{2,400})['"]"""
# What must or must not stand before is asked behind the first letters: so the search can skip to those.
_AJAX: Final = re.compile(rf"""url(?<!\wurl)\s*:\s*{_QUOTED}\s*[,}}\n]""")
_GET: Final = re.compile(
    r"\.(?:(?<=\$\.)|(?<=jQuery\.)|(?<=axios\.)|(?<=\$http\.))"
    rf"""(get|post|getJSON)\s*\(\s*{_QUOTED}\s*[,)]"""
)
# One of these stands in every match.
_GETS = tuple(f"{owner}.{name}" for owner in ("$", "jQuery", "axios", "$http") for name in ("get", "post"))
_FETCH: Final = re.compile(rf"""fetch(?<!\wfetch)\s*\(\s*{_QUOTED}\s*[,)]""")
_DATA_ADDRESS: Final = re.compile(
    r"\.json\b|/api/|getlist|list\w*\.(?:do|action|ashx|json)|query\w*|dataproxy|searchlist|page", re.IGNORECASE
)
_NO_DATA: Final = re.compile(
    r"count|click|hits|visit|stat|jiucuo|login|signature|js_?sdk|jsticket|js_?config|wx_?config|weather|user|captcha|\.(?:js|css|png|jpe?g|gif|html?)$",
    re.IGNORECASE,
)
_POST: Final = re.compile(r"\b(?:type|method)\s*:\s*['\"]post['\"]", re.IGNORECASE)
_DATA_OBJECT: Final = re.compile(r"\bdata\s*:\s*\{([^{}]{0,800})\}")
_PAIR: Final = re.compile(r"""['"]?([\w.]+)['"]?\s*:\s*(?:['"]([^'"]{0,300})['"]|(-?\d+|true|false))\s*(?:,|$)""")
_SEARCH_LIST: Final = re.compile(
    r"""['"]((?:https?:)?/[^'"\s]{0,200}/?searchList/[^'"\s]{8,200}|/searchList/[^'"\s]{8,200})['"]"""
)
_CHANNEL: Final = re.compile(r"""['"]([^'"\s]{0,200}getLocalList\?channelCode=[\w]+[^'"\s]{0,100})['"]""")
_DATAPROXY: Final = re.compile(r"""['"]([^'"\s<>]{0,200}dataproxy\.jsp(?:\?[^'"\s<>]{0,400})?)['"]""")
_GKML_SITE: Final = re.compile(r"""\bS(?:ITE_)?ID['"]?\s*:\s*['"]?(\d+)""")
_GKML_CATEGORY: Final = re.compile(r"""\bCATE(?:GORY)?(?:_ID)?['"]?\s*:\s*['"]?(\d+)""")
_GKML_ROUTE: Final = re.compile(r"#/?(\d+)|[?&]c(?:id|ate)=(\d+)")


def read_endpoints(document: Document) -> tuple[Endpoint, ...]:
    """Addresses that scripts fetch list data from, the most telling first, each once, at most a dozen."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Endpoint] = {}
    for endpoint in chain(_build_units(document), _of_platforms(document), _of_scripts(document)):
        found.setdefault((endpoint.url, endpoint.form), endpoint)
        if len(found) >= MAX_ENDPOINTS:
            break
    return tuple(found.values())


def _build_units(document: Document) -> Iterator[Endpoint]:
    """jpaas: ``<script parseType="buildstatic" url="..." queryData="{'webId':...}">`` answers with a piece of HTML."""
    for script in document.scripts:
        if "querydata" not in script.attributes:
            continue
        url = document.join(script.attributes.get("url"))
        pairs = _PAIR.findall((script.attributes.get("querydata") or "").strip().strip("{}"))
        if url is None:
            continue
        query = urlencode([(name, text or number) for name, text, number in pairs])
        yield Endpoint(f"{url}{'&' if '?' in url else '?'}{query}" if query else url, how="build-unit")


def _of_platforms(document: Document) -> Iterator[Endpoint]:
    if "/gkmlpt" in document.url:
        yield from _gkmlpt(document)
    if not any(map(document.may_run, ("searchList", "getLocalList", "dataproxy"))):
        return
    for code in _codes(document):
        for address, how in _lists_of_platforms(code):
            url = document.join(address)
            if url is not None:
                yield Endpoint(url, how=how)


def _lists_of_platforms(code: str) -> Iterator[tuple[str, str]]:
    if "searchList" in code or "getLocalList" in code:
        for match in islice(chain(_SEARCH_LIST.finditer(code), _CHANNEL.finditer(code)), MAX_CALLS):
            yield match[1], "search-list"
    if "dataproxy" in code and "<record" not in code:
        for match in islice(_DATAPROXY.finditer(code), MAX_CALLS):
            yield match[1].replace("&amp;", "&"), "datastore"


def _gkmlpt(document: Document) -> Iterator[Endpoint]:
    """The disclosure platform of Guangdong: /gkmlpt/api/all/<category>?page=1&sid=<site>; category 0 is everything."""
    head = document.url.partition("/gkmlpt")[0]
    site = category = ""
    for code in _codes(document):
        site_match, category_match = _GKML_SITE.search(code), _GKML_CATEGORY.search(code)
        site = site or (site_match[1] if site_match else "")
        category = category or (category_match[1] if category_match else "")
    route = _GKML_ROUTE.search(document.url)
    category = (route[1] or route[2]) if route else category or "0"
    yield Endpoint(f"{head}/gkmlpt/api/all/{category}?page=1" + (f"&sid={site}" if site else ""), how="gkmlpt")


def _of_scripts(document: Document) -> Iterator[Endpoint]:
    budget = MAX_CALLS
    may_get, may_fetch = any(map(document.may_run, _GETS)), document.may_run("fetch")
    for code in _codes(document):
        for match in islice(_calls_in(code, may_get, may_fetch), budget):
            budget -= 1
            if match.re is _AJAX:
                yield from _ajax(document, code, match)
            elif match.re is _GET:
                yield from _plain(document, match[2], "POST" if match[1] == "post" else "GET")
            else:
                yield from _plain(document, match[1], "GET")


def _calls_in(code: str, may_get: bool, may_fetch: bool) -> Iterator[re.Match[str]]:
    if "url" in code:
        yield from _AJAX.finditer(code)
    if may_get and ("get" in code or "post" in code):
        yield from _GET.finditer(code)
    if may_fetch and "fetch" in code:
        yield from _FETCH.finditer(code)


def _ajax(document: Document, code: str, match: re.Match[str]) -> Iterator[Endpoint]:
    around = code[max(0, match.start() - 300) : match.end() + 600]
    data = _DATA_OBJECT.search(around)
    pairs = tuple((name, text or number) for name, text, number in _PAIR.findall(data[1])) if data else ()
    is_post = _POST.search(around) is not None
    for endpoint in _plain(document, match[1], "POST" if is_post else "GET"):
        if is_post:
            yield Endpoint(endpoint.url, "POST", pairs, endpoint.how)
        elif pairs:
            yield Endpoint(f"{endpoint.url}{'&' if '?' in endpoint.url else '?'}{urlencode(pairs, quote_via=quote)}")
        else:
            yield endpoint


def _plain(document: Document, address: str, method: str) -> Iterator[Endpoint]:
    if _NO_DATA.search(address.partition("?")[0]) or not _DATA_ADDRESS.search(address):
        return
    url = document.join(address)
    if url is not None:
        how = "datastore" if "dataproxy" in url else "xml" if ".xml" in url else "json"
        yield Endpoint(url, method, (), how)


def _codes(document: Document) -> Iterator[str]:
    return (code for code in document.codes if 20 < len(code) <= MAX_CODE_CHARACTERS)
