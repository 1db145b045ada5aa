"""Telling people: when, what, by mail and by group robots, on both databases."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler

from gkmonitor.errors import DeliveryError, SettingError
from gkmonitor.ledger.records import Decision, EventKind
from gkmonitor.notifying.channels import deliver
from gkmonitor.notifying.composing import compose
from gkmonitor.notifying.records import Message, Waiting
from gkmonitor.notifying.sending import queue_news, send_due
from gkmonitor.notifying.timing import QuietHours, Timetable, parse_hours, retry_after
from gkmonitor.records import Severity, Subject
from gkmonitor.registry.records import Channel, Contact
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, notices
from gkmonitor.storage.cases import NewFinding, add_finding, decide
from gkmonitor.storage.contacts import add_contact, remove_contact
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE).astimezone(UTC)
HELLO = Message("整改通知：青禾县", "栏目为空白\n请于 2026-12-01 前整改", "gkmonitor-1-1-1")


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22-8", QuietHours(time(22), time(8))),
        ("21:30-07:30", QuietHours(time(21, 30), time(7, 30))),
        ("12 - 14", QuietHours(time(12), time(14))),
        ("", None),
        ("0-24", None),
    ],
)
def test_quiet_hours_are_read_as_written(text: str, hours: QuietHours | None) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize("text", ["22", "late", "22-8-9", "25:70-8", "22:99-8"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="22-8"):
        parse_hours(text)
    with pytest.raises(SettingError, match="QUIET_HOURS"):
        load_settings(quiet_hours=text)


@pytest.mark.parametrize(
    ("now", "is_urgent", "when"),
    [
        (at(12), True, at(12)),
        (at(7, 59), True, at(8)),
        (at(8), True, at(8)),
        (at(21, 59), True, at(21, 59)),
        (at(22), True, at(8, day=21)),
        (at(3), True, at(8)),
        (at(8, 30), False, at(9)),
        (at(9), False, at(9)),
        (at(9, 1), False, at(9, day=21)),
        (at(23), False, at(9, day=21)),
    ],
)
def test_urgent_news_wait_for_the_end_of_quiet_hours_others_for_the_digest(now, is_urgent, when) -> None:
    table = Timetable(ZONE, QuietHours(time(22), time(8)), time(9))
    assert table.send_after(now.astimezone(UTC), is_urgent=is_urgent) == when


def test_a_failed_message_is_tried_again_ever_later_and_then_given_up() -> None:
    waits = [retry_after(attempts, NOON) for attempts in range(1, 8)]
    assert waits[0] == NOON + timedelta(minutes=1)
    assert waits[:6] == sorted(moment for moment in waits if moment is not None)
    assert waits[6] is None


# ---------------------------------------------------------------- mail


class _Letters(MailHandler):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def post_office() -> Iterator[tuple[_Letters, int]]:
    letters = _Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    yield letters, port
    controller.stop()


def contact(channel: Channel, address: str, **preferences: Any) -> Contact:
    return Contact(1, 1, None, "王五", channel, address, preferences)


def test_a_letter_arrives_with_its_words_and_an_identity(post_office: tuple[_Letters, int]) -> None:
    letters, port = post_office
    settings = load_settings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_from="jc@yunling.example", smtp_security="none"
    )
    deliver(contact(Channel.MAIL, "wangwu@qinghe.example"), HELLO, settings, {})
    (letter,) = letters.letters
    assert (letter["To"], letter["Message-ID"]) == ("wangwu@qinghe.example", "<gkmonitor-1-1-1@yunling.example>")
    assert "请于 2026-12-01 前整改" in letter.get_payload(decode=True).decode("utf-8")


def test_mail_without_a_server_says_which_setting_is_missing() -> None:
    with pytest.raises(DeliveryError, match="SMTP_HOST"):
        deliver(contact(Channel.MAIL, "a@b.example"), HELLO, load_settings(), {})


def test_a_mail_server_that_is_away_is_told_in_one_line() -> None:
    settings = load_settings(smtp_host="127.0.0.1", smtp_port=1, smtp_from="a@b.example")
    with pytest.raises(DeliveryError, match="GKMONITOR_SMTP_"):
        deliver(contact(Channel.MAIL, "a@b.example"), HELLO, settings, {})


def test_the_mail_password_is_read_from_a_file_and_never_shown(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "secret").write_text("geheim\n", encoding="utf-8")
    monkeypatch.setenv("GKMONITOR_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    settings = load_settings()
    assert settings.smtp_password.get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)


def test_a_subject_never_carries_a_second_header() -> None:
    waiting = Waiting(contact(Channel.MAIL, "x"), (1,), ("一\r\nBcc: all@qinghe.example",), ("正文",), 0)
    assert "\n" not in compose(waiting).subject
    assert "\r" not in compose(waiting).subject


# ---------------------------------------------------------------- group robots


class _Robot(BaseHTTPRequestHandler):
    heard: list[tuple[str, dict[str, Any]]]
    answer: dict[str, Any]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).heard.append((self.path, body))
        data = json.dumps(type(self).answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def robot() -> Iterator[tuple[type[_Robot], str]]:
    handler = type("Robot", (_Robot,), {"heard": [], "answer": {"errcode": 0, "code": 0}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield handler, f"http://127.0.0.1:{server.server_address[1]}/robot?key=abc"
        server.shutdown()


def test_wecom_gets_markdown(robot) -> None:
    handler, url = robot
    deliver(contact(Channel.WECOM, url), HELLO, load_settings(), {})
    ((path, body),) = handler.heard
    assert path == "/robot?key=abc"
    assert body["msgtype"] == "markdown"
    assert "栏目为空白" in body["markdown"]["content"]


def test_dingtalk_is_signed_with_its_secret(robot, tmp_path: Path) -> None:
    handler, url = robot
    (tmp_path / "key").write_text("SECabc\n", encoding="utf-8")
    deliver(contact(Channel.DINGTALK, url, secret_file=str(tmp_path / "key")), HELLO, load_settings(), {})
    ((path, body),) = handler.heard
    query = parse_qs(urlsplit(path).query)
    text = f"{query['timestamp'][0]}\nSECabc"
    wanted = base64.b64encode(hmac.new(b"SECabc", text.encode(), hashlib.sha256).digest()).decode()
    assert query["sign"] == [wanted]
    assert body["markdown"]["title"] == HELLO.subject


def test_feishu_is_signed_in_its_body(robot) -> None:
    handler, url = robot
    deliver(contact(Channel.FEISHU, url, secret="abc"), HELLO, load_settings(), {})
    ((_, body),) = handler.heard
    key = f"{body['timestamp']}\nabc".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert "青禾县" in body["content"]["text"]


def test_a_robot_that_refuses_is_a_failure_with_its_words(robot) -> None:
    handler, url = robot
    handler.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
    with pytest.raises(DeliveryError, match="invalid webhook url"):
        deliver(contact(Channel.WECOM, url), HELLO, load_settings(), {})


def test_a_long_message_is_cut_at_a_whole_character(robot) -> None:
    handler, url = robot
    deliver(contact(Channel.WECOM, url), Message("题", "县" * 5000, "x"), load_settings(), {})
    content = handler.heard[0][1]["markdown"]["content"]
    assert len(content.encode()) <= 4000
    assert content.endswith("县…")


def test_a_contact_with_a_telephone_only_is_left_to_people() -> None:
    with pytest.raises(DeliveryError, match="人工"):
        deliver(contact(Channel.PHONE, "0000-1234"), HELLO, load_settings(), {})


# ---------------------------------------------------------------- from events to messages


class _Office:
    """A database with one portal, one contact and one confirmed case."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = load_settings()
        self.told: list[tuple[str, Message]] = []
        by = By("测试", NOON)
        with database.writing() as session:
            values = {"name": "青禾县人民政府", "url": "http://qinghe.example/"}
            self.portal = add_portal(session, values, ("云岭市人民政府",), by)
            self.contact = add_contact(
                session, name="王五", channel=Channel.MAIL, address="w@qinghe.example", by=by, portal_id=self.portal
            )
            finding = NewFinding(
                self.portal,
                "人工/公开不实",
                "person",
                Severity.DEDUCTION,
                "公开内容与事实不符",
                Subject("fiscal", "财政预决算"),
            )
            self.case = add_finding(session, finding, actor="李四", now=NOON).id

    def decide(self, kind: EventKind, **details: Any) -> None:
        with self.database.writing() as session:
            decide(session, self.case, Decision(kind, NOON.date(), **details), actor="李四", now=NOON)

    def queue(self, now: datetime = NOON) -> int:
        return queue_news(self.database, self.settings, now=now)

    def send(self, now: datetime = NOON, fails: bool = False) -> dict[str, int]:
        def hand_over(contact: Contact, message: Message) -> None:
            if fails:
                raise DeliveryError("邮件没有发出")
            self.told.append((contact.address, message))

        return dict(send_due(self.database, hand_over, now=now))

    def notify(self) -> None:
        self.decide(EventKind.CONFIRMED)
        self.decide(EventKind.NOTIFIED, deadline=date(2026, 12, 1))


@pytest.fixture
def office(database: Database) -> _Office:
    return _Office(database)


def test_a_notice_to_mend_goes_to_the_portals_contact_with_its_deadline(office: _Office) -> None:
    office.notify()
    assert office.queue() == 1
    assert office.send() == {"sent": 1, "failed": 0}
    ((address, message),) = office.told
    assert address == "w@qinghe.example"
    assert "2026-12-01" in message.text


def test_what_the_office_only_confirmed_is_not_told_outside(office: _Office) -> None:
    office.decide(EventKind.CONFIRMED)
    assert office.queue() == 0


def test_the_dismissal_of_a_case_that_nobody_heard_of_is_not_told(office: _Office) -> None:
    office.decide(EventKind.DISMISSED, reason="misread_page")
    assert office.queue() == 0


def test_the_same_events_make_no_second_notice_and_no_second_message(office: _Office) -> None:
    office.notify()
    assert [office.queue(), office.queue()] == [1, 0]
    assert [office.send()["sent"], office.send()["sent"]] == [1, 0]


def test_an_urgent_notice_at_night_waits_for_the_morning(office: _Office) -> None:
    office.notify()
    late = at(23).astimezone(UTC)
    office.queue(late)
    assert office.send(late)["sent"] == 0
    assert office.send(at(8, day=21).astimezone(UTC))["sent"] == 1


def test_a_message_that_failed_goes_out_later_and_only_once(office: _Office) -> None:
    office.notify()
    office.queue()
    assert office.send(fails=True) == {"sent": 0, "failed": 1}
    assert office.send()["sent"] == 0
    assert office.send(NOON + timedelta(minutes=1))["sent"] == 1
    assert office.send(NOON + timedelta(days=1))["sent"] == 0


def test_a_message_whose_sender_died_goes_out_again_under_the_same_identity(office: _Office) -> None:
    office.notify()
    office.queue()
    with office.database.writing() as session:
        (claimed,) = notices.claim_due(session, NOON)
    assert office.send(NOON + timedelta(minutes=59))["sent"] == 0
    assert office.send(NOON + timedelta(minutes=61))["sent"] == 1
    assert office.told[0][1].identity == compose(claimed).identity


def test_a_message_that_fails_for_days_is_given_up_and_kept(office: _Office) -> None:
    office.notify()
    office.queue()
    now = NOON
    for _ in range(9):
        office.send(now, fails=True)
        now += timedelta(hours=13)
    with office.database.reading() as session:
        assert notices.counts_by_state(session) == {"failed": 1}


def test_news_for_a_contact_that_was_removed_are_dropped(office: _Office) -> None:
    office.notify()
    office.queue()
    with office.database.writing() as session:
        remove_contact(session, office.contact, By("测试", NOON))
    assert office.send()["sent"] == 0


def test_everything_due_for_one_contact_is_one_message(office: _Office) -> None:
    office.notify()
    office.decide(EventKind.APPEALED, note="情况属实但已公开")
    office.decide(EventKind.APPEAL_REJECTED, note="未见公开")
    assert office.queue() == 2
    assert office.send(NOON + timedelta(days=2)) == {"sent": 1, "failed": 0}
    assert "2 条消息" in office.told[0][1].subject
