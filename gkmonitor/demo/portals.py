"""All simulated portals, and the servers that answer for them on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from gkmonitor.demo.families.dedecms import DedeCmsFamily
from gkmonitor.demo.families.empire import EmpireFamily
from gkmonitor.demo.families.guangdong import GuangdongFamily
from gkmonitor.demo.families.hanweb import HanwebFamily
from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.families.siteserver import SiteServerFamily
from gkmonitor.demo.families.tables import TablesFamily
from gkmonitor.demo.families.traditional import TraditionalFamily
from gkmonitor.demo.families.trs import TrsFamily
from gkmonitor.demo.families.ucap import UcapFamily
from gkmonitor.demo.families.vsb import VsbFamily
from gkmonitor.demo.families.walls import MazeFamily, WalledFamily
from gkmonitor.demo.plan import PortalPlan
from gkmonitor.demo.plans import departments, duties, governments, hard_cases, otherwise
from gkmonitor.demo.server import PortalServer, RequestLog

PORTALS: tuple[PortalPlan, ...] = (
    *governments.PORTALS,
    *departments.PORTALS,
    *duties.PORTALS,
    *otherwise.PORTALS,
    *hard_cases.PORTALS,
)
HELPERS: tuple[PortalPlan, ...] = hard_cases.HELPERS  # served, never inspected

FAMILIES: dict[str, type[Family]] = {
    "plain": Family,
    "trs": TrsFamily,
    "hanweb": HanwebFamily,
    "vsb": VsbFamily,
    "dedecms": DedeCmsFamily,
    "tables": TablesFamily,
    "siteserver": SiteServerFamily,
    "guangdong": GuangdongFamily,
    "ucap": UcapFamily,
    "empire": EmpireFamily,
    "traditional": TraditionalFamily,
    "walled": WalledFamily,
    "maze": MazeFamily,
}


class Serving(dict[str, str]):
    """The portals while they run: the address (without a slash at the end) by key, and the request logs by key."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict[str, RequestLog] = {}


def serve_address(number: int) -> str:
    """127.0.3.N where the system answers there (Linux), else 127.0.0.1: the portals then differ by port only."""
    address = f"127.0.3.{number}"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return "127.0.0.1"
    return address


@contextmanager
def serve(portals: Sequence[PortalPlan] = PORTALS) -> Iterator[Serving]:
    """All ``portals`` (and what they delegate to) on loopback until the block ends."""
    serving = Serving()
    servers: dict[str, PortalServer] = {}
    with ExitStack() as stack:
        for number, plan in enumerate((*portals, *HELPERS), start=1):
            host = serve_address(number)
            if "refuses" in plan.quirks:
                refusing = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                refusing.bind((host, 0))  # bound but never listening: whoever connects is refused
                serving[plan.key] = f"http://{host}:{refusing.getsockname()[1]}"
                continue
            server = PortalServer((host, 0), plan.delay_seconds)
            stack.callback(_stop, server)
            servers[plan.key] = server
            serving[plan.key] = f"http://{host}:{server.server_port}"
            serving.logs[plan.key] = server.log
        for plan in (*portals, *HELPERS):
            if plan.key in servers:
                servers[plan.key].pages = FAMILIES[plan.family](plan, serving).render()
                threading.Thread(target=servers[plan.key].serve_forever, args=(0.05,), daemon=True).start()
        yield serving


def _stop(server: PortalServer) -> None:
    server.closing.set()
    with suppress(OSError):
        server.shutdown()
        server.server_close()
