"""Accounts, one's own profile, tokens and the audit at the desk; ``gkmonitor accounts``; the first administrator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import opened
from desk_client import CHEAP, NOW, PASSWORD, Clock, DeskClient, anonymous, cheap_settings, client_as, ensure_account
from sqlalchemy import select
from typer.testing import CliRunner

from gkmonitor.accounts.acts import act_name
from gkmonitor.accounts.passwords import check_password, digest_of, hash_password, is_password, one_time_password
from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Account, AccountState, Role
from gkmonitor.cli.accounts import greet_first_administrator
from gkmonitor.cli.main import app
from gkmonitor.errors import AccountError
from gkmonitor.settings import get_settings, load_settings
from gkmonitor.storage import Database, accounts, audit
from gkmonitor.storage.api_tokens import find_token, list_tokens
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.models import AuditRow
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.units import ensure_unit

ROOT = Path(__file__).resolve().parent.parent
SECRET = re.compile(r"<code id=\"[a-z-]+\">([^<]+)</code>")


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as here:
        yield here


@pytest.fixture
def client(database: Database) -> Iterator[DeskClient]:
    """The administrator's."""
    with client_as(database, Role.ADMINISTRATOR) as here:
        yield here


def account_of(database: Database, login: str) -> Account:
    with database.reading() as session:
        found = accounts.find_account(session, login)
    assert found is not None
    return found[0]


def acts(database: Database, action: str) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id))
        return [(row.actor, row.target) for row in rows]


def logs_in(database: Database, login: str, password: str) -> DeskClient:
    """A browser in which that account is logged in."""
    with anonymous(database) as here:
        mark = re.search(r'name="csrf" value="([^"]+)"', here.get("/login").text)
        here.csrf = mark[1] if mark else ""
        assert here.post("/login", {"login": login, "password": password}).status_code == 303
        page = here.get("/profile/password").text
        mark = re.search(r'name="csrf" value="([^"]+)"', page)
        here.csrf = mark[1] if mark else ""
        return here


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short-one", "太短"),
        ("x" * 129, "太长"),
        ("aaaaaaaaaaaa", "容易被猜到"),
        ("Password123", "容易被猜到"),
        ("my-zhangsan-42", "账号或姓名"),
        ("张三张三的密码不长吗", "账号或姓名"),
    ],
)
def test_passwords_that_are_easily_guessed_are_refused(password: str, words: str) -> None:
    with pytest.raises(AccountError, match=words):
        check_password(password, "zhangsan", "张三")


@pytest.mark.parametrize("password", ["correct horse", "x" * 60 + "abcd", "青禾县的杏花年年都开", "7h2-kk9-m3x"])
def test_long_passwords_of_any_characters_are_taken(password: str) -> None:
    check_password(password, "zhangsan", "张三")
    assert is_password(hash_password(password, CHEAP), password, CHEAP)


def test_no_hash_is_never_right_and_junk_is_not_either() -> None:
    assert not is_password(None, PASSWORD, CHEAP)
    assert not is_password("junk", PASSWORD, CHEAP)
    assert len({one_time_password() for _ in range(50)}) == 50


def test_the_default_cost_is_the_low_memory_profile_of_rfc_9106() -> None:
    hashed = hash_password(PASSWORD, load_settings().hash_cost)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


# ---------------------------------------------------------------- accounts


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(
    database: Database, client: DeskClient
) -> None:
    answer = client.post("/accounts", {"login": "ZhangSan", "name": "张三", "role": "inspector"})
    password = SECRET.search(answer.text)
    assert password is not None
    made = account_of(database, "zhangsan")
    assert (made.name, made.role, made.must_change_password) == ("张三", Role.INSPECTOR, True)
    assert password[1] not in client.get(f"/accounts/{made.id}").text
    assert acts(database, "account-added") == [("administrator", "zhangsan")]

    own = logs_in(database, "zhangsan", password[1])
    for path in ("/", "/profile", "/accounts", "/nowhere-else"):
        answer = own.get(path)
        assert (answer.status_code, answer.headers.get("location")) in (
            (303, "/profile/password"),
            (404, None),
        )
    refused = own.post("/profile/password", {"current": password[1], "password": "short", "again": "short"})
    assert (refused.status_code, "太短" in refused.text) == (400, True)
    fields = {"current": password[1], "password": "杏花年年都开十二三朵", "again": "杏花年年都开十二三朵"}
    assert "密码已修改" in own.shown(own.post("/profile/password", fields))
    assert not account_of(database, "zhangsan").must_change_password


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"login": "administrator"}, "已经有了"),
        ({"login": "a"}, "账号只能用"),
        ({"login": "张三"}, "账号只能用"),
        ({"name": "  "}, "请填写姓名"),
        ({"role": "unit"}, "要选择所属单位"),
        ({"role": "unit", "unit": "999"}, "所选的单位不存在"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_what_to_do(
    client: DeskClient, fields: dict[str, str], words: str
) -> None:
    answer = client.post("/accounts", {"login": "lisi", "name": "李四", "role": "viewer"} | fields)
    assert (answer.status_code, words in answer.text) == (400, True)


def test_a_change_of_role_ends_the_sessions_of_the_account(database: Database, client: DeskClient) -> None:
    with client_as(database, Role.INSPECTOR) as other:
        number = account_of(database, "inspector").id
        fields = {"name": "李四", "role": "viewer"}
        assert "已保存" in client.shown(client.post(f"/accounts/{number}", fields))
        assert other.get("/profile").status_code == 303
    assert account_of(database, "inspector").role is Role.VIEWER
    assert acts(database, "account-changed") == [("administrator", "inspector")]


def test_disabling_a_reset_and_logging_out_end_what_is_open(database: Database, client: DeskClient) -> None:
    for path, fields in (("state", {"state": "disabled"}), ("password", {}), ("logout", {})):
        with client_as(database, Role.VIEWER) as other:
            number = account_of(database, "viewer").id
            assert client.post(f"/accounts/{number}/{path}", fields).status_code in (200, 303)
            assert other.get("/profile").status_code == 303
        client.post(f"/accounts/{number}/state", {"state": "active"})
    assert [
        action for action in ("account-disabled", "password-reset", "account-logged-out") if not acts(database, action)
    ] == []


def test_a_reset_unlocks_at_once(database: Database, client: DeskClient) -> None:
    number = ensure_account(database, Role.VIEWER)
    with anonymous(database) as guesser:
        mark = re.search(r'name="csrf" value="([^"]+)"', guesser.get("/login").text)
        guesser.csrf = mark[1] if mark else ""
        for _ in range(5):
            guesser.post("/login", {"login": "viewer", "password": "wrong"})
    assert account_of(database, "viewer").locked_until is not None
    assert "输错密码" in client.get("/accounts").text
    password = SECRET.search(client.post(f"/accounts/{number}/password").text)
    assert password is not None
    assert account_of(database, "viewer").locked_until is None
    logs_in(database, "viewer", password[1])


def test_nobody_shuts_out_oneself_or_the_last_administrator(database: Database, client: DeskClient) -> None:
    own = account_of(database, "administrator").id
    assert client.post(f"/accounts/{own}/state", {"state": "disabled"}).status_code == 400
    assert client.post(f"/accounts/{own}", {"name": "我", "role": "viewer"}).status_code == 400
    assert client.post(f"/accounts/{own}/password").status_code == 400
    with pytest.raises(AccountError, match="最后一个"), database.writing() as session:
        accounts.set_account_state(session, own, AccountState.DISABLED)
    with pytest.raises(AccountError, match="最后一个"), database.writing() as session:
        accounts.change_account(session, own, name="我", role=Role.VIEWER, unit_id=None)
    assert account_of(database, "administrator").role is Role.ADMINISTRATOR


def test_the_list_is_narrowed_by_words_role_and_state(database: Database, client: DeskClient) -> None:
    with database.writing() as session:
        unit = ensure_unit(session, ("青禾县财政局",), By("测试", NOW))
    ensure_account(database, Role.UNIT, unit, login="caizheng")
    ensure_account(database, Role.VIEWER)

    def logins(query: str) -> list[str]:
        return re.findall(r'<a href="/accounts/\d+">([^<]+)</a>', client.get(f"/accounts?{query}").text)

    assert logins("") == ["administrator", "caizheng", "viewer"]
    assert logins("q=财政局") == logins("role=unit") == ["caizheng"]
    assert logins("state=disabled") == []
    assert logins("role=nonsense&state=nonsense") == ["administrator", "caizheng", "viewer"]
    assert client.get("/accounts/999").status_code == 400


def test_what_people_typed_is_shown_as_text(database: Database, client: DeskClient) -> None:
    name = "<script>alert(1)</script>\"'"
    client.post("/accounts", {"login": "lisi", "name": name, "role": "viewer"})
    for path in ("/accounts", "/audit", f"/accounts/{account_of(database, 'lisi').id}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# ---------------------------------------------------------------- one's own


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": "wrong"}, "当前密码不正确"),
        ({"again": "something else"}, "不一致"),
        ({"password": PASSWORD, "again": PASSWORD}, "与当前密码相同"),
        ({"password": "1234567890", "again": "1234567890"}, "容易被猜到"),
    ],
)
def test_a_new_password_is_taken_only_with_the_old_one(
    database: Database, client: DeskClient, fields: dict[str, str], words: str
) -> None:
    given = {"current": PASSWORD, "password": "new horse battery", "again": "new horse battery"} | fields
    answer = client.post("/profile/password", given)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert acts(database, "password-changed") == []


def test_a_new_password_ends_every_other_session_of_the_account(database: Database, client: DeskClient) -> None:
    with client_as(database, Role.ADMINISTRATOR) as other:
        given = {"current": PASSWORD, "password": "new horse battery", "again": "new horse battery"}
        assert client.post("/profile/password", given).status_code == 303
        assert other.get("/profile").status_code == 303
        assert client.get("/profile").status_code == 200


def test_a_token_is_shown_once_kept_as_a_digest_and_ends_when_revoked(database: Database, client: DeskClient) -> None:
    fields = {"name": "月报交换", "days": "30", "scope": ["view", "answer", "nonsense"]}
    shown = SECRET.search(client.post("/profile/tokens", fields).text)
    assert shown is not None
    page = client.get("/profile").text
    assert "月报交换" in page
    assert shown[1] not in page
    own = account_of(database, "administrator").id
    with database.reading() as session:
        (token,) = list_tokens(session, own)
        found = find_token(session, digest_of(shown[1]), NOW)
    assert token.scopes == (Permission.VIEW.value,)  # not what the role lacks
    assert found is not None
    assert client.post(f"/profile/tokens/{token.id}/revoke").status_code == 303
    with database.reading() as session:
        assert find_token(session, digest_of(shown[1]), NOW) is None
    assert shown[1] not in client.get("/audit").text
    assert acts(database, "token-added") == acts(database, "token-revoked") == [("administrator", f"令牌 {token.id}")]


def test_a_token_ends_on_its_day_and_with_its_account(database: Database, client: DeskClient) -> None:
    shown = SECRET.search(client.post("/profile/tokens", {"name": "一", "days": "30", "scope": "view"}).text)
    assert shown is not None
    clock = Clock()
    with database.reading() as session:
        clock.pass_by(days=29, hours=23)
        assert find_token(session, digest_of(shown[1]), clock.now) is not None
        clock.pass_by(hours=1)
        assert find_token(session, digest_of(shown[1]), clock.now) is None


@pytest.mark.parametrize("fields", [{"name": "", "scope": "view"}, {"name": "一"}, {"name": "一", "scope": "answer"}])
def test_a_token_without_a_name_or_a_scope_of_ones_own_is_refused(client: DeskClient, fields: dict[str, str]) -> None:
    assert client.post("/profile/tokens", fields).status_code == 400


def test_nobody_revokes_the_token_of_another(database: Database, client: DeskClient) -> None:
    client.post("/profile/tokens", {"name": "一", "scope": "view"})
    with client_as(database, Role.VIEWER) as other:
        assert other.post("/profile/tokens/1/revoke").status_code == 400
    with database.reading() as session:
        assert list_tokens(session, account_of(database, "administrator").id)[0].revoked_at is None


# ---------------------------------------------------------------- the audit


def test_the_audit_is_filtered_by_person_act_object_and_day(database: Database, client: DeskClient) -> None:
    with database.writing() as session:
        for number, (actor, action, target) in enumerate(
            [("zhangsan", "login", ""), ("lisi", "login", ""), ("zhangsan", "account-added", "wangwu")]
        ):
            audit.note_as(session, NOW.replace(day=10 + number), actor, action, target)

    def shown(query: str) -> int:
        return client.get(f"/audit?{query}").text.count('<th scope="row">')

    assert [shown(query) for query in ("", "person=zhangsan", "action=login", "q=wang")] == [3, 2, 2, 1]
    assert [shown(query) for query in ("since=2026-11-11", "until=2026-11-11", "since=nonsense")] == [2, 2, 3]
    assert shown("since=0001-01-01&until=9999-12-31") == 3


def test_a_day_of_the_audit_is_the_offices(database: Database, client: DeskClient) -> None:
    with database.writing() as session:
        audit.note_as(session, NOW.replace(day=10, hour=16, minute=30), "zhangsan", "login")  # 00:30 of the 11th
    assert client.get("/audit?since=2026-11-11").text.count('<th scope="row">') == 1
    assert client.get("/audit?until=2026-11-10").text.count('<th scope="row">') == 0


def test_the_audit_goes_on_page_by_page_without_gap_or_repetition(database: Database, client: DeskClient) -> None:
    with database.writing() as session:
        for number in range(120):
            audit.note_as(session, NOW, "zhangsan", "login", f"第{number}条")
    seen: list[str] = []
    address: str | None = "/audit?person=zhangsan"
    while address is not None:
        page = client.get(address).text
        seen += re.findall(r"第(\d+)条", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert seen == [str(number) for number in reversed(range(120))]
    with database.reading() as session:
        assert len(list(audit.every_audit(session, AuditFilter(actor="zhangsan")))) == 120


def test_every_act_that_the_program_notes_has_a_name_in_chinese() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "gkmonitor").rglob("*.py"))
    noted = set(re.findall(r'audit\.note\(\s*session, who, "([a-z.-]+)"', written))
    noted |= set(re.findall(r'"(portal\.(?!html)[a-z-]+)"', written)) | {"violation-confirmed", "violations-dismiss"}
    assert len(noted) > 30
    assert {act for act in noted if not re.search("[\u4e00-\u9fff]", act_name(act))} == set()


def test_lists_are_exported_without_formulas_and_the_export_of_the_audit_is_noted(
    database: Database, client: DeskClient
) -> None:
    with database.writing() as session:
        audit.note_as(session, NOW, "zhangsan", "login", "=HYPERLINK(1)")
    told = client.get("/audit?person=zhangsan&format=csv")
    assert told.headers["content-type"].startswith("text/csv")
    assert "zhangsan,登录,'=HYPERLINK(1)" in told.content.decode("utf-8-sig")
    assert acts(database, "audit-exported") == [("administrator", "")]
    assert "administrator" in client.get("/accounts?format=csv").content.decode("utf-8-sig")
    assert client.get("/accounts?format=xlsx").content.startswith(b"PK")
    assert client.get("/audit?format=exe").status_code == 400


# ---------------------------------------------------------------- from the command line


@pytest.fixture
def service(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    values = {"DATABASE_URL": sqlite_url, "PASSWORD_MEMORY_KIB": "8", "PASSWORD_PASSES": "1", "PASSWORD_LANES": "1"}
    for name, value in values.items():
        monkeypatch.setenv(f"GKMONITOR_{name}", value)
    get_settings.cache_clear()
    yield sqlite_url
    get_settings.cache_clear()


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["accounts", *words])
    return done.exit_code, done.stdout, done.stderr


def test_accounts_are_kept_from_the_command_line_too(service: str, database: Database) -> None:
    code, out, _ = run("add", "zhangsan", "--name", "张三", "--role", "管理员")
    password = out.strip().rpartition("：")[2]
    assert code == 0
    logs_in(database, "zhangsan", password)
    code, out, _ = run("list", "--json")
    (told,) = json.loads(out)["accounts"]
    assert (told["login"], told["role"], told["must_change_password"]) == ("zhangsan", "administrator", True)
    code, out, _ = run("reset", "zhangsan")
    assert (code, out.strip().rpartition("：")[2] != password) == (0, True)
    code, _, err = run("disable", "zhangsan")
    assert (code, "最后一个" in err) == (2, True)
    assert acts(database, "password-reset")[0][1] == "zhangsan"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "zhangsan", "--role", "king"), "没有“king”这种角色"),
        (("add", "zhangsan", "--role", "unit", "--unit", "不存在局"), "没有“不存在局”这个单位"),
        (("add", "a b"), "账号只能用"),
        (("reset", "nobody"), "没有“nobody”这个账号"),
    ],
)
def test_wrong_words_end_with_2_and_say_what_to_write(service: str, words: tuple[str, ...], told: str) -> None:
    code, _, err = run(*words)
    assert (code, told in err, err.count("\n")) == (2, True, 1)


def test_the_first_start_makes_one_administrator_and_says_the_password_once(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    greet_first_administrator(database, cheap_settings())
    told = re.search(r"管理员账号 admin，一次性密码 (\S+) ", capsys.readouterr().err)
    assert told is not None
    logs_in(database, "admin", told[1])
    greet_first_administrator(database, cheap_settings())
    assert capsys.readouterr().err == ""
    assert account_of(database, "admin").must_change_password
    assert acts(database, "account-added") == [("system", "admin")]


def test_where_the_database_has_no_tables_yet_the_first_start_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(f"sqlite:///{tmp_path / 'bare.db'}") as bare:
        greet_first_administrator(bare, cheap_settings())
    assert capsys.readouterr().err == ""
