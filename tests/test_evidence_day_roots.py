"""Day roots: what they fix, how it is proved, and that other tools come to the same figures."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from databases import opened
from evidence_cases import Office, night
from typer.testing import CliRunner

from gkmonitor.cli.main import app
from gkmonitor.errors import LedgerError
from gkmonitor.evidence.day_roots import add_stamp, close_day, make_day_root, prove, prove_chain
from gkmonitor.evidence.merkle import leaf_digest, proof_of, root_from, root_of
from gkmonitor.evidence.records import DayRoot, Piece
from gkmonitor.evidence.stamps import stamp_request
from gkmonitor.settings import get_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import chain_head, list_cases
from gkmonitor.storage.day_roots import count_without_root, get_root, list_roots
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.models import EvidenceRow

FIRST = date(2026, 11, 18)
ROOT = hashlib.sha256(b"root").hexdigest()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    told = Office(database, tmp_path)
    told.find_blank(0)
    return told


def pieces(office: Office) -> list[Piece]:
    with office.database.reading() as session:
        return [piece for case in list_cases(session) for piece in pieces_of(session, case.id)]


def close(office: Office, number: int) -> list[DayRoot]:
    """The job of the morning after the night of that number."""
    return list(close_day(office.database, office.settings, None, night(number + 1)))


# ---------------------------------------------------------------- the tree


@pytest.mark.parametrize("count", [*range(1, 10), 33])
def test_every_leaf_leads_to_the_root_and_no_other_digest_does(count: int) -> None:
    leaves = [leaf_digest({"number": number}) for number in range(count)]
    root = root_of(leaves)
    for index, leaf in enumerate(leaves):
        steps = proof_of(leaves, index)
        assert root_from(leaf, steps) == root
        assert root_from(leaf_digest({"number": "forged"}), steps) != root
        assert len(steps) <= count.bit_length()


def test_the_tree_is_what_sha256sum_makes_of_its_texts() -> None:
    first, second = (leaf_digest({"path": name, "offset": None, "sha256": "0"}) for name in "ab")
    text = b'leaf {"offset":null,"path":"a","sha256":"0"}'
    assert first == hashlib.sha256(text).hexdigest()
    assert root_of([first, second]) == hashlib.sha256(f"node {first} {second}".encode()).hexdigest()


def test_a_changed_missing_or_moved_leaf_changes_the_root() -> None:
    leaves = [leaf_digest({"number": number}) for number in range(5)]
    others = [leaves[:-1], [*leaves[:4], leaf_digest({"number": 9})], [leaves[1], leaves[0], *leaves[2:]]]
    assert len({root_of(one) for one in (leaves, *others)}) == 4


# ---------------------------------------------------------------- days


def test_a_day_that_is_over_gets_one_root_over_its_evidence_and_the_ledger(office: Office) -> None:
    (root,) = close(office, 0)
    assert root.day == FIRST
    found = pieces(office)
    for piece in found:
        proof = prove(root, piece)
        assert proof is not None
        assert root_from(proof.leaf_digest, proof.steps) == root.root
    chain = prove_chain(root)
    assert chain is not None
    with office.database.reading() as session:
        assert (chain.leaf["event"], chain.leaf["digest"]) == chain_head(session)
    assert len(root.leaves) == len({(one.path, one.byte_offset) for one in found}) + 1


def test_a_root_is_made_once_and_stays_as_it_was_made(office: Office) -> None:
    (root,) = close(office, 0)
    assert close(office, 0) == []
    with office.database.writing() as session:
        assert make_day_root(session, FIRST, night(9)) == root
        assert list_roots(session) == [root]


def test_evidence_that_comes_after_the_root_stands_under_the_next_day(office: Office) -> None:
    with office.database.writing() as session:
        make_day_root(session, FIRST, night(1))
    office.find_blank(0)  # the same inspection: settled already, so nothing is added
    pages = office.find_late(0)
    assert {one.day for one in pieces(office) if one.inspection_id == pages} == {FIRST + timedelta(days=1)}


def test_a_day_that_is_not_over_has_no_root(office: Office) -> None:
    with pytest.raises(LedgerError, match="还没有结束"):
        close_day(office.database, office.settings, FIRST, night(0))
    assert close_day(office.database, office.settings, FIRST, night(1)) != []


def test_days_that_were_missed_are_closed_later(office: Office) -> None:
    office.find_blank(3)
    with office.database.reading() as session:
        assert count_without_root(session, FIRST + timedelta(days=9)) > 0
    assert [root.day for root in close(office, 5)] == [FIRST, FIRST + timedelta(days=3), FIRST + timedelta(days=5)]
    with office.database.reading() as session:
        assert count_without_root(session, FIRST + timedelta(days=9)) == 0


def test_a_changed_row_is_no_longer_under_the_root(office: Office) -> None:
    (root,) = close(office, 0)
    with office.database.writing() as session:
        row = session.get(EvidenceRow, pieces(office)[0].id)
        assert row is not None
        row.sha256 = "0" * 64
    assert prove(root, pieces(office)[0]) is None


# ---------------------------------------------------------------- time stamps


@pytest.mark.needs_program("openssl")
def test_the_request_is_byte_for_byte_what_openssl_makes() -> None:
    command = ["openssl", "ts", "-query", "-digest", ROOT, "-sha256", "-cert", "-no_nonce"]
    made = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert stamp_request(ROOT) == made.stdout


@pytest.mark.needs_program("openssl")
@pytest.mark.parametrize("nonce", [1, 0x80, 0xFFFFFFFFFFFFFFFF])
def test_openssl_reads_a_request_with_a_nonce(tmp_path: Path, nonce: int) -> None:
    file = tmp_path / "root.tsq"
    file.write_bytes(stamp_request(ROOT, nonce))
    command = ["openssl", "ts", "-query", "-in", str(file), "-text"]
    shown = subprocess.run(command, capture_output=True, check=True, timeout=30, text=True).stdout
    assert f"Nonce: 0x{nonce:02X}" in shown
    assert "Certificate required: yes" in shown


@pytest.mark.needs_program("openssl")
def test_a_stamp_of_a_real_authority_is_kept_and_verified_by_openssl(office: Office, tmp_path: Path) -> None:
    (root,) = close(office, 0)
    answer = authority(tmp_path, stamp_request(root.root))
    with office.database.writing() as session:
        assert add_stamp(session, FIRST, answer).stamp == answer
    (tmp_path / "kept.tsr").write_bytes(answer)
    words = ["-digest", root.root, "-in", str(tmp_path / "kept.tsr"), "-CAfile", str(tmp_path / "tsa.pem")]
    done = subprocess.run(["openssl", "ts", "-verify", *words], capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.needs_program("openssl")
def test_a_stamp_on_something_else_is_refused(office: Office, tmp_path: Path) -> None:
    close(office, 0)
    with office.database.writing() as session, pytest.raises(LedgerError, match="不是针对"):
        add_stamp(session, FIRST, authority(tmp_path, stamp_request(ROOT)))
    with office.database.writing() as session:
        for junk in (b"", b"not a stamp", json.dumps({}).encode()):
            with pytest.raises(LedgerError, match="RFC 3161"):
                add_stamp(session, FIRST, junk)
        kept = get_root(session, FIRST)
    assert kept is not None
    assert kept.stamp is None


def test_a_day_without_root_takes_no_stamp(office: Office) -> None:
    with office.database.writing() as session, pytest.raises(LedgerError, match="还没有当日根值"):
        add_stamp(session, FIRST, b"0")


def authority(folder: Path, request: bytes) -> bytes:
    """The answer of a time stamp authority of our own, made with openssl."""
    openssl = shutil.which("openssl") or "openssl"
    config = folder / "tsa.cnf"
    config.write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=tsa.example\n"
        "[ext]\nextendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:true\n"
        f"[tsa]\nserial={folder}/serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n"
        "accuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\n"
    )
    (folder / "serial").write_text("01\n")
    (folder / "query.tsq").write_bytes(request)
    key, certificate = folder / "tsa.key", folder / "tsa.pem"
    make = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-keyout", str(key), "-out", str(certificate), "-days", "30", "-config", str(config)]
    reply = [openssl, "ts", "-reply", "-config", str(config), "-section", "tsa", "-queryfile", f"{folder}/query.tsq"]
    reply += ["-signer", str(certificate), "-inkey", str(key), "-out", f"{folder}/reply.tsr"]
    for command in (make, reply):
        subprocess.run(command, capture_output=True, check=True, timeout=60)
    return (folder / "reply.tsr").read_bytes()


# ---------------------------------------------------------------- the command


def test_the_command_writes_the_request_and_keeps_the_answer(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(sqlite_url) as database:
        told = Office(database, tmp_path)
        told.find_blank(0)
        (root,) = close(told, 0)
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", sqlite_url)
    get_settings.cache_clear()
    words = ["ledger", "root", "--day", "2026-11-18"]
    result = CliRunner().invoke(app, [*words, "--request", str(tmp_path / "r.tsq"), "--json"])
    (shown,) = json.loads(result.stdout)
    assert (shown["root"], shown["stamped"], shown["leaves"]) == (root.root, False, len(root.leaves))
    assert (tmp_path / "r.tsq").read_bytes() == stamp_request(root.root)
    for wrong, said in (
        (["--stamp", str(tmp_path / "r.zip")], "无法读取"),
        (["--day", "2026-11-19"], "还没有当日根值"),
    ):
        refused = CliRunner().invoke(app, [*words, *wrong])
        assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert CliRunner().invoke(app, ["ledger", "root", "--request", "x"]).exit_code == 2
    assert root.root in CliRunner().invoke(app, ["ledger", "root"]).stdout
    get_settings.cache_clear()
