"""Answers that are no content: challenges, login walls, soft 404, construction notices, hanging and endless pages."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry, days_ago
from gkmonitor.demo.server import Asked, Pages, Reply, Route

HANG_SECONDS = 1.5
HTML = "text/html; charset=utf-8"


def script_wall(asked: Asked) -> Reply:
    """412 with an empty-looking page whose script computes a cookie."""
    token = "qR5tYv9Kx2mW7bN4cZ8dL1fH6gJ3sA0pE" * 4
    body = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="{token}" r="m">'
        '<script type="text/javascript" r="m">$_ts=window[\'$_ts\'];if(!$_ts)$_ts={};$_ts.nsd=67829;'
        f'$_ts.cd="{token}";if($_ts.lcd)$_ts.lcd();</script><script src="/4QbVtADbnLVIc/d.FxJzG50F.dfe1675.js" r="m">'
        "</script></head><body><script r='m'>_$kf();</script></body></html>"
    )
    return Reply(body.encode(), HTML, 412, (("Set-Cookie", "FSSBBIl1UgzbN7NO=5a1; Path=/; HttpOnly"),))


def cookie_wall(asked: Asked) -> Reply:
    """521 with a short script that builds a clearance cookie and reloads."""
    body = (
        "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+('e')+('a')+('r')+('a')+('n')+('c')+"
        "('e')+('_')+('s')+('=')+(-~[]+'')+('7')+('9')+(';m')+('ax-age=3600');location.href=location.pathname"
        "+location.search</script>"
    )
    return Reply(body.encode(), HTML, 521, (("Set-Cookie", "__jsluid_s=3f0c9a7b; max-age=31536000; path=/"),))


def out_of_order(asked: Asked) -> Reply:
    return Reply("<html><body><h1>500 服务器内部错误</h1></body></html>".encode(), HTML, 500)


def add_column(family: Family, column: Column) -> None:
    """The answer of a special column, by its style."""
    makers: dict[str, Callable[[Family, Column], Reply | Route]] = {
        "login": login,
        "soft-404": soft_404,
        "to-home": to_home,
        "building": building,
        "challenge": lambda family, column: cookie_wall,
        "hanging": hanging,
        "broken": broken,
        "endless": endless,
    }
    family.pages[family.column_path(column)] = makers[column.style](family, column)
    if column.style == "endless":
        family.pages[f"/{column.slug}/more"] = endless(family, column)
        family.add_articles(column)


def page(family: Family, column: Column, inner: str) -> Reply:
    body = f"{family.banner()}{family.menu()}{inner}{family.footer()}"
    return Reply(family.document(family.plan.name, body, family.column_labels(column)).encode(), HTML)


def login(family: Family, column: Column) -> Reply:
    form = (
        '<div class="login"><h3>用户登录</h3><p>您尚未登录，请登录后查看本栏目。</p>'
        '<form method="post" action="/login">'
        '用户名：<input name="user"> 密码：<input type="password" name="password"> 验证码：<input name="code">'
        "<button>登录</button></form></div>"
    )
    return page(family, column, form)


def soft_404(family: Family, column: Column) -> Reply:
    return page(family, column, '<div class="error"><h2>404</h2><p>抱歉，您访问的页面不存在或已被删除！</p></div>')


def to_home(family: Family, column: Column) -> Reply:
    return Reply(b"", HTML, 302, (("Location", "/"),))


def building(family: Family, column: Column) -> Reply:
    tip = '<div class="list"><p>栏目建设中，敬请期待！</p><ul class="list"></ul></div>'
    return page(family, column, f"{family.breadcrumb(column)}<h2>{column.name}</h2>{tip}")


def broken(family: Family, column: Column) -> Reply:
    return out_of_order(Asked(f"/{column.slug}/", {}, {}))


def hanging(family: Family, column: Column) -> Reply:
    return Reply(b"", HTML, 0, hold_seconds=HANG_SECONDS)


def endless(family: Family, column: Column) -> Route:
    """A list that always has one more page, made on demand, older by a day each time."""

    def answer(asked: Asked) -> Reply:
        number = max(1, int(asked.query.get("page", "1")))
        rows = "".join(endless_row(family, column, entry, number) for entry in enumerate(column.entries))
        after = f'<a href="/{column.slug}/more?page={number + 1}">下一页</a>'
        return page(
            family, column, f'<h2>{column.name}</h2><ul class="list">{rows}</ul><div class="page">{after}</div>'
        )

    return answer


def endless_row(family: Family, column: Column, numbered: tuple[int, Entry], page_number: int) -> str:
    index, entry = numbered
    day = entry.day if page_number == 1 else days_ago(100 + page_number)
    link = f'<a href="{family.article_path(column, index)}?from={page_number}">{escape(entry.title)}</a>'
    return f"<li>{link}<span>{day:%Y-%m-%d}</span></li>"


class WalledFamily(Family):
    """A whole portal behind a challenge or out of order: every address answers with it."""

    def render(self) -> Pages:
        pages = super().render()
        if "out-of-order" in self.plan.quirks:
            return dict.fromkeys(pages, out_of_order)
        wall = cookie_wall if "challenge-521" in self.plan.quirks else script_wall
        return dict.fromkeys(pages, wall)


class MazeFamily(Family):
    """A portal that loses a careless visitor: session ids in every link, a calendar without end."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.session = 0

    def menu(self) -> str:
        day = days_ago(0)
        return super().menu() + f'<div class="side"><a href="/calendar?y={day.year}&m={day.month}">工作日历</a></div>'

    def render(self) -> Pages:
        pages = super().render()
        wrapped: Pages = {path: self.with_sessions(answer) for path, answer in pages.items()}
        wrapped["/robots.txt"] = pages["/robots.txt"]
        wrapped["/calendar"] = self.calendar
        return wrapped

    def with_sessions(self, answer: Reply | Route) -> Route:
        """Every answer gives all its own links a session id that was never seen before."""

        def route(asked: Asked) -> Reply:
            reply = answer if isinstance(answer, Reply) else answer(asked)
            self.session += 1
            words = reply.body.decode()
            for ending in (".html", "/"):
                words = words.replace(f'{ending}"', f'{ending};jsessionid={self.session:08X}D41D8CD98F00B204"')
            return Reply(words.encode(), reply.content_type, reply.status, reply.headers, reply.hold_seconds)

        return route

    def calendar(self, asked: Asked) -> Reply:
        year, month = int(asked.query.get("y", "2026")), int(asked.query.get("m", "11"))
        earlier = (year, month - 1) if month > 1 else (year - 1, 12)
        later = (year, month + 1) if month < 12 else (year + 1, 1)
        days = "".join(f'<td><a href="/calendar?y={year}&m={month}&d={day}">{day}</a></td>' for day in range(1, 29))
        around = "".join(f'<a href="/calendar?y={y}&m={m}">{y}年{m}月</a>' for y, m in (earlier, later))
        body = f"{self.banner()}{self.menu()}{around}<table><tr>{days}</tr></table>{self.footer()}"
        return Reply(self.document(f"{year}年{month}月", body, {}).encode(), HTML)
