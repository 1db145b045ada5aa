"""A plain server for bench/crawl.py: pages of 53 KB with 150 links, nothing computed while it serves. Loopback
only.

    python bench/plain_server.py HOSTS PORT [CPU]     prints "ready", serves until its standard input closes

Host k answers on 127.9.(k // 250).(k % 250 + 1). Every path is a page; a path that begins with ``/c`` is a
column's list, everything else the home page, whose menu holds 140 columns. On end of input it prints one JSON
line: requests, seconds from the first to the last, addresses.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

from pages import list_page

COLUMNS = 140


def address(k: int) -> str:
    return f"127.9.{k // 250}.{k % 250 + 1}"


def home_page() -> bytes:
    """A home page of the same size and number of links as a list page: a menu of columns and a block of news."""
    names = ("通知公告", "政策文件", "预算公开", "规划计划", "人事信息", "统计信息", "政策解读")
    menu = "".join(f'<li><a href="/c{k}/index.html">{names[k % 7]}{k}</a></li>' for k in range(COLUMNS))
    body = list_page(0, links=0)
    cut = body.index(b"<div class='menu'>")
    return body[:cut] + f"<div class='menu'><ul>{menu}</ul></div>".encode() + body[body.index(b"<div class='list'>") :]


def response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Tally:
    def __init__(self) -> None:
        self.paths: list[str] = []
        self.first = self.last = 0.0

    def note(self, host: str, path: str) -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.paths.append(f"http://{host}{path}")


async def serve(hosts: int, port: int) -> Tally:
    home, lists = response(home_page()), [response(list_page(k)) for k in range(20)]
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
    tally = Tally()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path, host = line.split()[1].decode(), ""
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    if header.lower().startswith(b"host:"):
                        host = header[5:].strip().decode()
                if path == "/robots.txt":
                    writer.write(missing)
                else:
                    tally.note(host, path)
                    writer.write(lists[hash(path) % 20] if path.startswith("/c") else home)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    servers = [await asyncio.start_server(answer, address(k), port) for k in range(hosts)]
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        server.close()
    return tally


def main() -> None:
    if len(sys.argv) > 3 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[3])})
    tally = asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
    print(json.dumps({"requests": len(tally.paths), "seconds": tally.last - tally.first, "urls": tally.paths}))


if __name__ == "__main__":
    main()
