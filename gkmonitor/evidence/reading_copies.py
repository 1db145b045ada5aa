"""Pages as copies for reading: nothing in them runs, loads or leads astray, and personal numbers are masked. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gkmonitor.evidence.masking import mask_counted
from gkmonitor.reports.markup import Markup, element
from gkmonitor.reports.wording import printable, safe_link

MAX_BYTES: Final = 4 * 1024 * 1024
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'"
_LEFT_OUT: Final = (
    *("script", "noscript", "style", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed"),
    *("applet", "template", "img", "picture", "video", "audio", "source", "track", "svg", "math", "canvas"),
    *("input", "button", "select", "textarea", "portal"),
)
_KEPT_ATTRIBUTES: Final = frozenset(("href", "title", "alt", "colspan", "rowspan", "lang", "dir"))
_TEXTS: Final = ("json", "xml", "text/plain", "javascript")
_NOTE: Final = (
    "这是供阅读的副本：已去掉脚本、样式、图片和表单，证件号码、手机号码、银行卡号已作遮盖，不能用来核对摘要。"
    "原始内容的摘要（SHA-256）："
)


def reading_copy(
    body: bytes, *, url: str, encoding: str | None, content_type: str, sha256: str
) -> tuple[bytes, int] | None:
    """A page as a self-contained file and how many numbers were masked in it; None for what is no text."""
    if len(body) > MAX_BYTES:
        return None
    text = _decoded(body, encoding)
    kind = content_type.lower()
    if "html" in kind or (not kind and "<" in text[:2000]):
        inner = _cleaned(text, url)
    elif any(word in kind for word in _TEXTS):
        inner = element("pre", text)
    else:
        return None
    masked, count = mask_counted(inner)
    return _whole(Markup(masked), url, sha256).encode("utf-8", "replace"), count


def _decoded(body: bytes, encoding: str | None) -> str:
    try:
        return body.decode(encoding or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _cleaned(text: str, url: str) -> Markup:
    root = LexborHTMLParser(text).body
    if root is None:
        return Markup("")
    for node in root.css(",".join(_LEFT_OUT)):
        node.decompose()
    for node in root.css("*"):
        _clean_attributes(node, url)
    return Markup(root.inner_html or "")


def _clean_attributes(node: LexborNode, url: str) -> None:
    attributes = node.attributes
    for name in list(attributes):
        if name.lower() not in _KEPT_ATTRIBUTES or (name == "href" and node.tag != "a"):
            del node.attrs[name]
    if node.tag == "a" and attributes.get("href") is not None:
        try:
            target = safe_link(urljoin(url, (attributes["href"] or "").strip()))
        except ValueError:
            target = None
        if target is None:
            del node.attrs["href"]
        else:
            node.attrs["href"] = target
            node.attrs["rel"] = "noreferrer noopener nofollow"


def _whole(inner: Markup, url: str, sha256: str) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="referrer", content="no-referrer"),
        element("title", printable(url)),
    )
    note = element("p", element("strong", _NOTE), element("code", sha256), element("br"), printable(url))
    body = element("body", note, element("hr"), inner)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='zh-Hans')}\n"
