"""Tiny portals on loopback whose pages change from day to day, for tests of the whole service.

Each has a home page and a few lists. What a list holds is a function of the portal's ``day``, which the test moves. The
portals are those of enterprises: few rules bind them, so that every case can be counted by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fake_portal import Answer, FakePortal, Page, serve

from gkmonitor.storage import Database
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

IsBlank = Callable[[date], bool]


def never(_day: date) -> bool:
    return False


def always(_day: date) -> bool:
    return True


@dataclass
class OfficePortal:
    """One portal. ``columns``: name -> whether it is blank on a day; the news column is always fresh."""

    name: str
    columns: dict[str, IsBlank]
    day: date
    host: str = "127.0.0.1"
    served: FakePortal | None = None
    id: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        assert self.served is not None
        return self.served.url

    def start(self) -> None:
        pages: dict[str, Page] = {"/": lambda _: self._home(), "/robots.txt": Answer(b"", 404), "/n*": self._article}
        for number in range(len(self.columns) + 1):
            pages[f"/c{number}/"] = self._list
        self.served = self._stack.enter_context(serve(pages, self.host))

    def stop(self) -> None:
        """The portal is down: whoever connects is refused."""
        self._stack.close()

    # ------------------------------------------------------------ pages

    def _page(self, title: str, body: str) -> str:
        names = ["首页", "工作动态", *self.columns]
        addresses = ["/", *(f"/c{number}/" for number in range(len(names) - 1))]
        menu = "".join(f'<li><a href="{a}">{n}</a></li>' for n, a in zip(names, addresses, strict=True))
        return (
            f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f'<div class="nav"><ul>{menu}</ul></div>'
            f'{body}<div class="footer"><p>主办单位：{self.name}</p><p>联系电话：0990-6660123</p></div></body></html>'
        )

    def _home(self) -> str:
        words = f"<p>{self.name}承担城乡供水、供气和污水处理，竭诚为用户服务。</p>" * 3
        return self._page(self.name, f"{words}<div><h3>工作动态</h3>{self._rows(0, (1, 4))}</div>")

    def _list(self, path: str) -> str:
        number = int(path[2:-1])
        name = ["工作动态", *self.columns][number]
        is_blank = number > 0 and self.columns[name](self.day)
        way = f'<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="{path}">{name}</a></div>'
        rows = '<ul class="list"></ul>' if is_blank else self._rows(number)
        return self._page(f"{name}-{self.name}", f"{way}<h2>{name}</h2>{rows}")

    def _rows(self, number: int, ages: Sequence[int] = (1, 4, 7, 10, 13)) -> str:
        days = [self.day - timedelta(days=back) for back in ages]
        return (
            '<ul class="list">'
            + "".join(
                f'<li><a href="/n{number}/{d:%Y%m%d}.html">{self.name}第{d:%m%d}号信息</a><span>{d}</span></li>'
                for d in days
            )
            + "</ul>"
        )

    def _article(self, path: str) -> str:
        printed = path.rsplit("/", 1)[1][:8]
        body = f"<h1>{self.name}第{printed[4:]}号信息</h1><p>发布时间：{printed[:4]}-{printed[4:6]}-{printed[6:]}</p>"
        return self._page(f"信息-{self.name}", body + "<p>为做好供水服务，现将有关情况公布如下，请予关注。</p>" * 3)


@contextmanager
def running(portals: Sequence[OfficePortal]) -> Iterator[Sequence[OfficePortal]]:
    """The portals on loopback until the block ends, each on the host that it names."""
    with ExitStack() as stack:
        for portal in portals:
            stack.callback(portal.stop)
            portal.start()
        yield portals


def register(database: Database, portals: Sequence[OfficePortal]) -> None:
    """Enters the running portals into the registry and notes their ids."""
    by = By("测试", datetime(2026, 1, 1, tzinfo=UTC))
    with database.writing() as session:
        for portal in portals:
            values = {"name": portal.name, "url": portal.url, "profile": "enterprise"}
            portal.id = add_portal(session, values, (), by)
