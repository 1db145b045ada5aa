"""Many simulated portals for bench/fleet.py, from pages made beforehand. Loopback only.

    python bench/fleet_server.py PORTALS PORT COLUMNS DAY      prints "ready", serves until its standard input closes

Portal k answers on 127.9.(k // 250).(k % 250 + 1). Its home page has a menu of COLUMNS columns and news of DAY; a
column is ``/c<number>/index.html``. One column in forty is blank, one in twenty is years behind, one in ten gets an
item every day, the others every eighth day; which ones differs from portal to portal. On end of input it prints one
JSON line: requests, bytes, CPU seconds.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from datetime import date, timedelta

from pages import list_page
from plain_server import address, response

NAMES = (
    "通知公告",
    "政策文件",
    "预算公开",
    "规划计划",
    "人事信息",
    "统计信息",
    "政策解读",
    "工作动态",
    "招考录用",
    "重点项目",
)
ITEMS = 20


def menu(columns: int) -> str:
    links = (f'<li><a href="/c{k}/index.html">{NAMES[k % 10]}{k // 10 or ""}</a></li>' for k in range(columns))
    return f"<div class='menu'><ul><li><a href='/'>首页</a></li>{''.join(links)}</ul></div>"


def item_list(newest: date, every: int = 1) -> str:
    """Items at a fixed pace, so that a list of the next day is the same but for what is new."""
    rows = (
        f'<li><a href="./{day:%Y%m}/t{day:%Y%m%d}_{day.toordinal()}.html" target="_blank">'
        f"关于第{day.toordinal()}号事项的公告</a><span>{day}</span></li>"
        for day in (newest - timedelta(days=every * j) for j in range(ITEMS))
    )
    return f"<div class='list'><ul>{''.join(rows)}</ul></div>"


def page(columns: int, title: str, middle: str) -> bytes:
    """A page of about 53 KB: the portal's menu, its place, the middle, and what else stands on such pages."""
    body = list_page(0, links=0).decode()
    head, rest = body.split("<div class='menu'>", 1)
    after = rest[rest.index("<div class='side'>") :]
    place = f"<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; {title}</div>" if title else ""
    head = head.replace("通知公告", title or "首页")
    return f"{head}{menu(columns)}{place}{middle}{after}".encode()


class Fleet:
    """What each address of each portal answers."""

    def __init__(self, columns: int, day: date) -> None:
        fresh = [item_list(day - timedelta(days=(day.toordinal() - j) % 8), every=8) for j in range(8)]
        today, old, none = item_list(day), item_list(date(2024, 3, 1)), "<div class='list'><ul></ul></div>"
        self.home = response(page(columns, "", today))
        self.missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
        self._lists: dict[tuple[int, int], bytes] = {}
        for k in range(columns):
            title = f"{NAMES[k % 10]}{k // 10 or ''}"
            middles = (none, old, today, *fresh)
            self._lists.update({(k, n): response(page(columns, title, text)) for n, text in enumerate(middles)})

    def answer(self, portal: int, path: str) -> bytes:
        if path == "/":
            return self.home
        name = path.split("/")[1]
        if not path.endswith("/index.html") or not name[1:].isdigit():
            return self.missing
        column = int(name[1:])
        turn = (portal * 7 + column * 3) % 40
        which = 0 if turn == 1 else 1 if turn in (2, 22) else 2 if turn % 10 == 5 else 3 + (portal + column) % 8
        return self._lists.get((column, which), self.missing)


async def serve(portals: int, port: int, fleet: Fleet) -> dict[str, float]:
    counts = {"requests": 0, "bytes": 0}

    def handler(portal: int):  # type: ignore[no-untyped-def]
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while line := await reader.readline():
                    while await reader.readline() not in (b"\r\n", b""):
                        pass
                    body = fleet.answer(portal, line.split()[1].decode("ascii", "replace"))
                    counts["requests"] += 1
                    counts["bytes"] += len(body)
                    writer.write(body)
                    await writer.drain()
            except (ConnectionError, IndexError):
                pass
            finally:
                writer.close()

        return talk

    servers = [await asyncio.start_server(handler(k), address(k), port) for k in range(portals)]
    print("ready", flush=True)
    begun = time.process_time()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        server.close()
    return {**counts, "cpu": time.process_time() - begun}


def main() -> None:
    portals, port, columns, day = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), date.fromisoformat(sys.argv[4])
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 2 * portals + 4096), most))
    print(json.dumps(asyncio.run(serve(portals, port, Fleet(columns, day)))))


if __name__ == "__main__":
    main()
