"""A province's ledger for the desk's figures: made of SQL on the server, the same for the same numbers."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import psycopg

NIGHTS: Final = 30  # of inspections and probes
COLUMNS: Final = 20  # a portal
ITEMS: Final = 70  # a portal and month
FINDINGS: Final = 8  # a portal and night
TASKS: Final = 5  # a portal and month
VERDICTS: Final = 300  # of one inspection
COUNTIES: Final = 140
_OUTCOMES: Final = {"ok": 250, "violation": 8, "undecided": 42}  # what an inspection's summary says of its verdicts
# Of a thousand cases that have piled up in two years: those that still stand are few.
STATES: Final = (
    *(("suspected", 60), ("open", 50), ("confirmed", 20), ("notified", 40), ("appealed", 2)),
    *(("exempt", 15), ("dismissed", 130), ("rectified", 250), ("closed", 433)),
)


@dataclass(frozen=True)
class Size:
    """How much there is."""

    portals: int
    cases: int


def fill(connection: psycopg.Connection[Any], size: Size, now: datetime) -> None:
    """Everything but its statistics. The database is migrated and empty."""
    connection.execute("SET session_replication_role = replica")  # the rows fit each other: no look-up for each
    connection.execute("SET work_mem = '512MB'")
    connection.execute("SET jit = off")
    for part in (_registry, _inspections, _watching, _cases, _events):
        part(connection, size, now)
    connection.execute("SET session_replication_role = origin")


def inspection_id(size: Size, portal_id: int) -> int:
    """The portal's inspection of the newest night."""
    return (NIGHTS - 1) * size.portals + portal_id


def _registry(connection: psycopg.Connection[Any], size: Size, now: datetime) -> None:
    connection.execute("INSERT INTO units (id, name) VALUES (1, '青禾省')")
    connection.execute(
        "INSERT INTO units (id, name, parent_id) SELECT 1 + g, '第' || g || '县人民政府', 1"
        " FROM generate_series(1, %s::int) g",
        [COUNTIES],
    )
    connection.execute(
        "INSERT INTO units (id, name, parent_id)"
        " SELECT 1000 + g, '第' || g || '办公室', 2 + g %% %s FROM generate_series(1, %s::int) g",
        [COUNTIES, max(1, size.portals // 4)],
    )
    connection.execute(
        """
        INSERT INTO portals (id, site_id_code, name, url, address_key, organizer, unit_id, level, profile, region,
                             state, notes, created_at, updated_at)
        SELECT g, (4400000000 + g)::text, '第' || g || '号政府网站', 'http://p' || g || '.example/',
               'p' || g || '.example', '第' || g || '单位', 1001 + g %% %(offices)s, NULL,
               (ARRAY['county-portal', 'department', 'township-page'])[1 + g %% 3],
               '第' || (1 + g %% %(counties)s) || '县',
               CASE WHEN g %% 50 = 0 THEN 'paused' ELSE 'active' END, '{}', %(now)s, %(now)s
        FROM generate_series(1, %(portals)s::int) g
        """,
        {"offices": max(1, size.portals // 4), "counties": COUNTIES, "portals": size.portals, "now": now},
    )


def _inspections(connection: psycopg.Connection[Any], size: Size, now: datetime) -> None:
    """Only the newest night carries verdicts of the usual weight: the month reads no others."""
    from gkmonitor.monthly.digests import dump_digest

    connection.execute("CREATE TEMP TABLE bodies (number int, body bytea, digest bytea)")
    for number in range(40):
        body = _verdicts(number)
        values = [number, zlib.compress(body, 6), dump_digest(json.loads(body))]
        connection.execute("INSERT INTO bodies VALUES (%s, %s, %s)", values)
    verdicts = {
        "outcomes": {answer: number * size.portals for answer, number in _OUTCOMES.items()},
        "undecided": {"blocked": _OUTCOMES["undecided"] * size.portals},
    }
    counts = json.dumps(
        {"inspected": size.portals, "findings": size.portals * FINDINGS, "failed": {}, "verdicts": verdicts}
    )
    connection.execute(
        """
        INSERT INTO cycles (id, name, kind, as_of, state, started_at, finished_at, counts)
        SELECT n + 1, 'bench/' || n, 'regular', (%(now)s - (%(last)s - n) * interval '1 day')::date, 'done',
               %(now)s - (%(last)s - n) * interval '1 day' - interval '8 hours',
               %(now)s - (%(last)s - n) * interval '1 day', %(counts)s::jsonb
        FROM generate_series(0, %(last)s::int) n
        """,
        {"now": now, "last": NIGHTS - 1, "counts": counts},
    )
    summary = {"outcomes": _OUTCOMES, "undecided_by": {"blocked": _OUTCOMES["undecided"]}}
    connection.execute(
        """
        INSERT INTO inspections (id, cycle_id, portal_id, state, attempts, as_of, observed_at, finished_at, failure,
                                 packs, program_version, summary, verdicts, digest)
        SELECT n * %(portals)s + g, n + 1, g, 'done', 1, c.as_of, c.finished_at - (g %% 400) * interval '1 minute',
               c.finished_at, CASE WHEN (g + n) %% 60 = 0 THEN 'transient' END, '{}', '0', %(summary)s::jsonb,
               CASE WHEN n = %(last)s THEN b.body ELSE %(nothing)s END, CASE WHEN n = %(last)s THEN b.digest END
        FROM generate_series(0, %(last)s::int) n JOIN cycles c ON c.id = n + 1
        CROSS JOIN generate_series(1, %(portals)s::int) g JOIN bodies b ON b.number = g %% 40
        """,
        {
            "portals": size.portals,
            "last": NIGHTS - 1,
            "summary": json.dumps(summary),
            "nothing": zlib.compress(b"[]"),
        },
    )
    connection.execute(
        """
        INSERT INTO findings (cycle_id, inspection_id, portal_id, rule, subject_key, severity, observed_at, verdict)
        SELECT i.cycle_id, i.id, i.portal_id, 'national-2019-19/news-column-stale', repeat(k::text, 64), 'deduction',
               i.observed_at, %s::jsonb
        FROM inspections i CROSS JOIN generate_series(0, %s::int) k WHERE i.cycle_id = %s
        """,
        [json.dumps(_verdict(0, "violation")), FINDINGS - 1, NIGHTS],
    )


def _verdicts(number: int) -> bytes:
    answers = ("ok", "ok", "ok", "ok", "ok", "undecided", "not_applicable")
    made = [_verdict(k, answers[(k * 7 + number * 11 + k // 13) % len(answers)]) for k in range(VERDICTS)]
    return json.dumps(made, ensure_ascii=False).encode()


def _verdict(number: int, answer: str) -> dict[str, Any]:
    rules, concepts = _rules(), _concepts()
    rule, check, severity, title = rules[number % len(rules)]
    return {
        "rule": rule, "check": check, "verdict": answer, "severity": severity, "points": None,
        "subject": {
            "concept": concepts[number % len(concepts)], "column": f"栏目{number}",
            "url": f"http://p.example/c{number}/", "path": ["首页", "政府信息公开", f"栏目{number}"],
        },
        "members": None, "measured": "2026-02-01", "required": "2周", "latest": "2026-02-01", "days": 30 + number,
        "reason": "blocked" if answer == "undecided" else None,
        "basis": {"document": "国办秘函〔2019〕19号", "clause": "一", "words": title, "verified": True},
        "message": f"栏目“栏目{number}”最新一条信息为 2026-02-01，已 {30 + number} 天没有更新",
        "evidence": [
            {"url": f"http://p.example/c{number}/", "fetched_at": "2026-11-29T18:00:00Z", "sha256": "a" * 64,
             "quote": f"2026-02-01 关于第 {number} 项工作的通知"}
        ],
    }  # fmt: skip


@cache
def _concepts() -> list[str]:
    from gkmonitor.concepts import all_concepts

    return sorted(all_concepts())[:8]


@cache
def _rules() -> list[tuple[str, str, str, str]]:
    """Real rules: the desk and the month look them up."""
    from gkmonitor.rules import available_packs

    rules = [rule for pack in available_packs().values() for rule in pack.rules if rule.severity.value != "advice"]
    return [(rule.id, rule.check, rule.severity.value, rule.title) for rule in rules]


def _watching(connection: psycopg.Connection[Any], size: Size, now: datetime) -> None:
    begun = now - timedelta(days=NIGHTS - 1)
    connection.execute(
        """
        INSERT INTO columns (id, portal_id, column_key, concept, path, url, first_seen, last_seen, last_read,
                             last_normal, last_items, newest)
        SELECT (g - 1) * %(columns)s + k, g, repeat(md5(k::text), 2), (%(concepts)s::text[])[1 + k %% 8],
               jsonb_build_array('首页', '栏目' || k), 'http://p' || g || '.example/c' || k || '/',
               %(begun)s, %(now)s, %(now)s, %(now)s, 20, (%(now)s)::date - k
        FROM generate_series(1, %(portals)s::int) g CROSS JOIN generate_series(1, %(columns)s::int) k
        """,
        {"columns": COLUMNS, "concepts": _concepts(), "begun": begun, "now": now, "portals": size.portals},
    )
    connection.execute(
        """
        INSERT INTO items (column_id, item_key, url, title, published, first_seen, earlier)
        SELECT (g - 1) * %(columns)s + 1 + k %% %(columns)s, repeat(md5(k::text), 2),
               'http://p' || g || '.example/a/' || k || '.html', '关于第 ' || k || ' 项工作的通知',
               (%(begun)s + (k %% 28) * interval '1 day')::date, %(begun)s + (k %% 28) * interval '1 day', '[]'
        FROM generate_series(1, %(items)s::int) k CROSS JOIN generate_series(1, %(portals)s::int) g
        """,
        {"columns": COLUMNS, "begun": begun, "items": ITEMS, "portals": size.portals},
    )
    connection.execute(
        """
        INSERT INTO tasks (portal_id, month, rule, subject_key, question, state, outcome, created_at)
        SELECT g, to_char(%(now)s, 'YYYY-MM'), 'bench/t' || k, '', '请人工核对第 ' || k || ' 项',
               CASE WHEN k = 1 THEN 'done' ELSE 'todo' END, CASE WHEN k = 1 THEN 'ok' END, %(now)s
        FROM generate_series(1, %(portals)s::int) g CROSS JOIN generate_series(1, %(tasks)s::int) k
        """,
        {"now": now, "portals": size.portals, "tasks": TASKS},
    )
    connection.execute(
        "INSERT INTO probe_days (portal_id, day, up, down, blocked, void, slowest_milliseconds)"
        " SELECT g, (%(now)s)::date - n, 20, g %% 2, 0, 0, 800"
        " FROM generate_series(1, %(portals)s::int) g CROSS JOIN generate_series(0, %(last)s::int) n",
        {"now": now, "portals": size.portals, "last": NIGHTS - 1},
    )


def _cases(connection: psycopg.Connection[Any], size: Size, now: datetime) -> None:
    connection.execute('CREATE TEMP TABLE kinds (n int, rule text, "check" text, severity text, title text)')
    deductions = [one for one in _rules() if one[2] == "deduction"]
    vetoes = [one for one in _rules() if one[2] == "veto"]
    kinds = [vetoes[n % len(vetoes)] if n % 33 == 0 else deductions[n % len(deductions)] for n in range(330)]
    for number, kind in enumerate(kinds):
        connection.execute("INSERT INTO kinds VALUES (%s, %s, %s, %s, %s)", [number, *kind])
    states = [state for state, share in STATES for _ in range(share)]
    connection.execute(
        """
        INSERT INTO cases (id, portal_id, rule, "check", subject_key, subject, severity, state, state_reason, found_by,
                           message, first_seen, last_seen, observations, cleans, repeats, deadline, is_overdue,
                           verdict, inspection_id, version)
        SELECT c.id, c.portal, k.rule, k."check", encode(sha256(c.id::text::bytea), 'hex'),
               jsonb_build_object('concept', (%(concepts)s::text[])[1 + c.id %% 8], 'column', '栏目' || c.id %% 400,
                   'url', 'http://p' || c.portal || '.example/c' || c.id %% 400 || '/',
                   'path', jsonb_build_array('首页', '政府信息公开', '栏目' || c.id %% 400)),
               k.severity, c.state,
               CASE c.state WHEN 'dismissed' THEN 'misread_page' WHEN 'closed' THEN 'rectified' END,
               CASE WHEN c.id %% 200 = 0 THEN 'person' ELSE 'system' END,
               '栏目“栏目' || c.id %% 400 || '”最新一条信息为 2026-02-01，已 ' || c.id %% 900 || ' 天没有更新',
               c.seen - (c.id %% 60 + 5) * interval '1 day', c.seen, 2, 0, CASE WHEN c.id %% 40 = 0 THEN 1 ELSE 0 END,
               CASE WHEN c.state = 'notified' THEN (%(now)s)::date + (c.id %% 20 - 5)::int END, false,
               jsonb_set(%(verdict)s::jsonb, '{rule}', to_jsonb(k.rule)),
               %(newest)s + c.portal, 1
        FROM (
            SELECT g AS id, 1 + (g * 7919 + g / 977) %% %(portals)s AS portal,
                   (%(states)s::text[])[1 + (g * 611953 + g / 313) %% 1000] AS state,
                   CASE WHEN (g * 611953 + g / 313) %% 1000 < 172 AND g %% 20 > 0
                        THEN %(now)s - (g %% 400) * interval '1 minute'
                        ELSE %(now)s - interval '2 days' - (g * 31 %% 1051200) * interval '1 minute' END AS seen
            FROM generate_series(1, %(cases)s::bigint) g
        ) c JOIN kinds k ON k.n = (c.id * 104729 + c.id / 71) %% 330
        """,
        {
            "concepts": _concepts(), "now": now, "verdict": json.dumps(_verdict(0, "violation")),
            "newest": inspection_id(size, 0), "portals": size.portals, "states": states, "cases": size.cases,
        },
    )  # fmt: skip


# kind, hours after the first sighting, the state before and after, which cases have it, who did it
_LIVES: Final = (
    ("found", "first_seen", None, "suspected", "true", "system"),
    ("opened", "first_seen + interval '1 day'", "suspected", "open", "state <> 'suspected'", "system"),
    ("confirmed", "first_seen + interval '2 days'", "open", "confirmed",
     "state IN ('confirmed', 'notified', 'appealed') OR (state IN ('rectified', 'closed') AND id % 10 < 6)", "张三"),
    ("notified", "first_seen + interval '3 days'", "confirmed", "notified",
     "state IN ('notified', 'appealed') OR (state IN ('rectified', 'closed') AND id % 10 < 6)", "张三"),
    ("appealed", "last_seen", "notified", "appealed", "state = 'appealed'", "李四"),
    ("dismissed", "first_seen + interval '2 days'", "open", "dismissed", "state = 'dismissed'", "张三"),
    ("exempted", "first_seen + interval '2 days'", "open", "exempt", "state = 'exempt'", "system"),
    ("rectified", "last_seen + interval '1 day'", "notified", "rectified", "state IN ('rectified', 'closed')",
     "system"),
    ("closed", "last_seen + interval '2 days'", "rectified", "closed", "state = 'closed'", "张三"),
)  # fmt: skip


def _events(connection: psycopg.Connection[Any], _size: Size, _now: datetime) -> None:
    """In the order of their instants. Their digests only look like a chain: no page of the desk proves it."""
    parts = [
        f"SELECT id AS case_id, {at} AS at, {turn} AS turn, '{kind}' AS kind, '{actor}' AS actor,"
        f" {'NULL' if before is None else repr(before)}::text AS before, '{after}' AS after FROM cases WHERE {where}"
        for turn, (kind, at, before, after, where, actor) in enumerate(_LIVES)
    ]
    digest = "encode(sha256(%s::text::bytea), 'hex')"
    connection.execute(
        "INSERT INTO events (id, case_id, at, actor, kind, state_before, state_after, reason, details,"
        " previous_digest, digest) SELECT n, case_id, at, actor, kind, before, after,"
        f" CASE kind WHEN 'dismissed' THEN 'misread_page' END, '{{}}',"
        f" coalesce(lag(made) OVER (ORDER BY n), {digest % 0}), made"
        f" FROM (SELECT *, {digest % 'n'} AS made"
        "  FROM (SELECT row_number() OVER (ORDER BY at, case_id, turn) AS n, *"
        f"  FROM ({' UNION ALL '.join(parts)}) e) o OFFSET 0) d"
    )
