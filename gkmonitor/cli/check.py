"""``gkmonitor check``: one portal looked at once and judged, or stored facts judged again."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gkmonitor.office import OfficeChoices
    from gkmonitor.records import PortalFacts, Profile
    from gkmonitor.reports.spot import SpotCheck
    from gkmonitor.settings import Settings

MAX_PAGES_LIMIT = 100_000
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line, understood."""

    site: str | None
    facts: PortalFacts | None
    profile: Profile | None
    packs: tuple[str, ...]
    as_of: date | None
    max_pages: int | None
    render: bool
    choices: OfficeChoices


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 没有问题，1 发现问题（提醒不算），2 用法或配置有误，3 未能完成（例如网站打不开）。",
)
def check(
    site: Annotated[str | None, typer.Option(metavar="网址", help="要检查的网站首页")] = None,
    facts: Annotated[str | None, typer.Option(metavar="文件", help="重新评判已保存的事实，不访问网络")] = None,
    profile: Annotated[str | None, typer.Option(metavar="类型", help="网站类型；不写时自动推断")] = None,
    pack: Annotated[list[str] | None, typer.Option(metavar="规则包", help="只用这个规则包；不写时用全部适用的")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="日期", help="评判日，如 2026-01-31；不写时是今天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印一个 JSON 对象")] = False,
    html: Annotated[str | None, typer.Option(metavar="文件", help="另存一个可转发的网页")] = None,
    max_pages: Annotated[str | None, typer.Option(metavar="页数", help="最多读取多少个网页")] = None,
    render: Annotated[bool, typer.Option("--render", help="用浏览器打开只由脚本生成的页面（需另行安装）")] = False,
    save: Annotated[bool, typer.Option("--save", help="把结果写入台账（只用于登记的网站）")] = False,
    save_facts: Annotated[str | None, typer.Option(metavar="文件", help="保存读到的事实，供以后重新评判")] = None,
    cadence: Annotated[str | None, typer.Option(metavar="名称", help="更新周期，如 pingchang；不写时用设置的")] = None,
    points: Annotated[str | None, typer.Option(metavar="文件", help="本单位的扣分表（YAML 或 CSV），据此计分")] = None,
    units: Annotated[str | None, typer.Option(metavar="文件", help="单位名单（CSV），据此核对各单位预决算")] = None,
) -> None:
    """检查一个网站一次：找到应有的栏目，读出列表和日期，按规则包评判，给出依据和证据。

    结果只是单次观测，未经复核，不得作为通报依据。除非另有要求，什么也不保存。
    """
    from gkmonitor.office import load_choices
    from gkmonitor.settings import get_settings

    settings = get_settings()
    _refuse_same_file(html, save_facts)
    choices = load_choices(settings, cadence=cadence, points=points, units=units, packs=pack or [])
    request = understand(site, facts, profile, pack or [], as_of, max_pages, choices)
    request = replace(request, render=_checked_render(render, request, settings))
    keep = _keeper(request, settings) if save else None
    found = request.facts or look(request, settings)
    spot = judge_spot(found, request, ZoneInfo(settings.timezone))
    unwritten = _save(spot, html, save_facts)
    if keep is not None:
        unwritten += keep(spot)
    _show(spot, as_json)
    for message in unwritten:
        console.complain(message)
    raise typer.Exit(console.EXIT_UNFINISHED if unwritten else _exit_code(spot))


def understand(
    site: str | None,
    facts: str | None,
    profile: str | None,
    packs: Sequence[str],
    as_of: str | None,
    max_pages: str | None,
    choices: OfficeChoices,
) -> Request:
    """Every word checked before anything is fetched. Raises UsageError."""
    from gkmonitor.dates import parse_day
    from gkmonitor.errors import UsageError
    from gkmonitor.facts import read_facts
    from gkmonitor.rules import load_pack

    if (site is None) == (facts is None):
        wrong = "--site 和 --facts 只能写一个" if site is not None else "请写 --site 网址，或 --facts 文件"
        raise UsageError(f"{wrong}，例如 --site https://www.example.gov.cn/")
    known_profile = parse_profile(profile)
    day = parse_day(as_of.strip()) if as_of is not None else None
    pages = _parse_pages(max_pages)
    for name in packs:
        load_pack(name)
    return Request(
        site=_checked(site) if site is not None else None,
        facts=read_facts(Path(facts)) if facts is not None else None,
        profile=known_profile,
        packs=tuple(packs),
        as_of=day,
        max_pages=pages,
        render=False,
        choices=choices,
    )


def _checked_render(render: bool, request: Request, settings: Settings) -> bool:
    """Whether to use the browser. Raises UsageError when there is none, or nothing to open in it."""
    from gkmonitor.errors import UsageError
    from gkmonitor.inspection import find_browser

    if render:
        if request.site is None:
            raise UsageError("--render 要和 --site 一起使用：重新评判已保存的事实时不访问网络")
        find_browser(settings)
    return render


def _checked(site: str) -> str:
    """The address as given, for one without a scheme is tried under both."""
    from gkmonitor.addresses import check_address

    check_address(site)
    return site.strip()


def parse_profile(text: str | None) -> Profile | None:
    """A profile by its name. Raises UsageError that names near misses."""
    from difflib import get_close_matches

    from gkmonitor.errors import UsageError
    from gkmonitor.judging import PROFILE_NAMES
    from gkmonitor.records import Profile

    if text is None:
        return None
    try:
        return Profile(text.strip().lower())
    except ValueError as error:
        near = get_close_matches(text.lower(), list(Profile), n=1, cutoff=0.5)
        hint = f"是不是 {near[0]}？" if near else ""
        known = "、".join(f"{p.value}（{PROFILE_NAMES[p]}）" for p in Profile)
        raise UsageError(f"没有“{text}”这个网站类型，{hint}可用的有：{known}") from error


def _parse_pages(text: str | None) -> int | None:
    from gkmonitor.errors import UsageError

    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_PAGES_LIMIT or len(text) > 9:
        raise UsageError(f"--max-pages 的值“{text}”不对，请写 1 到 {MAX_PAGES_LIMIT} 的整数，例如 --max-pages 120")
    return int(text)


def _keeper(request: Request, settings: Settings) -> Callable[[SpotCheck], list[str]]:
    """What writes the result into the ledger, and tells what could not be written.

    Raises UsageError before anything is fetched: for stored facts and for portals that nobody has registered.
    """
    from contextlib import closing

    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.errors import StorageError, UsageError
    from gkmonitor.storage.portals import find_portal

    if request.site is None:
        raise UsageError("--save 要和 --site 一起使用：保存的事实不能代替一次检查")
    with closing(open_service_database(settings)) as database, database.reading() as session:
        portal = find_portal(session, request.site)

    def keep(spot: SpotCheck) -> list[str]:
        from gkmonitor.cycles.recalling import keep_spot_check

        if spot.facts.coverage.is_interrupted:
            return ["检查被中断，结果没有写入台账"]
        try:
            with closing(open_service_database(settings)) as database:
                keep_spot_check(database, settings, portal, spot.facts, spot.as_of, now=datetime.now(UTC))
        except StorageError as error:
            return [str(error)]
        return []

    return keep


def _refuse_same_file(html: str | None, save_facts: str | None) -> None:
    from gkmonitor.errors import UsageError

    for option, name in (("--html", html), ("--save-facts", save_facts)):
        if name is not None and not name.strip():
            raise UsageError(f"{option} 后面要写文件名，例如 {option} 结果.{'html' if option == '--html' else 'json'}")
    if html is not None and save_facts is not None and Path(html).absolute() == Path(save_facts).absolute():
        raise UsageError("--html 和 --save-facts 不能写同一个文件")


def look(request: Request, settings: Settings) -> PortalFacts:
    """Crawl the portal, with progress on a terminal. A crawl that failed is a portal of which nothing was seen."""
    from gkmonitor.errors import UnfinishedError

    assert request.site is not None
    try:
        from gkmonitor.inspection import inspect_portal

        with _progress(request.site) as tell:
            return inspect_portal(
                request.site,
                settings=settings,
                profile=request.profile,
                max_pages=request.max_pages,
                today=request.as_of,
                progress=tell,
                render=request.render,
            )
    except UnfinishedError as error:
        return _nothing_seen(request, str(error))
    except KeyboardInterrupt:  # before the crawl itself began
        return _nothing_seen(request, "检查被中断，未读取首页", is_interrupted=True)


def _nothing_seen(request: Request, detail: str, *, is_interrupted: bool = False) -> PortalFacts:
    from gkmonitor.addresses import check_address
    from gkmonitor.records import CrawlCoverage, HomeFacts, PortalFacts, Reason, Site

    assert request.site is not None
    address, source = check_address(request.site), "given" if request.profile else None
    site = Site(address, address, profile=request.profile, profile_source=source)
    home, coverage = HomeFacts(Reason.NOT_OBSERVED, None, detail=detail), CrawlCoverage(is_interrupted=is_interrupted)
    return PortalFacts(site, datetime.now(UTC), home, coverage=coverage)


def _progress(site: str) -> Any:
    """A context that gives the function to call with progress, or None where nobody would see it."""
    screen = console.progress_console()
    if not screen.is_terminal:
        return nullcontext(None)
    return _Status(screen, site)


class _Status:
    """One line on the terminal that says what is being read."""

    def __init__(self, screen: Any, site: str) -> None:
        self._status = screen.status(_plain(f"正在打开 {site}（按 Ctrl-C 停止并查看已有结果）"))

    def __enter__(self) -> Callable[[Any], None]:
        self._status.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def _tell(self, progress: Any) -> None:
        column = f"，正在看“{progress.column}”" if progress.column else ""
        counts = f"已读 {progress.pages} 页，待读 {progress.waiting} 页，栏目 {progress.columns} 个"
        self._status.update(_plain(f"{progress.portal}：{counts}{column}"))


def _plain(words: str) -> Any:
    from rich.text import Text

    from gkmonitor.reports.wording import printable

    return Text(printable(words), no_wrap=True, overflow="ellipsis")


def judge_spot(facts: PortalFacts, request: Request, zone: ZoneInfo) -> SpotCheck:
    """Judge for the day asked, or for the day of the observation at the portal."""
    from gkmonitor.spotting import judge_once

    tell_of_future(request.as_of or facts.observed_at.astimezone(zone).date(), zone)
    return judge_once(facts, request.choices, zone, profile=request.profile, packs=request.packs, as_of=request.as_of)


def tell_of_future(as_of: date, zone: ZoneInfo) -> None:
    """One line on stderr for a day that has not come yet: calendars get replayed."""
    if as_of > datetime.now(zone).date():
        console.complain(f"评判日 {as_of} 晚于今天，按当天观测到的情况评判")


def _save(spot: SpotCheck, html: str | None, save_facts: str | None) -> list[str]:
    """Write the files asked for; a file that could not be written is a message and never costs the result."""
    import json

    from gkmonitor.errors import OutputError
    from gkmonitor.facts import dump_facts
    from gkmonitor.reports.spot_html import spot_page
    from gkmonitor.reports.writing import write_whole

    failed: list[str] = []
    texts: dict[str, str] = {}
    if html is not None:
        texts[html] = spot_page(spot)
    if save_facts is not None:
        texts[save_facts] = json.dumps(dump_facts(spot.facts), ensure_ascii=False, indent=1) + "\n"
    for name, text in texts.items():
        try:
            write_whole(Path(name), text)
        except OutputError as error:
            failed.append(str(error))
    return failed


def _show(spot: SpotCheck, as_json: bool) -> None:
    if as_json:
        import json

        from gkmonitor.reports.spot_json import spot_object

        console.print_json(json.dumps(spot_object(spot), ensure_ascii=False))
    else:
        from gkmonitor.reports.terminal import print_spot

        print_spot(spot, console.table_console())
    home = spot.facts.home
    if home.state is not None:
        from gkmonitor.reports.phrases import home_words

        console.complain(f"{spot.facts.site.url} 首页未能读取：{home_words(home)}")
    if spot.facts.coverage.is_interrupted:
        console.complain("检查被中断，结果只包含中断前看到的内容")


def _exit_code(spot: SpotCheck) -> int:
    if not spot.is_finished:
        return console.EXIT_UNFINISHED
    return console.EXIT_VIOLATIONS if spot.violations else console.EXIT_DONE
