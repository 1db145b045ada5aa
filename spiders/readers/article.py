"""An article page's own title, publication date and source.

The printed date wins: what stands by the title, then what a script writes there, then the page label PubDate (which on
some platforms is the day of the last publishing run), then the address. Dates of the text itself, of signatures,
deadlines, comments, related lists, clocks and footers are never a publication date. No date printed for publication
is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from gkmonitor.dates import PrintedDate, count_years, date_from_url, find_dates, may_hold_date
from gkmonitor.records import Article, DateReading
from spiders.readers.article_text import digest_below
from spiders.readers.document import collapse
from spiders.readers.margins import heads_margin

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from spiders.readers.document import Document

HEAD_LINES = 14  # how many lines after its title an article's own particulars may take
HEAD_CHARACTERS = 900
LABEL_CHARACTERS = 24  # before a date, in which its label ends
PARTICULARS_CHARACTERS = 200  # of a head, in which its first label stands
LINE_CHARACTERS = 400  # no particulars stand in a longer line
MAX_SCRIPTS = 30
TABLE_LINES = 16  # the particulars of a disclosed document (索引号, 发文日期) stand before its title
MAX_PLACES = 4  # of one title on its page
MAX_HEADINGS = 60
MAX_BELOW = 200  # lines with a label of publication: more are a list's
MAX_HEADING_MARKUP = 4000
MANY = 3  # so many dates below a heading are those of a list
MIN_TITLE, MAX_TITLE = 4, 300
MAX_OPENINGS = 4
LEAST_OPENING = 8  # characters of a line that the page's <title> begins with
BODY_CHARACTERS = 90  # sentences of this length after a title are a text of its own; four times it without any date
SENTENCE_CHARACTERS = 25
ENGLISH_CHARACTERS = 60

# Labels of the publication date, in the order in which they count; what is not here is another date.
_PUBLISHED = (
    r"(?:信息|文章|稿件)?(?:发\s?布|公\s?布|公\s?开|发\s?表|刊\s?发|刊\s?登|上\s?传|添\s?加|录\s?入|上\s?[网线]|推\s?送|发\s?稿)"
    r"\s?(?:时\s?间|日\s?期|日|于)|[发發][布佈](?:時間|日期)|发\s?布(?=\s?[:：])"
)
_GENERATED = r"生\s?成\s?日\s?期"
_PLAIN = (
    r"(?<![\u4e00-\u9fffA-Za-z])(?:信息)?(?:时\s?间|日\s?期|時間"
    r"|(?:(?:Pub(?:lish|lication)?|Release|Updated?|Issue) ?)?(?:[Tt]ime|[Dd]ate)(?=\s?[:：])"
    r"|(?:Published|Posted|Released|Updated)(?: [Oo]n)?(?=\s?[:：]))"
)
_ISSUED = r"(?:发\s?文|印\s?发|制\s?发)\s?(?:日\s?期|时\s?间)"
_UPDATED = r"(?:最后|最近)?(?:更\s?新|修\s?改)\s?(?:时\s?间|日\s?期|于)"
_PLAIN_RANK = 2
_COMMENT_RANK = 3
_LABEL_RANKS = ((_PUBLISHED, 0), (_GENERATED, 1), (_PLAIN, _PLAIN_RANK), (_ISSUED, 3), (_UPDATED, 5))
_LABELLED = tuple(
    (re.compile(rf"(?P<label>{words})\s*[】\]]?\s*[:：]?[\s\[（(【]*$"), rank) for words, rank in _LABEL_RANKS
)
_GLUED = re.compile(  # 来源：办公室时间：, in elements that only a style sheet keeps apart
    r"(?:来\s?源|作\s?者|供\s?稿|编\s?辑|审\s?核|发布(?:单位|机构|人))\s?[:：][^\s:：]{1,16}?(?=(?:时\s?间|日\s?期)\s?[:：]\s?$)"
)
_LABEL_WORD = re.compile(
    "发\\s?[布表文稿]|公\\s?[布开]|时\\s?间|日\\s?期|時間|刊\\s?[发登]|上\\s?[传网线]|生\\s?成|录\\s?入|添\\s?加|印\\s?发|發佈|Time|Date|Publ|Poste|Relea|Updat|Issue"
)
# Another date's label: with it before a date, nothing else may claim that date.
_OTHER_LABEL = re.compile(
    r"(?:成文|签发|生效|施行|实施|执行|有效|失效|废止|截止|截至|开始|结束|报名|公示|公告|会议|考试|活动|招标|开标|投标|开奖|统计"
    r"|留言|来信|写信|提交|提问|办结|办理|回复|答复|受理|审核|登录|访问|当前|系统|出生|任职|起始|终止|到期|页面生成|今天|现在)"
    r"\S{0,4}?(?:时\s?间|日\s?期|日|期|限|是|为|于)?\s*[:：]?[\s\[（(]*$"
)
# What may stand beside an unlabelled date by the title: the other particulars.
_PARTICULARS = (
    r"来\s?源|作\s?者|供\s?稿|撰\s?稿|编\s?辑|责\s?编|责任|审\s?核|浏\s?览|点\s?击|阅\s?读|访\s?问|人气|字\s?[体号]|文\s?字|大\s?小|打\s?印"
    r"|分\s?享|收\s?藏|关\s?闭|发\s?布|信\s?息|稿\s?件|文\s?章|转\s?发|视力|双击|语音|摄\s?影|记\s?者|[【\[（(|｜/·]|[A-Za-z]"
)
_BODY = r"[\u4e00-\u9fff]{1,18}[局厅委府办部心网报社院校站会台科处室镇乡道团学馆队媒]"  # who published, without a label
_BEFORE_DATE = re.compile(
    r"(?:^|[\s】\]【\[（(|｜])(?:[\u4e00-\u9fff]{0,2}来\s?源|稿源|作\s?者|供\s?稿|撰\s?稿|编\s?辑|责\s?编|审\s?核|摄\s?影|字\s?[体号]"
    rf"|发布(?:单位|机构|部门|者|人)|[浏点阅][览击读](?:次数|量|数)?)\s*[:：][^\n。，；]{{0,40}}$|^{_BODY}\s*$"
)
_AFTER_DATE = re.compile(
    rf"[日]?\s*(?:\d{{1,2}}\s?[:：]\s?\d\d(?:[:：]\d\d)?)?(?:\.\d+)?[\s\])）】]*(?:$|{_PARTICULARS}|{_BODY}\s*(?:$|浏览|阅读|点击|访问|来源|作者|字[体号]))"
)
_PUBLISHED_WORD = re.compile(r"发\s?布|公\s?[布开]|刊\s?[发登]|上\s?[传网线]|录\s?入|發布")
_RANGE = re.compile(r"\s*(?:[0-2]?\d[:：时][0-5]?\d?\S{0,4}?)?\s*(?:至|到|—|--?|~|～|起|前|止)\s*\S")
_DAY_LABEL = re.compile(r"(?:时\s?间|日\s?期)\s*[:：]?$")
_BOX_LINE = re.compile(r"\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?|20\d\d年?(?:[-/.]?\d{1,2}月?)?")
_GLUED_BOX = re.compile(r"(?P<day>0[1-9]|[12]\d|3[01])日?\s?(?P<year>20\d\d)[-/.年](?P<month>\d{1,2})月?")
_LINE_END = re.compile(r"[日\s\d:.\])）】]*$")
_SENTENCE = re.compile("[。；，！？]|[:：]$")
_SOURCE = re.compile(
    r"(?:信息|文章|稿件|新闻|内容|来稿)?来\s?源\s*[】\]]?\s*[:：][^\S\n]*(?P<source>[^\n\s|｜【\[（(]{2,40}?)"
    r"(?=$|[\s|｜【\[（(]|作者|发布|时间|日期|字[体号]|浏览|点击|阅读|编辑|责任|访问|(?:19|20)\d\d[-年/.])"
)
_PARTICULAR_LABEL = re.compile(
    r"作者|发布|时间|日期|字[体号]|浏览|点击|阅读|编辑|责任|访问|打印|分享|来源|供稿|审核|关闭|大中小"
)

# The labels of pages in traditional characters: one for one, so that places in the text stay what they are.
_TRADITIONAL = "發佈時間來編輯審瀏覽閱讀點擊訪問體責錄開記攝轉關閉視雙語稿"
_PLAIN_LABELS = str.maketrans(_TRADITIONAL, "发布时间来编辑审浏览阅读点击访问体责录开记摄转关闭视双语稿")
_IS_TRADITIONAL = re.compile("[發佈時間來瀏覽閱讀點擊編輯]")

_PARTICULAR_COLON = re.compile(rf"(?:{_PARTICULAR_LABEL.pattern})[\u4e00-\u9fff]{{0,3}}\s?[】\])）]?\s?[:：]")
_NAMES_PARTICULAR = re.compile(r"[\u4e00-\u9fff]\s?[】\])）]?\s?[:：]|[A-Za-z]\s?[:：]")

_SCRIPT_VARIABLE = re.compile(
    r"""\b(\w{0,16}(?:pub|fb|rel|time|date|rq|sj|tm)\w{0,16})\s{0,4}=\s{0,4}(['"])([^'"\n]{8,40})\2""", re.IGNORECASE
)
_DATE_LITERAL = re.compile(r"['\"](?:19|20)\d\d")
_SCRIPT_OTHER = re.compile(r"now|today|current|server|update|modif|expire|end|start|begin|valid", re.IGNORECASE)
_METAS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "datepublished",
    "pubtime",
    "dc.date.issued",
)

_ABOVE = "above"  # no selector: the line above the particulars
_HEADINGS = ("heading", "[class*=tit i],[id*=tit i],[class~=bt],[id=bt],[class*=biaoti i],[id*=biaoti i]", _ABOVE)
_BESIDE_PARTICULARS = 4  # what a date, a source or a visit counter below a heading adds to it
_ABOVE_TEXT = 1.5  # and the first paragraph, which stands below no name of a column in a menu
_SURE = 8
_BELOW_TEXT = re.compile(  # headings of what follows a text
    r"\W*(?:网友|最新|热门|全部)?(?:评论|留言|跟帖|相关(?:阅读|文章|新闻|链接|信息|报道|内容)|延伸阅读)\W*\d*\W*条?\W*"
)
# What no particulars stand behind: the neighbours of an article, and the site's own footer.
_NEIGHBOUR = re.compile(r"\W*[上下]一?[篇条條页頁]")
_FOOTER = re.compile(r"ICP\s?[备備证證]|公网安备|网站标识码|版权所有|版權所有|copyright|©", re.IGNORECASE)
_OWNER = re.compile(
    r"[\u4e00-\u9fff]{2,22}(?:政府|[局厅廳委办辦院校馆館]|委[员員][会會]|中心|协会|協會)(?:[门門][户戶])?(?:[网網]站?)?"
)
_NO_WORD = re.compile(r"[\W_]+")
_BREAK = re.compile(r"<!--.*?-->|<br\b[^>]*>|</?(?:p|div|h\d|td|tr|ul|li)\b[^>]*>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_SEPARATORS = re.compile(r"\s*[_|｜]+\s*|\s*-{1,2}\s*|\s*[—–]+\s*|\s{2,}|&nbsp;|\s*>>\s*")
_ARTICLE_ADDRESS = re.compile(
    r"/t\d{8}_\d+|/art_\d+_\d+|/post_\d+|/content_\d+|/info/\d+/\d+|/contents?/\d+/\d+|/c\d+a\d+/page|/c_\d{5,}|/[0-9a-f]{32}\."
    r"|/\d{4,}\.s?html?$|articleid=|newsid=|infoid=",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One date that may be the publication date; the lowest rank wins."""

    rank: int
    found: PrintedDate
    source: str

    @property
    def reading(self) -> DateReading:
        return DateReading(self.found.day, self.found.printed, self.source)


def read_article(document: Document) -> Article | None:
    """What the page says about the article that it holds; None where it holds none."""
    lines = document.lines
    title, places = _find_title(document)
    heads = [head for place in places if not _is_list(head := _head(lines, place, title or ""))]
    candidates = _candidates(document, lines, places, heads)
    source = _source(document, heads)
    if not (title and _holds_text(document, places, candidates, source)):
        return None
    candidates.sort(key=lambda one: one.rank)
    best = candidates[0] if candidates else None
    printed = best.found.printed if best is not None and best.source.startswith("heading") else None
    digest = digest_below(document, places, heads, printed)
    if best is None:
        return Article(title=title, source=source, digest=digest)
    others = {one.reading: None for one in candidates[1:] if one.found.day != best.found.day}
    return Article(title, best.found.day, best.found.printed, best.source, source, tuple(others), digest)


# ---------------------------------------------------------------- the title


def _key(text: str) -> str:
    return _NO_WORD.sub("", text).lower()


def _find_title(document: Document) -> tuple[str | None, list[int]]:
    """The article's title, and the numbers of the lines it stands in (none for a title that only the head has)."""
    best: tuple[float, str, list[int]] | None = None
    for selector in (None, *_HEADINGS):
        if best is not None and best[0] > _SURE:
            break
        texts = _named_titles(document) if selector is None else _headings(document, selector)
        for worth, text in sorted(texts, key=lambda one: -one[0]):
            if best is not None and worth + _BESIDE_PARTICULARS <= best[0]:
                break
            places = _places(document, text)
            if not places:
                worth -= 6
            elif any(_has_particulars(_head(document.lines, place, text)) for place in places):
                worth += _BESIDE_PARTICULARS
            elif any(_begins_text(document.lines, place, text) for place in places):
                worth += _ABOVE_TEXT
            if best is None or worth > best[0]:
                best = (worth, text, places)
    return (best[1], best[2]) if best is not None else (None, [])


def _named_titles(document: Document) -> Iterator[tuple[float, str]]:
    """The title that a label names, and the page's <title> whole and without the names of column and site behind it."""
    label = collapse(document.metas.get("articletitle", ""))
    if MIN_TITLE <= len(label) <= MAX_TITLE:
        yield 12, label
    page_title = document.title or ""
    if _OWNER.fullmatch(page_title):
        return  # the site's name: where it is printed, it signs the text
    if len(page_title) >= MIN_TITLE:
        yield 1, page_title[:MAX_TITLE]
    for match in list(_SEPARATORS.finditer(page_title))[::-1][:6]:
        text = page_title[: match.start()].strip()
        if MIN_TITLE <= len(text) <= MAX_TITLE:
            yield 1.5, text
    # Whatever stands between the title and the names behind it; a title stands on its page more than once.
    openings = [line for line in document.lines if len(line) >= LEAST_OPENING and page_title.startswith(line)]
    for line in list(dict.fromkeys(openings))[:MAX_OPENINGS]:
        yield 1.5, line[:MAX_TITLE]


def _above_particulars(document: Document) -> Iterator[tuple[float, str]]:
    """The line above the only one on the page that tells a day among the particulars of a publication.

    For pages whose template gives the title no name at all: neither a heading's nor one of its class.
    """
    lines = document.lines
    found = [number for number, line in enumerate(lines) if may_hold_date(line) and _tells_publication(line)]
    if len(found) != 1 or not found[0]:
        return
    above = lines[found[0] - 1]
    is_other = "位置" in above or "〔" in above or _is_prose(above) or find_dates(above)
    if MIN_TITLE <= len(above) <= MAX_TITLE and not is_other and not _PARTICULAR_COLON.search(above):
        yield 6 if _key(document.title or "").startswith(_key(above)) else 3.5, above


def _tells_publication(line: str) -> bool:
    """Whether a line is the particulars of a publication: a day, with a label of its own or beside others' labels."""
    if len(line) > PARTICULARS_CHARACTERS or not _NAMES_PARTICULAR.search(line) or _FOOTER.search(line):
        return False
    return any(one.rank < _COMMENT_RANK for one in _labelled(line)) or any(_unlabelled(line))


def _headings(document: Document, selector: str) -> Iterator[tuple[float, str]]:
    """Headings, each with what speaks for its being the title."""
    if selector == _ABOVE:
        yield from _above_particulars(document)
        return
    page_key = _key(document.title or "")
    seen = set()
    nodes = document.few(selector) if selector == "heading" else document.tree.css(selector)
    for node in nodes[:MAX_HEADINGS]:
        text = _own_text(node)
        if not MIN_TITLE <= len(text) <= MAX_TITLE or text in seen or node.tag in ("a", "body", "html", "input", "img"):
            continue
        if heads_margin(text):
            continue
        worth = {"h1": 3.0, "h2": 1.0, "h3": 1.0, "h4": 0.5}.get(node.tag or "", 0.0)
        key = _key(text)
        if key and page_key.startswith(key):
            worth += 5
        elif len(key) >= 6 and key in page_key:
            worth += 2
        link = node.css_first("a") if not _is_plain(node) else None
        if link is not None and len(link.text()) * 2 > len(text):
            worth -= 6
        else:
            seen.add(text)  # a menu's heading of the same words is no title
        yield worth, text


def _is_plain(node: LexborNode) -> bool:
    """Whether an element holds nothing but one piece of text."""
    child = node.child
    return child is not None and child.next is None and not child.is_element_node


def _own_text(node: LexborNode) -> str:
    """A heading's text up to its first line break that leaves a title (subtitles and dates follow below it)."""
    if _is_plain(node) or node.css_first("br,p,div,td,li") is None:
        return collapse(node.text())
    html = node.html or ""
    if len(html) > MAX_HEADING_MARKUP:
        return ""
    for part in _BREAK.split(html):
        text = collapse(unescape(_TAG.sub("", part)))
        if len(text) >= MIN_TITLE and not (len(text) < 24 and find_dates(text)):
            return text
    return ""


def _places(document: Document, title: str) -> list[int]:
    probe = title[:40]
    if probe not in document.visible_text:
        return []
    found = [number for number, line in enumerate(document.lines) if probe in line and _stands_apart(title, line)]
    return found[:MAX_PLACES]


def _stands_apart(title: str, line: str) -> bool:
    """Whether a title is no part of other words: the owner's name begins many titles, and stands in every footer."""
    begin = line.find(title[:40])
    before, after = line[:begin], line[begin + len(title) :]
    if (before and before[-1].isalpha()) or _FOOTER.search(line):
        return False
    is_whole = not after or not after[0].isalpha() or line[begin : begin + len(title)] != title
    return is_whole or _PARTICULAR_LABEL.match(_plain(after)) is not None


# ---------------------------------------------------------------- the head: what stands by the title


def _head(lines: tuple[str, ...], place: int, title: str) -> str:
    """The lines after a title, before the text begins; the rest of the title's own line is the first."""
    line = lines[place]
    begin = line.find(title[:40])
    rest = line[begin + len(title) :] if line[begin : begin + len(title)] == title else line[begin + len(title[:40]) :]
    head = [rest[:LINE_CHARACTERS].strip()]
    size = 0
    for line in lines[place + 1 : place + 1 + HEAD_LINES]:
        size += len(line)
        if _BELOW_TEXT.fullmatch(line) or _NEIGHBOUR.match(line) or _FOOTER.search(line):
            break
        if size > HEAD_CHARACTERS or ((len(line) > 160 or _is_prose(line)) and not any(_labelled(line[:160]))):
            break
        head.append(line)
    return "\n".join(head)


def _has_particulars(head: str) -> bool:
    is_labelled = _PARTICULAR_LABEL.search(_plain(head), 0, PARTICULARS_CHARACTERS) is not None
    if not is_labelled and not may_hold_date(head):
        return False
    return not _is_list(head) and (is_labelled or any(_unlabelled(head)))


def _is_prose(line: str) -> bool:
    """Whether a line holds a whole sentence, Chinese or English."""
    return "。" in line or (len(line) > ENGLISH_CHARACTERS and line.isascii() and ". " in line)


def _begins_text(lines: tuple[str, ...], place: int, title: str) -> bool:
    """Whether a line is the title alone and a paragraph follows it."""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    return len(lines[place]) <= len(title) + 2 and len(below) > SENTENCE_CHARACTERS and _is_prose(below)


def _candidates(document: Document, lines: tuple[str, ...], places: list[int], heads: list[str]) -> list[_Candidate]:
    found = [candidate for head in heads for candidate in _labelled(head)]
    found += [_Candidate(2, one, "heading") for head in heads for one in _unlabelled(head)][:1]
    if places:
        table = "\n".join(line[:LINE_CHARACTERS] for line in lines[max(0, places[0] - TABLE_LINES) : places[0] + 1])
        found += [one for one in _labelled(table) if one.rank != _PLAIN_RANK]  # 日期： in a page's header is a clock
    if places and not found:
        found += [_Candidate(2, one, "heading:above") for one in find_dates(_box_above(lines, places[0]))[:1]]
    if places and not any(candidate.rank < 4 for candidate in found):
        found += _below(lines[places[0] :]) if _PUBLISHED_WORD.search(document.visible_text) else []
    found += _from_scripts(document)
    for name in _METAS:
        for one in find_dates(document.metas[name], compact=True)[:1] if name in document.metas else ():
            found.append(_Candidate(5, one, f"label:{'PubDate' if name == 'pubdate' else name}"))
    url = date_from_url(document.url)
    if url is not None:
        found.append(_Candidate(7, url, "url"))
    return _earliest_of_equals(found)


def _box_above(lines: tuple[str, ...], place: int) -> str:
    """The day box that stands before a title: "18" over "2026.04"; one line where both are inline."""
    box = lines[max(0, place - 2) : place]
    if box and (glued := _GLUED_BOX.fullmatch(box[-1])):
        return f"{glued['year']}-{glued['month']}-{glued['day']}"
    return " ".join(box) if len(box) == 2 and all(_BOX_LINE.fullmatch(line) for line in box) else ""


def _below(lines: tuple[str, ...]) -> list[_Candidate]:
    """Particulars that a template prints below the text; several different dates are a list's."""
    found: list[_Candidate] = []
    looked_at = 0
    for number, line in enumerate(lines):
        if len(line) >= LINE_CHARACTERS or not _PUBLISHED_WORD.search(line) or _FOOTER.search(line):
            continue
        looked_at += 1
        for one in _labelled(line + "\n" + "".join(lines[number + 1 : number + 2])[:40]):
            if one.rank == 0 and "发表" not in one.source:  # 发表于 stands by readers' comments
                found.append(one)
        if looked_at > MAX_BELOW or (found and found[-1].found.day != found[0].found.day):
            return []
    return found[:1]


def _earliest_of_equals(found: list[_Candidate]) -> list[_Candidate]:
    """Among PubDate and "updated" the earlier goes first: both are moved by later runs, none is moved back."""
    moved = sorted((one for one in found if one.rank == 5), key=lambda one: one.found.day)
    return [one for one in found if one.rank < 5] + moved + [one for one in found if one.rank > 5]


def _labelled(text: str) -> Iterator[_Candidate]:
    """Dates right behind a label of publication."""
    if not (may_hold_date(text) and _LABEL_WORD.search(text)):
        return
    plain = _plain(text)
    for one in find_dates(text):
        begin = max(0, one.start - LABEL_CHARACTERS)
        rank, label = _label_before(plain[begin : one.start], text[begin : one.start])
        if label is None or _RANGE.match(text, one.end):
            continue
        if rank == _PLAIN_RANK and not (
            text.count("\n", 0, one.start) < 4 and _AFTER_DATE.match(_rest_of_line(plain, one.end))
        ):
            continue  # 时间：5月8日上午 in an invitation is the day of the event
        if label == "发表于":  # also stands by readers' comments
            rank = _COMMENT_RANK
        yield _Candidate(rank, one, f"heading:{label}")


def _plain(text: str) -> str:
    """The text with the labels of particulars in simplified characters, each character in its place."""
    return text.translate(_PLAIN_LABELS) if _IS_TRADITIONAL.search(text) else text


def _label_before(before: str, printed: str) -> tuple[int, str | None]:
    """The rank of the label that ends the text, and the label as printed."""
    other = _OTHER_LABEL.search(before)
    before = _GLUED.sub(r"\g<0> ", before)
    for pattern, rank in _LABELLED:
        match = pattern.search(before)
        if match and not (other and other.start() < match.start()):
            return rank, "".join(printed[match.start("label") : match.end("label")].split())
    return 0, None


def _rest_of_line(text: str, start: int) -> str:
    return text[start:].partition("\n")[0]


def _unlabelled(head: str) -> Iterator[PrintedDate]:
    """A date that stands alone, or among the other particulars, in the first lines below the title."""
    subtitles = 0
    for line in _plain(head).split("\n")[:6]:
        particulars = _PARTICULAR_LABEL.search(line) is not None
        if len(line) > 160 or (_SENTENCE.search(line) and not particulars):
            return
        found = find_dates(line)
        for one in found:
            before, after = line[: one.start].strip(" \t[（(【|·"), line[one.end :]
            if before.endswith((":", "：")) or _OTHER_LABEL.search(before):
                continue
            if (not before or _BEFORE_DATE.search(before)) and _AFTER_DATE.match(after):
                yield one
        subtitles += bool(line) and not found and not particulars
        if subtitles > 1:
            return


@lru_cache(maxsize=256)  # the same head is looked at for each spelling of a title
def _is_list(head: str) -> bool:
    """Whether what follows a heading is a list: many lines that end or begin with a date, or many sources."""
    if head.count("源") >= MANY and len(re.findall(r"来\s?源\s*[:：]", head)) >= MANY:
        return True
    if count_years(head) < MANY:
        return False
    lines = head.split("\n")
    entries = sum(_is_entry(line) and not _asks_day(above) for above, line in zip(["", *lines], lines, strict=False))
    return entries >= MANY or _repeats_label(head)


def _repeats_label(head: str) -> bool:
    """Whether several dates stand behind the same label of publication."""
    plain = _plain(head)
    begins = [(max(0, one.start - LABEL_CHARACTERS), one.start) for one in find_dates(head)]
    labels = [label for begin, end in begins if (label := _label_before(plain[begin:end], head[begin:end])[1])]
    return any(labels.count(label) >= MANY for label in set(labels))


def _asks_day(line: str) -> bool:
    """Whether a line is the label of a day on the next one: a table of 报名时间, 开标时间."""
    return len(line) <= 16 and _DAY_LABEL.search(line) is not None


def _is_entry(line: str) -> bool:
    if len(line) > 160 or not may_hold_date(line) or _is_prose(line):
        return False
    found = find_dates(line)
    if not found:
        return False
    before = line[: found[0].start].strip(" [（(【|·")
    if before.endswith((":", "：")):
        return False  # 报名时间：4月10日至4月16日
    return not before or _LINE_END.match(line[found[-1].end :]) is not None


def _from_scripts(document: Document) -> list[_Candidate]:
    """A date that a script variable holds and ``document.write`` prints (var pubdata='2017年08月11日')."""
    found = []
    codes = [script.code for script in document.scripts if "document.write" in script.code and len(script.code) < 5000]
    for code in codes[:MAX_SCRIPTS]:
        if not _DATE_LITERAL.search(code):
            continue
        for name, _, value in _SCRIPT_VARIABLE.findall(code):
            if not _SCRIPT_OTHER.search(name) and re.search(rf"document\.write(?:ln)?\s*\([^)]*\b{name}\b", code):
                found += [_Candidate(4, one, f"script:{name}") for one in find_dates(value)[:1]]
    return found[:1] if len({one.found.day for one in found}) == 1 else []


# ---------------------------------------------------------------- source, and whether this is an article


def _source(document: Document, heads: list[str]) -> str | None:
    for head in heads:
        match = _SOURCE.search(_plain(head))
        if match and not _PARTICULAR_LABEL.match(match["source"]):
            return head[match.start("source") : match.end("source")].strip("：: ，,。") or None
    return " ".join(document.metas.get("contentsource", "").split())[:100] or None


def _holds_text(document: Document, places: list[int], candidates: list[_Candidate], source: str | None) -> bool:
    """Whether the page is about one article: it says so, or a text of its own follows the title."""
    if document.metas.get("articletitle", "").strip():
        return True
    if any(one.rank < 5 for one in candidates) or (source and places):
        return True
    if not places:
        return False
    lines = document.lines[places[0] + 1 : places[0] + 200]
    own = sum(len(line) for line in lines if len(line) > SENTENCE_CHARACTERS and _is_prose(line))
    is_named = candidates or _ARTICLE_ADDRESS.search(document.url)
    return own >= (BODY_CHARACTERS if is_named else 4 * BODY_CHARACTERS)
