"""Rules that rewrite a page as another system or another office might have made it, without changing what it says.

Each rule is a function of the decoded markup (``RULES``) or says how its bytes are encoded (``ENCODINGS``). What a
label says of the page stays true, so that one labelled page tests the readers in fifty forms.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

Rule = Callable[[str], str]

_PARTS = re.compile(r"(<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"\b(class|id)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_ANY_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_ENTRY = re.compile(
    r"(<li\b[^>]*>)((?:(?!</?li\b).)*?)(<a\b[^>]*>(?:(?!</a>).)*</a>)((?:(?!</?li\b).)*?)(</li>)",
    re.DOTALL | re.IGNORECASE,
)
_CHARSET = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)
_DECLARED = re.compile(r"charset\s*=\s*[\"']?[\w-]+", re.IGNORECASE)
_MOST_BESIDE = 16  # characters beside an entry's link that are its day and little else


def texts(change: Callable[[str], str]) -> Rule:
    """A rule for what stands between tags, outside scripts, styles and comments."""
    return lambda text: "".join(part if n % 2 else change(part) for n, part in enumerate(_PARTS.split(text)))


def tags(change: Callable[[str], str]) -> Rule:
    """A rule for tags alone."""

    def one(part: str) -> str:
        return part if part.startswith("<!--") or re.match(r"<(?:script|style)", part, re.IGNORECASE) else change(part)

    return lambda text: "".join(one(part) if n % 2 else part for n, part in enumerate(_PARTS.split(text)))


def days(form: str) -> Rule:
    return texts(lambda text: _DAY.sub(form, text))


def entries(form: str) -> Rule:
    """A rule for list entries of one link and one day; ``form`` has ``{open}``, ``{link}``, ``{day}``, ``{close}``."""

    def one(match: re.Match[str]) -> str:
        beside = re.sub(r"<[^>]*>|\s|&nbsp;", "", match[2] + match[4])
        found = _ANY_DAY.search(beside)
        if found is None or len(beside) > _MOST_BESIDE or re.search(r"<a\b", match[2] + match[4], re.IGNORECASE):
            return match[0]
        head, _, body = match[3].partition(">")
        year, month, day = (part.zfill(2) for part in re.findall(r"\d+", found[0]))
        words = {"open": match[1], "link": match[3], "head": f"{head}>", "words": body[:-4], "close": match[5]}
        return form.format(**words, day=found[0], year=year, month=month, number=day)

    return lambda text: _ENTRY.sub(one, text)


def at_end(markup: str) -> Rule:
    def add(text: str) -> str:
        changed, count = re.subn(r"</body>", lambda match: markup + match[0], text, count=1, flags=re.IGNORECASE)
        return changed if count else text + markup

    return add


def at_start(markup: str) -> Rule:
    return lambda text: re.sub(r"<body\b[^>]*>", lambda m: m[0] + markup, text, count=1, flags=re.IGNORECASE)


def fresh(name: str, heading: str, style: str = "") -> str:
    """A block of news of this week, as a sidebar or a floating box shows them."""
    rows = "".join(
        f'<li><a href="/zz/t202611{20 + n}_99{n}.html">县委理论学习中心组第{word}次会议召开</a><i>2026-11-2{n}</i></li>'
        for n, word in enumerate("一二三四五")
    )
    return f'<div class="{name}"{style}><h3>{heading}</h3><ul>{rows}</ul></div>'


def _scramble(tag: str) -> str:
    def hashed(words: str) -> str:
        return " ".join("k" + hashlib.blake2b(word.encode(), digest_size=3).hexdigest() for word in words.split())

    return _NAMED.sub(lambda match: f'{match[1]}="{hashed(match[2] or match[3] or match[4] or "")}"', tag)


HIDDEN = ' style="display:none"'
RULES: dict[str, Rule] = {
    "as saved": lambda text: text,
    "names scrambled": tags(_scramble),
    "no class, no id": tags(lambda tag: _NAMED.sub("", tag)),
    "no headings": tags(lambda tag: re.sub(r"^<(/?)(?:h[1-6]|strong|b)\b", r"<\1span", tag, flags=re.IGNORECASE)),
    "no title attributes": tags(lambda tag: re.sub(r"\stitle\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", tag)),
    "no page title": lambda text: re.sub(r"<title>[^<]*</title>", "", text, flags=re.IGNORECASE),
    "page title of the site": lambda text: re.sub(r"(<title>)[^<]*", r"\1青禾县人民政府", text, flags=re.IGNORECASE),
    "minified": lambda text: re.sub(r">\s+<", "><", text),
    "upper case tags": tags(lambda tag: re.sub(r"^</?\w+", lambda match: match[0].upper(), tag)),
    "unquoted": tags(lambda tag: re.sub(r'="([\w/.-]+)"', r"=\1", tag)),
    "entities": texts(lambda text: re.sub("[\u4e00-\u9fff]", lambda match: f"&#{ord(match[0])};", text)),
    "in a table": lambda text: at_start("<table><tr><td>")(at_end("</td></tr></table>")(text)),
    "in a form": lambda text: at_start('<form method="post" action="x.aspx">')(at_end("</form>")(text)),
    "words in spans": lambda text: re.sub(r"(<a\b[^>]*>)([^<>]{2,8})(?=</a>)", r"\1<span><em>\2</em></span>", text),
    "icons": lambda text: re.sub(r"(<a\b[^>]*>)", r"\1<svg><title>图标</title></svg>", text),
    "day 年月日": days(r"\1年\2月\3日"),
    "day with slashes": days(r"\1/\2/\3"),
    "day with dots": days(r"\1.\2.\3"),
    "day full width": days(r"\1－\2－\3"),
    "day with a clock": entries("{open}{link}<i>{day} 09:30</i>{close}"),
    "day first": entries("{open}<i>{day}</i>{link}{close}"),
    "day in the link": entries("{open}{head}{words}<i>{day}</i></a>{close}"),
    "day first in the link": entries("{open}{head}<i>{day}</i>{words}</a>{close}"),
    "day behind a dash": entries("{open}{link}<i> —— {day}</i>{close}"),
    "day behind a label": entries("{open}{link}<p>日期：{day}</p>{close}"),
    "day in a box": entries("{open}<b>{number}</b><i>{year}-{month}</i>{link}{close}"),
    "month and day over the year": entries("{open}<b>{month}-{number}</b><i>{year}</i>{link}{close}"),
    "day and term": entries("{open}{link}<i>发布日期：{day}</i><i>有效期至：2027-12-31</i>{close}"),
    "picture and title": entries('{open}{head}<img src="/p.jpg"></a>{link}<i>{day}</i>{close}'),
    "title and summary": entries("{open}<h4>{link}</h4><p>现将有关事项公告如下，请遵照执行……</p><i>{day}</i>{close}"),
    "list of terms": entries("{open}<dl><dt>{link}</dt><dd>{day}</dd></dl>{close}"),
    "fresh block above": at_start(fresh("zz", "要闻")),
    "fresh block below": at_end(fresh("zz", "热点推荐")),
    "fresh block floating": at_end(fresh("zz", "公告", ' style="position:fixed"')),
    "fresh block hidden": at_end(fresh("zz", "公告", HIDDEN)),
    "fresh comments": lambda text: re.sub(r"(</ul>)", lambda m: f"{m[0]}<!-- {fresh('zz', '要闻')} -->", text),
    "pictures below": at_end(
        "<ul>" + "".join(f'<li><a href="/{n}"><p>图片第{n}张的标题</p></a></li>' for n in range(8)) + "</ul>"
    ),
    "clock": at_start("<div>今天是2026年11月30日 星期一</div>"),
    "day in the footer": at_end("<div>最后更新时间：2026-11-29 访问量：12345</div>"),
    "day behind the copyright": at_end("<div>Copyright © 2008-2026 发布时间：2026-11-28</div>"),
    "date of generation": lambda text: re.sub(
        r"</head>", '<meta name="Others" content="页面生成时间 2026-11-29"></head>', text, count=1, flags=re.IGNORECASE
    ),
}
ENCODINGS: dict[str, tuple[str, Rule]] = {
    "GBK undeclared": ("gb18030", lambda text: _CHARSET.sub("", text)),
    "GBK called UTF-8": ("gb18030", lambda text: _DECLARED.sub("charset=utf-8", text)),
    "UTF-8 called GB2312": ("utf-8", lambda text: _DECLARED.sub("charset=gb2312", text)),
    "UTF-16": ("utf-16", lambda text: _CHARSET.sub("", text)),
}


def rewritten(name: str, text: str) -> bytes:
    """The page's bytes after one rule; characters that an encoding lacks become references."""
    if name in ENCODINGS:
        encoding, rule = ENCODINGS[name]
        return rule(text).encode(encoding, "xmlcharrefreplace")
    return _DECLARED.sub("charset=utf-8", RULES[name](text)).encode("utf-8", "replace")


def names() -> list[str]:
    return [*RULES, *ENCODINGS]
