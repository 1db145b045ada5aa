"""Availability: what one probe says, when it is made, how a week of them is counted and judged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from facts_builder import AS_OF, only, pack_of, portal
from fake_portal import serve

from gkmonitor.judging import Judge
from gkmonitor.probing import Probe, ProbeOutcome, ProbeTarget, due, probe_all
from gkmonitor.records import History, Outcome, ProbeWindow, Reason, Severity, Verdict
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.models import PortalRow
from gkmonitor.storage.probes import delete_probes_before, probe_days, probe_window, store_probes

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
NOBODY = "http://127.0.0.1:1/"


class _Answers(BaseHTTPRequestHandler):
    """/200, /404, /503 answer so; /412 is a wall; /to/<rest> redirects to <rest>; /loop redirects to itself."""

    def do_GET(self) -> None:
        place = self.path.strip("/")
        if place.startswith("to/") or place == "loop":
            self._answer(302, {"Location": "/loop" if place == "loop" else place.removeprefix("to/")})
        else:
            self._answer(int(place or "200"), {})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "2"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}/"
        httpd.shutdown()


def settings(canary: str = "none") -> Settings:
    return load_settings(probe_canaries=canary)


def probe(url: str, canary: str = "none") -> Probe:
    (found,) = probe_all(
        [ProbeTarget(7, url)],
        settings(canary),
        proxies={},
        recognise_wall=lambda status, _headers, _body: status == 412,
        clock=lambda: NOON,
    )
    return found


@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        ("200", ProbeOutcome.UP),
        ("to//200", ProbeOutcome.UP),
        ("404", ProbeOutcome.DOWN),
        ("503", ProbeOutcome.DOWN),
        ("loop", ProbeOutcome.DOWN),
        ("412", ProbeOutcome.BLOCKED),
        ("to//412", ProbeOutcome.BLOCKED),
    ],
)
def test_a_page_is_up_down_or_behind_a_wall(server: str, place: str, outcome: ProbeOutcome) -> None:
    found = probe(server + place)
    assert (found.outcome, found.portal_id, found.at) == (outcome, 7, NOON)


def test_a_server_that_is_away_is_down_with_words() -> None:
    found = probe(NOBODY)
    assert found.outcome is ProbeOutcome.DOWN
    assert "无法连接" in (found.detail or "")


def test_what_did_not_open_while_our_own_network_was_away_is_void() -> None:
    assert probe(NOBODY, canary=NOBODY).outcome is ProbeOutcome.VOID


def test_what_opened_counts_although_the_canary_is_away(server: str) -> None:
    assert probe(server + "200", canary=NOBODY).outcome is ProbeOutcome.UP


def test_one_answering_canary_proves_our_network(server: str) -> None:
    assert probe(NOBODY, canary=f"{NOBODY},{server}503").outcome is ProbeOutcome.DOWN


def test_a_public_address_that_redirects_inside_is_not_followed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gkmonitor.probing.is_private_name", lambda host: host == "localhost")
    found = probe(server + "to/http://localhost/200")
    assert found.outcome is ProbeOutcome.DOWN
    assert "内网" in (found.detail or "")


def test_a_public_name_that_leads_inside_is_asked_nothing_and_counts_on_neither_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gkmonitor.probing.is_private_name", lambda host: host != "localhost")
    with serve({"/": "<html></html>"}) as inside:
        found = probe(inside.url.replace("127.0.0.1", "localhost"))
    assert (found.outcome, inside.requests) == (ProbeOutcome.VOID, [])
    assert "内网" in (found.detail or "")


def test_a_redirect_to_a_name_that_leads_inside_is_asked_nothing(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.setattr("gkmonitor.probing.is_private_name", lambda _host: False)
    with serve({"/*": "<html></html>"}) as inside:
        found = probe(server + "to/" + inside.url.replace("127.0.0.1", "localhost") + "/secret")
    assert (found.outcome, inside.requests) == (ProbeOutcome.VOID, [])


def test_each_portal_is_asked_24_times_a_day_at_turns_of_its_own() -> None:
    targets = [ProbeTarget(number, "http://x/") for number in range(200)]
    asked: dict[int, list[int]] = {}
    for minute in range(24 * 60):
        since = NOON + timedelta(minutes=minute)
        for one in due(targets, since, since + timedelta(minutes=1)):
            asked.setdefault(one.portal_id, []).append(minute)
    assert {len(minutes) for minutes in asked.values()} == {24}
    gaps = {later - earlier for minutes in asked.values() for earlier, later in pairwise(minutes)}
    assert gaps <= {59, 60, 61}
    assert len({minutes[0] for minutes in asked.values()}) > 40


def test_a_long_gap_is_caught_up_with_one_probe() -> None:
    targets = [ProbeTarget(1, "http://x/")]
    assert due(targets, NOON, NOON + timedelta(hours=5)) == targets


# ---------------------------------------------------------------- counting


@pytest.fixture
def portal_id(database: Database) -> int:
    with database.writing() as session:
        row = PortalRow(name="青禾县", url="http://qinghe/", address_key="qinghe", created_at=NOON, updated_at=NOON)
        session.add(row)
        session.flush()
        return row.id


def a_day(portal_id: int, day: int, *, up: int = 24, down: int = 0, blocked: int = 0, void: int = 0) -> list[Probe]:
    outcomes = [ProbeOutcome.UP] * up + [ProbeOutcome.DOWN] * down
    outcomes += [ProbeOutcome.BLOCKED] * blocked + [ProbeOutcome.VOID] * void
    begin = datetime(2026, 11, day, 0, 10, tzinfo=ZONE).astimezone(UTC)
    return [Probe(portal_id, begin + timedelta(minutes=30 * n), one, 200, 40) for n, one in enumerate(outcomes)]


def store(database: Database, *days: list[Probe]) -> None:
    with database.writing() as session:
        for probes in days:
            store_probes(session, probes, ZONE)


def test_a_week_of_probes_is_summed_by_the_offices_own_days(database: Database, portal_id: int) -> None:
    store(database, *(a_day(portal_id, day, up=23, down=1, void=2) for day in range(14, 21)))
    with database.reading() as session:
        window = probe_window(session, portal_id, date(2026, 11, 20))
        days = probe_days(session, portal_id, date(2026, 11, 1), date(2026, 11, 30))
    assert window == ProbeWindow(date(2026, 11, 14), date(2026, 11, 20), up=161, down=7, blocked=0, void=14, days=7)
    assert [one["day"].day for one in days] == list(range(14, 21))


def test_a_day_that_has_only_begun_is_left_out_of_the_window(database: Database, portal_id: int) -> None:
    store(database, *(a_day(portal_id, day) for day in range(13, 20)), a_day(portal_id, 20, up=2, down=3))
    with database.reading() as session:
        window = probe_window(session, portal_id, date(2026, 11, 20))
    assert window is not None
    assert (window.first_day, window.last_day, window.down) == (date(2026, 11, 13), date(2026, 11, 19), 0)


def test_probes_of_one_day_in_several_rounds_add_up(database: Database, portal_id: int) -> None:
    probes = a_day(portal_id, 20, up=20, down=4)
    store(database, probes[:9], probes[9:])
    with database.reading() as session:
        (day,) = probe_days(session, portal_id, date(2026, 11, 20), date(2026, 11, 20))
    assert (day["up"], day["down"], day["slowest_milliseconds"]) == (20, 4, 40)


def test_single_probes_are_deleted_and_their_sums_stay(database: Database, portal_id: int) -> None:
    store(database, a_day(portal_id, 10), a_day(portal_id, 20))
    with database.writing() as session:
        assert delete_probes_before(session, datetime(2026, 11, 15, tzinfo=UTC)) == 24
        assert len(probe_days(session, portal_id, date(2026, 11, 1), date(2026, 11, 30))) == 2


# ---------------------------------------------------------------- judging

UNREACHABLE = pack_of(
    "site-unreachable", severity="veto", rest="params: {window_age: P7D, share_percent: 5, early_percent: 3}"
)


def judged(window: ProbeWindow | None) -> Verdict:
    return only(Judge([UNREACHABLE], AS_OF).judge(portal(), History(probes=window)))


def week(down: int, *, up: int = 0, blocked: int = 0, days: int = 7) -> ProbeWindow:
    return ProbeWindow(
        AS_OF - timedelta(days=6), AS_OF, up=up or 200 - down - blocked, down=down, blocked=blocked, days=days
    )


@pytest.mark.parametrize(
    ("down", "outcome", "severity"),
    [
        (0, Outcome.OK, Severity.VETO),
        (5, Outcome.OK, Severity.VETO),
        (6, Outcome.VIOLATION, Severity.ADVICE),
        (9, Outcome.VIOLATION, Severity.ADVICE),
        (10, Outcome.VIOLATION, Severity.VETO),
        (200, Outcome.VIOLATION, Severity.VETO),
    ],
)
def test_five_percent_of_200_is_a_veto_three_percent_a_warning(down, outcome, severity) -> None:
    verdict = judged(week(down))
    assert (verdict.outcome, verdict.severity) == (outcome, severity)


def test_a_wall_that_answers_is_not_down() -> None:
    assert judged(week(0, blocked=200, up=0)).outcome is Outcome.OK


@pytest.mark.parametrize("window", [None, week(100, days=6), ProbeWindow(AS_OF, AS_OF)])
def test_less_than_a_week_of_probes_is_undecided(window: ProbeWindow | None) -> None:
    verdict = judged(window)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.NOT_OBSERVED)
