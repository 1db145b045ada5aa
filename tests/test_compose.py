"""Dockerfile and docker-compose.yml say only what is true: commands, settings, files, ports, rights.

No engine is needed: both are read. Where the compose client is installed, it reads the file as well.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gkmonitor.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    (line.split(None, 1)[0], line.split(None, 1)[1])
    for line in re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
    if line and not line.startswith("#")
]
PORT = 8765
SECRETS = {"database_url", "postgres_password", "smtp_password", "office_webhook"}


def said(instruction: str) -> list[str]:
    return [words for name, words in INSTRUCTIONS if name == instruction]


def help_of(*words: str) -> str:
    run = subprocess.run(
        [sys.executable, "-P", "-m", "gkmonitor", *words, "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
    )
    assert run.returncode == 0, (words, run.stderr)
    return run.stdout


def assert_command_exists(words: list[str]) -> None:
    """The words before the first option are a command, and it has the options."""
    options = [word for word in words if word.startswith("--")]
    names = words[: words.index(options[0])] if options else words
    shown = help_of(*names)
    for option in options:
        assert option in shown, words


# ---------------------------------------------------------------- the services


def test_everything_that_the_service_needs_is_there() -> None:
    assert set(SERVICES) == {"postgres", "migrate", "scheduler", "quick-worker", "worker", "web"}
    assert OURS == ["migrate", "quick-worker", "scheduler", "web", "worker"]
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert SERVICES["worker"]["build"]["args"]["WITH_CHROMIUM"] == "${WITH_CHROMIUM:-1}"


@pytest.mark.parametrize("name", OURS)
def test_command_of_a_service_exists(name: str) -> None:
    assert_command_exists(SERVICES[name]["command"])


@pytest.mark.parametrize("name", OURS)
def test_settings_of_a_service_exist(name: str) -> None:
    named = [one for one in SERVICES[name]["environment"] if one.startswith("GKMONITOR_")]
    assert named
    for variable in named:
        field = variable.removeprefix("GKMONITOR_").lower()
        assert field in Settings.model_fields or field.removesuffix("_file") in Settings.model_fields, variable


@pytest.mark.parametrize("name", OURS)
def test_values_are_accepted_and_an_empty_secret_means_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    from gkmonitor.settings import load_settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("", encoding="utf-8")
    for variable, value in SERVICES[name]["environment"].items():
        assert "${" not in value, "whatever an office sets goes into settings.env"
        monkeypatch.setenv(variable, str(tmp_path / "secret") if variable.endswith("_FILE") else value)
    settings = load_settings()
    assert (settings.log_format, settings.smtp_password.get_secret_value()) == ("json", "")


def test_an_office_sets_what_it_likes_in_one_file_that_stays_out_of_image_and_history() -> None:
    for name in OURS:
        assert SERVICES[name]["env_file"] == [{"path": "settings.env", "required": False}]
    assert "/settings.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "!settings.env" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_come_as_files_that_the_service_was_given(name: str) -> None:
    service = SERVICES[name]
    files = {value for key, value in service["environment"].items() if key.endswith("_FILE")}
    assert files == {f"/run/secrets/{one}" for one in service["secrets"]}
    for key, value in service["environment"].items():
        is_secret = re.search(r"PASSWORD|DATABASE_URL|WEBHOOK(?!_KIND)|SECRET", key)
        assert not is_secret or key.endswith("_FILE"), (key, value)


def test_every_secret_is_a_file_outside_the_image_and_the_history() -> None:
    assert set(COMPOSE["secrets"]) == SECRETS
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "!secrets" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", OURS)
def test_no_service_runs_as_root_or_may_become_it(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert "cap_add" not in service


def test_only_the_web_is_published_and_only_to_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": [f"127.0.0.1:{PORT}:{PORT}"]
    }
    assert SERVICES["web"]["command"] == ["web", "--host", "0.0.0.0", "--port", str(PORT)]
    assert f'"127.0.0.1", {PORT}' in SERVICES["web"]["healthcheck"]["test"][-1]
    assert said("EXPOSE") == [str(PORT)]


def test_the_port_is_the_default_of_the_program() -> None:
    from gkmonitor.cli.web import DEFAULT_HOST, DEFAULT_PORT

    assert (DEFAULT_HOST, DEFAULT_PORT) == ("127.0.0.1", PORT)


def test_the_database_cannot_be_reached_from_outside_and_workers_reach_portals() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["data"]
    assert SERVICES["scheduler"]["networks"] == ["data"]
    assert "outside" in SERVICES["worker"]["networks"]


def test_nothing_starts_before_the_tables_are_there() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("scheduler", "worker", "web"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_watched_started_again_and_limited(name: str) -> None:
    service = SERVICES[name]
    assert service["stop_grace_period"] == "30s"
    assert service["logging"]["options"] == {"max-size": "20m", "max-file": "5"}
    if name == "migrate":
        assert service["restart"].startswith("on-failure")
        assert service["healthcheck"] == {"disable": True}
        return
    assert service["restart"] == "unless-stopped"
    test = service["healthcheck"]["test"]
    assert test[0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    if test[1] == "gkmonitor":
        assert_command_exists(test[2:])


def test_the_health_check_of_the_web_fails_while_it_does_not_answer() -> None:
    words = SERVICES["web"]["healthcheck"]["test"]
    code = words[-1].replace(str(PORT), "1")  # nobody listens there
    assert words[:3] == ["CMD", "python", "-c"]
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30).returncode != 0


def test_workers_share_the_evidence_with_the_web_where_people_attach_files() -> None:
    assert SERVICES["worker"]["volumes"] == ["evidence:/var/lib/gkmonitor"]
    assert SERVICES["web"]["volumes"] == ["evidence:/var/lib/gkmonitor"]
    for name in OURS:
        assert SERVICES[name]["environment"]["GKMONITOR_EVIDENCE_DIR"] == "/var/lib/gkmonitor/evidence"
        for volume in SERVICES[name].get("volumes", ()):
            assert volume.split(":")[0] in COMPOSE["volumes"]


def test_postgres_is_a_release_that_the_lock_of_its_data_names() -> None:
    postgres = SERVICES["postgres"]
    assert postgres["image"] == "postgres:16"
    assert postgres["volumes"] == ["database:/var/lib/postgresql/data"]
    assert postgres["environment"]["POSTGRES_USER"] == postgres["environment"]["POSTGRES_DB"] == "gkmonitor"


# ---------------------------------------------------------------- the image


def test_the_image_installs_only_what_the_lock_names_by_hash() -> None:
    assert said("FROM") == ["python:3.11-slim-bookworm"]
    installs = [words for words in said("RUN") if "pip install" in words]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_every_file_of_the_image_exists_and_is_let_in() -> None:
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = {name for words in said("COPY") for name in words.split()[:-1]}
    assert copied == let_in
    for name in copied:
        assert (ROOT / name).exists(), name


def test_the_image_has_every_package_that_is_installed() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {one.rstrip("*") for one in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages | {"alembic"} <= {name for words in said("COPY") for name in words.split()[:-1]}
    assert project["project"]["readme"] in DOCKERFILE


def test_the_image_runs_as_a_user_without_rights() -> None:
    assert said("USER") == ["10001:10001"]
    order = [name for name, _ in INSTRUCTIONS]
    assert "RUN" not in order[order.index("USER") :]


def test_the_image_answers_for_its_health_and_its_command_exists() -> None:
    (check,) = said("HEALTHCHECK")
    words = json.loads(check[check.index("[") :])
    assert words[0] == "gkmonitor"
    assert_command_exists(words[1:])
    assert [json.loads(one) for one in said("ENTRYPOINT")] == [["gkmonitor"]]
    assert_command_exists(json.loads(said("CMD")[0]))


def test_the_image_holds_no_secret() -> None:
    for words in [*said("ENV"), *said("ARG")]:
        assert not re.search(r"PASSWORD|SECRET|TOKEN|DATABASE_URL|_KEY", words), words


def test_chromium_brings_chinese_fonts_and_its_own_lock() -> None:
    (chromium,) = [words for words in said("RUN") if "chromium" in words]
    assert "fonts-noto-cjk" in chromium
    assert re.search(r"^playwright==", (ROOT / "requirements-render.lock").read_text(encoding="utf-8"), re.M)


def test_the_image_has_compiled_readers_and_no_compiler() -> None:
    (build,) = [words for words in said("RUN") if "gcc" in words]
    assert re.search(r"install .*gcc.*pip install --no-deps --no-build-isolation \..*purge .*gcc", build)
    copied = " ".join(said("COPY")).split()
    assert "setup.py" in copied
    assert "!setup.py" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


def test_the_lock_with_the_browser_is_the_other_lock_and_the_browser() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.M))

    more = pinned("requirements-render.lock") - pinned("requirements.lock")
    assert pinned("requirements.lock") <= pinned("requirements-render.lock")
    assert {one.split("==")[0] for one in more} <= {"playwright", "pyee", "greenlet"}
    assert "requirements-render.lock" in (ROOT / "Makefile").read_text(encoding="utf-8")


# ---------------------------------------------------------------- the client, where there is one


def has_compose() -> bool:
    docker = shutil.which("docker")
    return docker is not None and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0


def test_the_compose_client_reads_the_file_as_we_do(tmp_path: Path, record_property: Any) -> None:
    """The client is a plug-in that many machines with Docker lack: then the file is read as YAML here, and the
    property says so. What the other tests claim never depends on it."""
    if not has_compose():
        record_property("note", "docker compose is not installed: the file was read as YAML only")
        assert yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"] == SERVICES
        return
    (tmp_path / "secrets").mkdir()
    for name in SECRETS:
        (tmp_path / "secrets" / name).write_text("", encoding="utf-8")
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    run = subprocess.run(
        ["docker", "compose", "config", "--format", "json"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("GKMONITOR_")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert set(json.loads(run.stdout)["services"]) == set(SERVICES)


# ---------------------------------------------------------------- what the guide says

GUIDE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def test_commands_and_settings_of_the_guide_exist() -> None:
    commands = set(re.findall(r"(?:^    |`)gkmonitor ([a-z]+)", GUIDE, re.M))
    assert {"serve", "web", "health"} <= commands
    for command in sorted(commands):
        help_of(command)
    for variable in set(re.findall(r"GKMONITOR_([A-Z_]+)", GUIDE)):
        assert variable.lower().removesuffix("_file") in Settings.model_fields, variable


def test_the_guide_names_every_secret_and_every_alarm() -> None:
    from gkmonitor.cycles.health import AlarmKind

    for name in SECRETS:
        assert f"secrets/{name}" in GUIDE
    for kind in AlarmKind:
        assert f"`{kind}`" in GUIDE


def test_metrics_of_the_guide_exist_and_none_is_left_out(sqlite_url: str) -> None:
    from datetime import UTC, datetime

    from databases import opened

    from gkmonitor.condition import read_condition
    from gkmonitor.web.metrics import ConditionCollector

    with opened(sqlite_url) as database:
        condition = read_condition(database, datetime(2026, 11, 20, tzinfo=UTC))
    answered = {family.name for family in ConditionCollector(lambda: condition).collect()}
    told = set(re.findall(r"`(gkmonitor_[a-z_]+)", GUIDE))
    assert answered <= told
    assert {name for name in told - answered if not name.startswith("gkmonitor_last_cycle_")} == set()
