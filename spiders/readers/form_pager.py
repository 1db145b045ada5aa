"""Pagers that are forms: struts and jsp templates, ASP.NET's ``__doPostBack``, functions that go to a page.

``<a href="javascript:gotoPage(2)">下一页</a>`` beside ``<form method="post">`` with a hidden page field. What a click
would ask for is worked out from the page's own code and given as it would be asked: an address where the form or the
function leads to one, else the form as a request. Such a request only turns the page of a list, which changes nothing
at the portal: it is asked for because the link says 下一页 and because the form holds nothing but a page number and
hidden or empty fields. A form with a password, a file, a text or a code to type in, or whose address saves, sends or
deletes something, is never given. Where the code cannot be followed, only that there are more pages is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborNode

from gkmonitor.records import Endpoint
from spiders.readers.document import Document, Link

NEXT_WORDS: Final = re.compile(
    r"[\s\[【(<《>»]*(?:下一?页|下页|后一?页|后页|下一頁|下頁|next(?: page)?)[\s\]】)>》»›]*", re.IGNORECASE
)
MAX_CLICKABLE: Final = 200
MAX_FORMS: Final = 20
MAX_FIELDS: Final = 80
MAX_FORM_CHARACTERS: Final = 200_000  # __VIEWSTATE of a list may be long
MAX_BODY_CHARACTERS: Final = 2_000
MAX_CODE_CHARACTERS: Final = 200_000
MAX_SCRIPT_CHARACTERS: Final = 400

_NEXT = re.compile("下一?[页頁]")
_CLICKABLE = frozenset(("input", "button", "span", "li", "td", "em"))
_CALL = re.compile(r"\s*(?:javascript:)?\s*(?:void\s*\(?\s*)?(?:return\s+)?([\w$.]+)\s*\(([^()]*)\)", re.IGNORECASE)
_ARGUMENT = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([\w.-]+))\s*""")
_ASSIGNED = re.compile(
    r"""(?P<place>[^;{}=\n]{1,160}?)(?:\.value\s*=(?!=)\s*(?P<value>[^;}\n]{1,120})|\.val\s*\(\s*(?P<val>[^()]{1,80}(?:\([^()]*\))?[^()]{0,40})\s*\))"""
)
_ACTION = re.compile(
    r"""\.action\s*=(?!=)\s*(?P<address>[^;}\n]{1,300})|\.attr\s*\(\s*['"]action['"]\s*,\s*(?P<attr>[^)]{1,300})\)"""
)
_GOES = re.compile(
    r"""location(?:\.href)?\s*=(?!=)\s*(?P<address>[^;}\n]{1,300})|location\.(?:assign|replace)\s*\(\s*(?P<call>[^)]{1,300})\)"""
)
_WORD = re.compile(r"[A-Za-z_$][\w$.-]*")
_TERM = re.compile(
    r"""\s*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>\d+)|(?P<name>[A-Za-z_$]\w*))\s*(?:\+|$)"""
)
_ONE_MORE = re.compile(r"\+\s*1\s*\)?\s*$|^\s*\+\+")
_PAGE_FIELD = re.compile(
    r"page|pno|^pn$|^p$|cur(?:rent)?(?:no|num|index)?$|index$|start|offset|jump|goto", re.IGNORECASE
)
_PAGE_SIZE = re.compile(r"size|per|limit|count|total|rows", re.IGNORECASE)
_PAGE_CALL = re.compile(r"page|turn|goto|jump|next|fanye", re.IGNORECASE)
_CHANGES = re.compile(
    r"save|add|insert|update|modify|edit|delete|remove|submit(?!page)|login|logon|sign|vote|apply|comment|reply|regist|send|upload"
    r"|message|feedback|survey|mail|letter|opinion|complain|pay",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"passw|captcha|yzm|verify|checkcode|validat(?:e|ion)code|authcode|mobile|phone|email|idcard", re.IGNORECASE
)
_TYPED_IN = ("password", "file", "email", "tel")
_NOT_SENT = ("submit", "button", "image", "reset")


@dataclass(frozen=True, slots=True)
class TurnedPage:
    """Where the link to the next page leads: to an address, to a request, or to what could not be worked out."""

    url: str | None = None
    request: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    node: LexborNode
    address: str | None  # absolute
    is_post: bool
    fields: tuple[tuple[str, str], ...]  # what a browser would send
    ids: Mapping[str, str]  # id of a field -> its name

    def name_of(self, word: str) -> str | None:
        """The field that a name or an id in a script stands for."""
        if any(name == word for name, _ in self.fields):
            return word
        return self.ids.get(word)

    def value_of(self, name: str) -> str:
        return next((value for one, value in self.fields if one == name), "")


def read_form_pager(document: Document, links: Sequence[Link]) -> TurnedPage | None:
    """What the link or button to the next page does where it has no address; None where there is no such link.

    ``links``: those of the page that may turn pages.
    """
    script = _next_script(document, links)
    return _follow(document, script) if script is not None else None


def _next_script(document: Document, links: Sequence[Link]) -> str | None:
    """The code behind 下一页."""
    for link in links:
        if link.url is None and NEXT_WORDS.fullmatch(link.label):
            return _code_of(link.attributes.get("onclick"), link.href, link.attributes.get("class"))
    clickable = [one for one in document.scripted if one.tag in _CLICKABLE]
    if not clickable or not _NEXT.search(document.text):
        return None
    for node in clickable[:MAX_CLICKABLE]:
        attributes = node.attributes
        label = (attributes.get("value") or node.text()).strip()
        if len(label) <= 12 and NEXT_WORDS.fullmatch(label) and "disabled" not in attributes:
            return _code_of(attributes.get("onclick"), "", attributes.get("class"))
    return None


def _code_of(onclick: str | None, href: str, names: str | None) -> str | None:
    script = onclick if onclick and "(" in onclick else unescape(href)
    is_idle = "(" not in script or "disabled" in (names or "") or re.search(r"void\s*\(\s*0\s*\)\s*;?\s*$", script)
    return None if is_idle or len(script) > MAX_SCRIPT_CHARACTERS else script


# ---------------------------------------------------------------- following the code


def _follow(document: Document, script: str) -> TurnedPage | None:
    call = _CALL.match(script)
    arguments = [a or b or c for a, b, c in _ARGUMENT.findall(call[2])] if call else []
    if call and call[1] == "__doPostBack":
        return _post_back(document, arguments)
    known: dict[str, str] = {}
    body = script
    if call:
        found = _definition(document, call[1].rpartition(".")[2])
        if found is not None:
            names, body = found
            known = dict(zip(names, arguments, strict=False))
        elif not ("submit" in script or "location" in script):
            return _unseen_function(document, call[1], arguments)
    if "submit" not in body:
        return TurnedPage(_address_in(document, body, known))
    return _submitted(document, body, known)


def _definition(document: Document, name: str) -> tuple[list[str], str] | None:
    """Parameters and body of a function of the page."""
    head = re.compile(rf"(?:function\s+{re.escape(name)}|\b{re.escape(name)}\s*[=:]\s*function)\s*\(([^()]*)\)\s*\{{")
    for script in document.scripts:
        code = script.code
        if name not in code or len(code) > MAX_CODE_CHARACTERS:
            continue
        match = head.search(code)
        if match:
            return _WORD.findall(match[1]), _balanced(code[match.end() : match.end() + MAX_BODY_CHARACTERS])
    return None


def _balanced(code: str) -> str:
    depth = 1
    for place, character in enumerate(code):
        depth += (character == "{") - (character == "}")
        if not depth:
            return code[:place]
    return code


def _address_in(document: Document, body: str, known: Mapping[str, str]) -> str | None:
    found = _GOES.search(body)
    if found is None:
        return None
    text = _text_of(found["address"] or found["call"], known)
    url = document.join(text) if text else None
    return url if url and url.partition("#")[0] != document.url.partition("#")[0] else None


def _text_of(expression: str, known: Mapping[str, str]) -> str | None:
    """The text of literals and parameters joined by ``+``; None for anything else."""
    parts: list[str] = []
    place = 0
    expression = expression.strip()
    while place < len(expression):
        term = _TERM.match(expression, place)
        if term is None:
            return None
        if term["name"] is not None:
            if term["name"] not in known:
                return None
            parts.append(known[term["name"]])
        else:
            parts.append(next(text for text in (term["single"], term["double"], term["number"]) if text is not None))
        place = term.end()
    return "".join(parts) or None


# ---------------------------------------------------------------- forms


def _post_back(document: Document, arguments: list[str]) -> TurnedPage:
    """ASP.NET: the one form of the page with its state, and which control was clicked."""
    if not arguments:
        return TurnedPage()
    changed = {"__EVENTTARGET": arguments[0], "__EVENTARGUMENT": arguments[1] if len(arguments) > 1 else ""}
    for form in _forms(document):
        if any(name in ("__VIEWSTATE", "__EVENTTARGET") for name, _ in form.fields):
            return _turn(document, form, changed, form.address)
    return TurnedPage()


def _submitted(document: Document, body: str, known: Mapping[str, str]) -> TurnedPage | None:
    """The form whose field the code sets before it submits it."""
    forms = list(_forms(document))
    changed: dict[str, str] = {}
    chosen: _Form | None = None
    for match in _ASSIGNED.finditer(body):
        field = _field_at(match["place"], forms)
        if field is None:
            continue
        form, name = field
        value = _value(match["value"] or match["val"], known, form.value_of(name))
        if value is None or (chosen is not None and form is not chosen):
            return TurnedPage()
        chosen, changed[name] = form, value
    if chosen is None:
        return TurnedPage()
    address = chosen.address
    action = _ACTION.search(body)
    if action:
        text = _text_of(action["address"] or action["attr"], known)
        address = document.join(text) if text else None
    return _turn(document, chosen, changed, address)


def _field_at(place: str, forms: list[_Form]) -> tuple[_Form, str] | None:
    """The form and field that a script's expression names (``document.forms[0].pageNo``, ``$("#pageNo")``)."""
    words: list[str] = []
    for word in _WORD.findall(place):
        words += [word, *word.split(".")]
    for word in reversed(words):
        for form in forms:
            name = form.name_of(word)
            if name is not None:
                return form, name
    return None


def _value(expression: str, known: Mapping[str, str], current: str) -> str | None:
    text = _text_of(expression, known)
    if text is None and _ONE_MORE.search(expression) and current.isdigit():
        return str(int(current) + 1)
    return text


def _unseen_function(document: Document, name: str, arguments: list[str]) -> TurnedPage:
    """A function of a file that is not read: followed only to a form that is nothing but a pager."""
    forms = [form for form in _forms(document) if form.is_post and _page_fields(form)]
    if len(forms) != 1 or len(arguments) != 1 or not arguments[0].isdigit() or not _PAGE_CALL.search(name):
        return TurnedPage()
    fields = _page_fields(forms[0])
    if len(fields) != 1 or forms[0].node.css_first("input[type=text],input:not([type]),select,input[type=radio]"):
        return TurnedPage()
    return _turn(document, forms[0], {fields[0]: arguments[0]}, forms[0].address)


def _page_fields(form: _Form) -> list[str]:
    return [name for name, _ in form.fields if _PAGE_FIELD.search(name) and not _PAGE_SIZE.search(name)]


def _turn(document: Document, form: _Form, changed: Mapping[str, str], address: str | None) -> TurnedPage:
    """The form as a browser would send it with the changed fields, where it is a pager and turns the page."""
    pages = [name for name in changed if _PAGE_FIELD.search(name) or name == "__EVENTTARGET"]
    if not pages or address is None or not _is_reading(document, form, address):
        return TurnedPage()
    if all(form.value_of(name) == changed[name] for name in pages):
        return TurnedPage() if form.is_post else TurnedPage(None, None)
    fields = tuple((name, changed.get(name, value)) for name, value in form.fields)
    fields += tuple((name, value) for name, value in changed.items() if not any(name == one for one, _ in fields))
    if sum(len(name) + len(value) for name, value in fields) > MAX_FORM_CHARACTERS:
        return TurnedPage()
    if not form.is_post:
        return TurnedPage(f"{address.partition('#')[0].partition('?')[0]}?{urlencode(fields)}")
    return TurnedPage(None, Endpoint(address, "POST", fields, "form-pager"))


def _is_reading(document: Document, form: _Form, address: str) -> bool:
    """Whether sending the form can only read: see the module's words."""
    target, own = urlsplit(address), urlsplit(document.url)
    if target.netloc != own.netloc or _CHANGES.search(target.path.rpartition("/")[2]):
        return False
    if form.node.css_first("textarea") is not None or "multipart" in (form.node.attributes.get("enctype") or ""):
        return False
    for node in form.node.css("input")[:MAX_FIELDS]:
        attributes = node.attributes
        kind = (attributes.get("type") or "text").lower()
        if kind in _TYPED_IN or _SECRET.search(attributes.get("name") or ""):
            return False
        if kind == "text" and not (attributes.get("value") or "0").strip().isdigit():
            return False
    return all(value.isascii() for _, value in form.fields) or document.encoding.lower().startswith("utf")


def _forms(document: Document) -> Iterator[_Form]:
    for node in document.tree.css("form")[:MAX_FORMS]:
        attributes = node.attributes
        action = (attributes.get("action") or "").strip()
        fields: list[tuple[str, str]] = []
        ids: dict[str, str] = {}
        for field in node.css("input,select")[:MAX_FIELDS]:
            name = field.attributes.get("name") or ""
            value = _sent_value(field)
            if name and value is not None:
                fields.append((name, value))
                if field.attributes.get("id"):
                    ids[field.attributes["id"] or ""] = name
        is_post = (attributes.get("method") or "get").strip().lower() == "post"
        address = document.join(action) if action else document.url.partition("#")[0]
        yield _Form(node, address, is_post, tuple(fields), ids)


def _sent_value(field: LexborNode) -> str | None:
    """What a browser sends for a field that nobody touched; None where it sends nothing."""
    attributes = field.attributes
    if "disabled" in attributes:
        return None
    if field.tag == "select":
        options = field.css("option")
        chosen = next((one for one in options if "selected" in one.attributes), options[0] if options else None)
        if chosen is None:
            return None
        return chosen.attributes.get("value") if "value" in chosen.attributes else chosen.text(strip=True)
    kind = (attributes.get("type") or "text").lower()
    if kind in _NOT_SENT or (kind in ("checkbox", "radio") and "checked" not in attributes):
        return None
    return attributes.get("value") or ""
