"""The command line: what it prints, what it refuses in a sentence, and the parts run apart on given servers."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
from pathlib import Path

import asyncpg
import psutil
import pytest

from api.schema import sdl
from domain.jobs import JobKind
from models.accounts import log_in
from models.database import known_migrations
from models.facts import Actor
from models.jobs import begin, end
from settings import Settings
from steward.embedded import Servers
from tests.builders import a_compound, a_street, an_account, an_organisation
from tests.steward.running import PROGRAM, answers, steward, until, value
from tests.waiting import a_free_port

#: How many of a part's connections stand, not counting what the command asked before it became the part.
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"


def on(settings: Settings) -> dict[str, str]:
    """The environment of a command or part on given servers."""
    assert settings.secret_key
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "STEWARD_SECRET_KEY": settings.secret_key.get_secret_value(),
        "STEWARD_DATA": str(settings.data),
    }


def test_help_names_every_command():
    shown = steward("--help")

    assert shown.returncode == 0
    for command in ("up", "api", "worker", "clock", "migrate", "schema", "token", "intake-key", "keys", "demo", "job"):
        assert f"\n  {command} " in shown.stdout


@pytest.mark.parametrize(
    "words", [["upp"], ["intake-key", "make"], ["demo", "eat"], ["up", "--demo", "huge"], ["up", "--port", "-1"]]
)
def test_a_wrong_command_is_told_in_a_sentence(words: list[str]):
    refused = steward(*words)

    assert refused.returncode == 2
    assert "Error: " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_wrong_setting_is_told_in_a_sentence():
    refused = steward("api", STEWARD_PORT="eighty")

    assert refused.returncode == 2
    assert refused.stderr.startswith("steward: A setting in the environment is wrong (port: ")


def test_a_command_without_a_running_server_says_how_to_start_one(tmp_path: Path):
    refused = steward("token", "street", "--data", str(tmp_path))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"steward: Nothing runs on the data folder {tmp_path}: start it with `steward up`")


def test_a_command_whose_database_does_not_answer_says_so(tmp_path: Path):
    refused = steward(
        "token", "street", DATABASE_URL=f"postgresql://postgres@/steward?host={tmp_path}", STEWARD_SECRET_KEY="5a" * 32
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("steward: The database does not answer (")


def test_a_part_without_a_secret_key_is_refused_with_a_sentence():
    refused = steward("worker")

    assert refused.returncode == 1
    assert "STEWARD_SECRET_KEY" in refused.stderr


def test_the_schema_is_printed():
    assert steward("schema").stdout == sdl()


async def test_a_database_is_migrated_once_and_again(servers: Servers):
    await servers.make_database("to_migrate")
    url = servers.postgres.url("to_migrate")

    for _ in range(2):
        assert steward("migrate", DATABASE_URL=url).returncode == 0

    connection = await asyncpg.connect(url)
    applied = {row["name"] for row in await connection.fetch("SELECT name FROM tortoise_migrations")}
    await connection.close()
    assert applied == known_migrations()


async def test_a_token_is_refused_for_nobody_and_for_the_disabled(database: Settings):
    gone = await an_account(disabled_at="2025-01-01T00:00:00Z")

    for login in ("nobody", gone.login):
        refused = steward("token", login, **on(database))

        assert refused.returncode == 1
        assert refused.stderr == f"steward: There is no account `{login}` that may log in.\n"


async def test_a_key_is_made_for_an_organisation_by_its_code(database: Settings):
    organisation = await an_organisation()

    assert steward("intake-key", "create", organisation.code, **on(database)).stdout.startswith("ink_")
    assert steward("intake-key", "create", "NONE", **on(database)).returncode == 1


async def test_an_account_is_made_with_a_temporary_password_that_can_be_replaced(database: Settings):
    street = await a_street()
    words = ["--role", "ADMINISTRATOR", "--code", street.code]

    first = steward("account", "create", "keeper", *words, **on(database)).stdout.strip()
    assert (await log_in("keeper", first)).must_change_password
    second = steward("account", "reset", "keeper", **on(database)).stdout.strip()
    assert (await log_in("keeper", second)).must_change_password
    assert second != first

    again = steward("account", "create", "keeper", *words, **on(database))
    assert (again.returncode, again.stderr) == (1, "steward: This log-in name is taken. Choose another.\n")
    machine = ["--role", "INTEGRATION", "--to", "organisation", "--code", (await an_organisation(street)).code, "--service"]
    service = steward("account", "create", "gateway", *machine, **on(database))
    assert (service.returncode, service.stdout) == (0, "")
    for refused, why in (
        (("account", "reset", "gateway"), "A service account has no password."),
        (("account", "reset", "nobody"), "There is no account `nobody`."),
        (("account", "create", "other", "--role", "AUDITOR", "--code", "NONE"), "There is no place with the code `NONE`."),
        (("account", "create", "other", "--role", "RESIDENT", "--code", street.code), "RESIDENT is not held over a street."),
    ):
        assert steward(*refused, **on(database)).stderr.startswith(f"steward: {why}")


async def test_the_demo_street_is_loaded_once(settings: Settings):
    first = steward("demo", "load", "--scale", "small", **on(settings))
    second = steward("demo", "load", "--scale", "small", **on(settings))

    assert first.stdout.startswith("Loaded the demo street in ")
    assert (second.returncode, second.stdout, second.stderr) == (0, "The database holds a street already: nothing loaded.\n", "")


@pytest.mark.parametrize("part", ["api", "worker", "clock"])
def test_a_part_runs_apart_and_ends_when_asked(settings: Settings, tmp_path: Path, part: str):
    """Run from a folder whose modules have the names of ours: they must not be taken for them."""
    for name in ("settings", "models", "tasks", "api"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')")
    port = a_free_port()
    environment = os.environ | on(settings) | {"STEWARD_PORT": str(port)}
    with subprocess.Popen([PROGRAM, part], env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        try:
            if part == "api":
                until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), why="the API is ready")
            else:
                until(lambda: str(PROGRAM) not in psutil.Process(process.pid).cmdline(), why="the command has become the part")
                connections = functools.partial(value, settings.database_url, _CONNECTIONS, f"steward {part}")
                until(connections, why=f"the {part} has connected to the database")
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()


async def test_a_job_is_followed_until_it_is_over(database: Settings):
    job = await begin(Actor("system:test"), JobKind.BILL_RUN, await a_compound(), 7)
    assert await end(job.id, errors=2)

    shown = steward("job", job.id, **on(database))
    assert (shown.returncode, shown.stdout) == (0, f"{job.id} DONE: 7 of 7, 2 of them in vain.\n")
    assert steward("job", "job_none", **on(database)).stderr == "steward: There is no job `job_none`.\n"
