"""What stands by an article's title: the particulars of its publication, told from lists, sentences and other dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gkmonitor.dates import PrintedDate, count_years, find_dates, may_hold_date
from gkmonitor.records import DateReading

HEAD_LINES = 14  # how many lines after its title an article's own particulars may take
HEAD_CHARACTERS = 900
LABEL_CHARACTERS = 24  # before a date, in which its label ends
PARTICULARS_CHARACTERS = 200  # of a head, in which its first label stands
LINE_CHARACTERS = 400  # no particulars stand in a longer line
MANY = 3  # so many dates below a heading are those of a list
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
PLAIN_RANK = 2
_COMMENT_RANK = 3
_LABEL_RANKS = ((_PUBLISHED, 0), (_GENERATED, 1), (_PLAIN, PLAIN_RANK), (_ISSUED, 3), (_UPDATED, 5))
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
_RANGE = re.compile(r"\s*(?:[0-2]?\d[:：时][0-5]?\d?\S{0,4}?)?\s*(?:至|到|—|--?|~|～|起|前|止)\s*\S")
_DAY_LABEL = re.compile(r"(?:时\s?间|日\s?期)\s*[:：]?$")
_LINE_END = re.compile(r"[日\s\d:.\])）】]*$")
_SENTENCE = re.compile("[。；，！？]|[:：]$")
PARTICULAR_LABEL = re.compile(
    r"作者|发布|时间|日期|字[体号]|浏览|点击|阅读|编辑|责任|访问|打印|分享|来源|供稿|审核|关闭|大中小"
)
# The labels of pages in traditional characters: one for one, so that places in the text stay what they are.
_TRADITIONAL = "發佈時間來編輯審瀏覽閱讀點擊訪問體責錄開記攝轉關閉視雙語稿"
_PLAIN_LABELS = str.maketrans(_TRADITIONAL, "发布时间来编辑审浏览阅读点击访问体责录开记摄转关闭视双语稿")
_IS_TRADITIONAL = re.compile("[發佈時間來瀏覽閱讀點擊編輯]")
_NAMES_PARTICULAR = re.compile(r"[\u4e00-\u9fff]\s?[】\])）]?\s?[:：]|[A-Za-z]\s?[:：]")
# What no particulars stand behind: headings of what follows a text, the neighbours of an article, the site's footer.
_BELOW_TEXT = re.compile(
    r"\W*(?:[上下]一?[篇条條页頁]"
    r"|(?:网友|最新|热门|全部)?(?:评论|留言|跟帖|相关(?:阅读|文章|新闻|链接|信息|报道|内容)|延伸阅读)\W*\d*\W*条?\W*\Z)"
)
FOOTER = re.compile(  # each way begins with one letter, to which a search can skip
    r"公网安备|网站标识码|版[权權]所有|©|i(?i:cp)\s?[备備证證]|I(?i:cp)\s?[备備证證]|c(?i:opyright)|C(?i:opyright)"
)


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date that may be the publication date; the lowest rank wins."""

    rank: int
    found: PrintedDate
    source: str

    @property
    def reading(self) -> DateReading:
        return DateReading(self.found.day, self.found.printed, self.source)


def tells_publication(line: str) -> bool:
    """Whether a line is the particulars of a publication: a day, with a label of its own or beside others' labels."""
    if len(line) > PARTICULARS_CHARACTERS or not (":" in line or "：" in line):
        return False
    if not _NAMES_PARTICULAR.search(line) or FOOTER.search(line):
        return False
    return any(one.rank < _COMMENT_RANK for one in labelled_dates(line)) or any(unlabelled_dates(line))


def head_below(lines: tuple[str, ...], place: int, title: str) -> str:
    """The lines after a title, before the text begins; the rest of the title's own line is the first."""
    line = lines[place]
    begin = line.find(title[:40])
    rest = line[begin + len(title) :] if line[begin : begin + len(title)] == title else line[begin + len(title[:40]) :]
    head = [rest[:LINE_CHARACTERS].strip()]
    size = 0
    for line in lines[place + 1 : place + 1 + HEAD_LINES]:
        size += len(line)
        if _BELOW_TEXT.match(line) or FOOTER.search(line):
            break
        if size > HEAD_CHARACTERS or ((len(line) > 160 or is_prose(line)) and not any(labelled_dates(line[:160]))):
            break
        head.append(line)
    return "\n".join(head)


def has_particulars(head: str) -> bool:
    is_labelled = PARTICULAR_LABEL.search(with_simplified_labels(head), 0, PARTICULARS_CHARACTERS) is not None
    if not is_labelled and not may_hold_date(head):
        return False
    return not reads_as_list(head) and (is_labelled or any(unlabelled_dates(head)))


def is_prose(line: str) -> bool:
    """Whether a line holds a whole sentence, Chinese or English."""
    return "。" in line or (len(line) > ENGLISH_CHARACTERS and line.isascii() and ". " in line)


def begins_text(lines: tuple[str, ...], place: int, title: str) -> bool:
    """Whether a line is the title alone and a paragraph follows it."""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    return len(lines[place]) <= len(title) + 2 and len(below) > SENTENCE_CHARACTERS and is_prose(below)


def labelled_dates(text: str) -> Iterator[DateCandidate]:
    """Dates right behind a label of publication."""
    if not (may_hold_date(text) and _LABEL_WORD.search(text)):
        return
    plain = with_simplified_labels(text)
    for one in find_dates(text):
        begin = max(0, one.start - LABEL_CHARACTERS)
        rank, label = _label_before(plain[begin : one.start], text[begin : one.start])
        if label is None or _RANGE.match(text, one.end):
            continue
        if rank == PLAIN_RANK and not (
            text.count("\n", 0, one.start) < 4 and _AFTER_DATE.match(_rest_of_line(plain, one.end))
        ):
            continue  # 时间：5月8日上午 in an invitation is the day of the event
        if label == "发表于":  # also stands by readers' comments
            rank = _COMMENT_RANK
        yield DateCandidate(rank, one, f"heading:{label}")


def with_simplified_labels(text: str) -> str:
    """The text with the labels of particulars in simplified characters, each character in its place."""
    return text.translate(_PLAIN_LABELS) if _IS_TRADITIONAL.search(text) else text


def _label_before(before: str, printed: str) -> tuple[int, str | None]:
    """The rank of the label that ends the text, and the label as printed."""
    parted = _GLUED.sub(r"\g<0> ", before) if before.rstrip().endswith((":", "：")) else before
    for pattern, rank in _LABELLED:
        match = pattern.search(parted)
        if match:
            other = _OTHER_LABEL.search(before)
            if not (other and other.start() < match.start()):
                return rank, "".join(printed[match.start("label") : match.end("label")].split())
    return 0, None


def _rest_of_line(text: str, start: int) -> str:
    return text[start:].partition("\n")[0]


def unlabelled_dates(head: str) -> Iterator[PrintedDate]:
    """A date that stands alone, or among the other particulars, in the first lines below the title."""
    subtitles = 0
    for line in with_simplified_labels(head).split("\n")[:6]:
        particulars = PARTICULAR_LABEL.search(line) is not None
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
def reads_as_list(head: str) -> bool:
    """Whether what follows a heading is a list: many lines that end or begin with a date, or many sources."""
    if head.count("源") >= MANY and len(re.findall(r"来\s?源\s*[:：]", head)) >= MANY:
        return True
    if count_years(head) < MANY:
        return False
    lines = head.split("\n")
    entries = 0
    for number, line in enumerate(lines):
        if _is_entry(line) and not (number and _asks_day(lines[number - 1])):
            entries += 1
            if entries == MANY:
                return True
    return _repeats_label(head)


def _repeats_label(head: str) -> bool:
    """Whether several dates stand behind the same label of publication."""
    dates = find_dates(head)
    if len(dates) < MANY:
        return False
    plain = with_simplified_labels(head)
    begins = [(max(0, one.start - LABEL_CHARACTERS), one.start) for one in dates]
    labels = [label for begin, end in begins if (label := _label_before(plain[begin:end], head[begin:end])[1])]
    return any(labels.count(label) >= MANY for label in set(labels))


def _asks_day(line: str) -> bool:
    """Whether a line is the label of a day on the next one: a table of 报名时间, 开标时间."""
    return len(line) <= 16 and _DAY_LABEL.search(line) is not None


def _is_entry(line: str) -> bool:
    if len(line) > 160 or not may_hold_date(line) or is_prose(line):
        return False
    found = find_dates(line)
    if not found:
        return False
    before = line[: found[0].start].strip(" [（(【|·")
    if before.endswith((":", "：")):
        return False  # 报名时间：4月10日至4月16日
    return not before or _LINE_END.match(line[found[-1].end :]) is not None
