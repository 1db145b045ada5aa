"""``gkmonitor extract``: what the readers see on each page, one JSON object a line or a table for people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command
from gkmonitor.errors import FetchError, UnfinishedError, UsageError

if TYPE_CHECKING:
    from gkmonitor.cli.fetch import PoliteFetcher
    from gkmonitor.records import PageFacts

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_MANIFEST_LINE_BYTES = 1024 * 1024
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Target:
    """One page to read: its name as given, where its bytes are, and its address where one was given."""

    name: str
    place: str
    url: str | None


class UnreadableError(UnfinishedError):
    """A target that could not be read; the others go on."""


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 全部读出，2 用法有误，3 有文件或网址未能读取（其余照常输出）。",
)
def extract(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[文件或网址]...", help="保存的网页文件，或 http(s) 网址")
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="网址", help="文件原来的网址，用来补全相对链接")] = None,
    manifest: Annotated[
        str | None, typer.Option(metavar="清单", help='每行一个 {"file": ..., "url": ...}，路径相对于清单所在文件夹')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每个网页向标准输出打印一行 JSON")] = False,
) -> None:
    """显示程序从网页里读到了什么：页面类型、栏目、列表和日期、文章、标识。

    日期读不到时为空，绝不猜测。一次可以给出许多文件，在同一个进程里读完。
    """
    base = _base_address(url)
    if not sources and manifest is None:
        raise UsageError("请写要读取的文件或网址，或用 --manifest 给出清单，例如 gkmonitor extract 页面.html")
    targets: list[Target | UnreadableError] = [Target(name, name, base) for name in sources or ()]
    if manifest is not None:
        targets += _read_manifest(Path(manifest), base)
    reading, code = Reading(as_json), console.EXIT_DONE
    try:
        for target in targets:
            if not reading.show(target):
                code = console.EXIT_UNFINISHED
    finally:
        reading.close()
    raise typer.Exit(code)


def _base_address(url: str | None) -> str | None:
    from gkmonitor.cli.page_address import is_address

    if url is None:
        return None
    if not is_address(url.strip()):
        raise UsageError(f"--url 的值“{url}”不是网址，请写完整，例如 https://www.example.gov.cn/zwgk/")
    return url.strip()


def _read_manifest(path: Path, base: str | None) -> list[Target | UnreadableError]:
    """The pages that a manifest names; a line that is wrong costs only itself. Raises UsageError for the whole file."""
    try:
        with path.open("rb") as stream:
            lines = iter(lambda: stream.readline(MAX_MANIFEST_LINE_BYTES), b"")
            return [_manifest_line(path, number, line, base) for number, line in enumerate(lines, 1) if line.strip()]
    except OSError as error:
        raise UsageError(f"清单 {path} 无法读取（{_reason(error)}），请检查路径和权限") from error


def _manifest_line(path: Path, number: int, line: bytes, base: str | None) -> Target | UnreadableError:
    from gkmonitor.cli.page_address import is_address

    try:
        entry = json.loads(line.decode("utf-8-sig"))
        name, url = entry["file"], entry.get("url")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        entry, name, url = None, None, None
    if not isinstance(name, str) or not name or not isinstance(url, str | None):
        return UnreadableError(
            f'清单 {path} 第 {number} 行的写法不对，已跳过；请写成 {{"file": "页面.html", "url": "https://..."}}'
        )
    if url and not is_address(url):
        return UnreadableError(f"清单 {path} 第 {number} 行的网址“{url}”不对，已跳过；请写完整的 http(s) 网址")
    return Target(name, name if is_address(name) else str(path.parent / name), url or base)


class Reading:
    """Reads and prints pages one after another; the network is only set up when an address is asked for."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._fetcher: PoliteFetcher | None = None

    def close(self) -> None:
        if self._fetcher is not None:
            self._fetcher.close()

    def show(self, target: Target | UnreadableError) -> bool:
        """Print one page; False with a line on stderr when it cannot be read."""
        try:
            if isinstance(target, UnreadableError):
                raise target
            self._print(target.name, self._read(target))
        except UnfinishedError as error:
            console.complain(error)
            return False
        return True

    def _read(self, target: Target) -> PageFacts:
        from gkmonitor.cli.page_address import is_address, own_address
        from spiders.readers import read_page

        if is_address(target.place):
            url, body, headers = self._fetch(target.place)
        else:
            body, headers = _read_file(target), {}
            url = target.url or own_address(body) or Path(target.place).absolute().as_uri()
        return read_page(body, url, headers)

    def _fetch(self, url: str) -> tuple[str, bytes, Mapping[str, str]]:
        from gkmonitor.cli.fetch import PoliteFetcher
        from gkmonitor.settings import get_settings

        if self._fetcher is None:
            self._fetcher = PoliteFetcher(get_settings())
        answer = self._fetcher.fetch(url)
        if answer.failure is not None:
            raise FetchError(f"{url} 未能读取：{answer.detail}")
        if answer.detail:
            console.complain(f"{url}：{answer.detail}，显示的是服务器返回的页面")
        return answer.final_url, answer.body, answer.headers

    def _print(self, name: str, page: PageFacts) -> None:
        if self._as_json:
            from gkmonitor.reports.page_json import page_object

            console.print_json(json.dumps(page_object(name, page), ensure_ascii=False))
        else:
            from gkmonitor.reports.page_table import print_page

            print_page(name, page, console.table_console())


def _read_file(target: Target) -> bytes:
    try:
        with Path(target.place).open("rb") as stream:
            body = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{target.name} 无法读取（{_reason(error)}），请检查路径和权限") from error
    if len(body) > MAX_FILE_BYTES:
        raise UnreadableError(f"{target.name} 超过 {MAX_FILE_BYTES // 2**20} MB，不是一个网页，未读取")
    return body


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error)
