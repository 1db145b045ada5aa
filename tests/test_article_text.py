"""The digest of an article's text: what leaves it as it is, and what changes it."""

from __future__ import annotations

import pytest

from spiders.readers import read_text

URL = "http://www.qinghe.example/zwgk/tzgg/t20260102_1234.html"
TITLE = "青禾县人民政府办公室关于印发政务公开工作要点的通知"
HEAD = "<p>发布时间：2026-01-02 10:11 来源：青禾县 浏览次数：12 【字体：大 中 小】</p>"
TEXT = "<p>各乡镇人民政府，县政府各部门：</p><p>现将《青禾县2026年政务公开工作要点》印发给你们，请认真贯彻执行。</p>"
TABLE = "<table><tr><td>岗位</td><td>人数</td></tr><tr><td>食用菌生产工人</td><td>3</td></tr></table>"
SIGNED = "<p>青禾县人民政府办公室</p><p>2026年1月1日</p>"
BELOW = "<p>上一篇：无</p><h3>相关链接</h3><li><a href='/1.html'>公告一</a> 2026-03-01</li>"
FOOTER = "<div>版权所有：青禾县人民政府 网站标识码：9901020001</div>"


def digest(
    *, head: str = HEAD, text: str = TEXT + TABLE + SIGNED, below: str = BELOW, above: str = "", title: str = TITLE
) -> str | None:
    html = (
        f"<html><head><title>{title}_青禾县人民政府</title></head><body><div>首页 政务公开 {above}</div>"
        f"<div class='main'><h1>{title}</h1>{head}<div class='text'>{text}</div>{below}</div>{FOOTER}</body></html>"
    )
    article = read_text(html, URL).article
    assert article is not None
    return article.digest


def test_a_digest_has_32_hexadecimal_digits() -> None:
    found = digest()
    assert found is not None
    assert (len(found), len(bytes.fromhex(found))) == (32, 16)


@pytest.mark.parametrize(
    "page",
    [
        {"head": HEAD.replace("2026-01-02 10:11", "2026-11-20 09:30")},
        {"head": HEAD.replace("12", "1308")},
        {"head": "<p>2026-03-01</p>"},
        {"head": "<p>发布时间：2026-03-01</p><p>10:22:05</p><p>更新时间：2026-03-04</p><p>点击量：7次</p>"},
        {"head": "<p><span>来源：青禾县 </span><span>2026-11-20 </span><span>阅读：88</span></p>"},
        {"text": TEXT.replace("》印发", "》  印发").replace("<p>", "\n<p>\n ") + TABLE + SIGNED},
        {"text": (TEXT + TABLE + SIGNED).replace("，", ",").replace("2026", "２０２６")},
        {"text": TEXT + TABLE + SIGNED + "<p>浏览次数：<i>77</i>次</p>"},
        {"below": BELOW.replace("上一篇：无", "上一篇：另一件事")},
        {"below": "<p>分享到：微信 微博</p>" + BELOW},
        {"below": BELOW.replace("公告一", "另一公告").replace("2026-03-01", "2026-11-21")},
        {"above": "今天是2026年11月22日 星期日 10:22:31"},
    ],
    ids=[
        *("redated", "counted on", "date alone", "particulars in lines of their own", "particulars in one line"),
        *("blanks", "width", "counter below", "next article", "sharing", "related news", "clock above"),
    ],
)
def test_what_is_no_text_of_the_article_leaves_its_digest(page: dict[str, str]) -> None:
    assert digest(**page) == digest()


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("认真", "切实") + TABLE + SIGNED,
        TEXT + TABLE.replace("<td>3</td>", "<td>4</td>") + SIGNED,
        TEXT + TABLE + SIGNED.replace("1月1日", "1月6日"),
        TEXT + TABLE + SIGNED + "<p>附件：工作要点.doc</p>",
        "<p>报名时间：2026-01-05</p>" + TEXT + TABLE + SIGNED,
        TEXT + TABLE + "<p>相关内容如下：</p><p>网站标识码</p><p>9901020001</p>" + SIGNED,
    ],
    ids=[
        *("a word", "a cell of a table", "the day of the signature", "an attachment", "a day of the matter itself"),
        "lines that begin like those of a template",
    ],
)
def test_what_is_changed_in_the_text_changes_its_digest(text: str) -> None:
    assert digest(text=text) != digest()


def test_a_changed_day_of_the_matter_changes_the_digest() -> None:
    days = [digest(text=f"<p>报名时间：{day}</p>" + TEXT) for day in ("2026-01-05", "2026-01-08")]
    assert None not in days
    assert days[0] != days[1]


def test_what_follows_a_line_that_begins_like_a_template_is_still_text() -> None:
    texts = [TEXT + f"<p>相关内容如下：</p><p>网站标识码</p><p>990102000{number}</p>" for number in (1, 2)]
    assert digest(text=texts[0]) != digest(text=texts[1])


@pytest.mark.parametrize("text", ["", "<p>附件：2026年预算.pdf</p>", "<img src='/a.jpg'>"])
def test_an_article_with_hardly_any_text_has_no_digest(text: str) -> None:
    assert digest(text=text) is None


def test_a_title_above_a_menu_does_not_bring_the_menu_into_the_text() -> None:
    menu = f"当前位置：{TITLE}</div><div>栏目{{}}</div><div>"
    assert digest(above=menu.format("甲")) == digest(above=menu.format("乙")) == digest()


def test_a_broken_character_in_the_text_is_no_error() -> None:
    assert digest(text=TEXT + "<p>\ud800残缺字符</p>") is not None
