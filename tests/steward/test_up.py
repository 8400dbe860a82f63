"""``steward up`` with real processes: it starts, it refuses in sentences, it ends in order, and no kill -9 loses anything."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from steward.processes import lives
from tests.steward.running import Up, steward, until, value


@pytest.fixture
def up(tmp_path: Path) -> Generator[Up]:
    started = Up(tmp_path / "data")
    yield started
    started.clean()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Up]:
    """One that all tests of a running start share; they leave it running."""
    shared = Up(tmp_path_factory.mktemp("up") / "data")
    try:
        yield shared.start(demo="small")
        seconds = shared.stop()
        assert seconds < 10
        assert shared.processes() == []
    finally:
        shared.clean()


def execute(up: Up, statement: str) -> object:
    return value(up.running.database_url, statement)


def compounds(up: Up) -> object:
    """How many there are; None while the database is away."""
    try:
        return execute(up, "SELECT count(*) FROM compound")
    except (OSError, asyncpg.PostgresError):
        return None


def test_a_second_start_on_the_same_folder_is_refused_with_a_sentence(running: Up):
    second = steward("up", "--port", "0", "--data", str(running.data.path))

    assert second.returncode == 1
    assert second.stderr.startswith("steward: Steward is already running on the data folder")
    assert running.ready()


def test_a_port_in_use_is_refused_with_a_sentence(running: Up, tmp_path: Path):
    port = running.running.url.rpartition(":")[2]

    refused = steward("up", "--port", port, "--data", str(tmp_path / "other"))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"steward: Cannot listen on 127.0.0.1, port {port} (address already in use): choose another with --port or --host.\n"
    )


def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()

    refused = steward("up", "--port", "0", "--data", str(tmp_path / "file" / "below"))

    assert refused.returncode == 1
    assert "cannot be written (not a directory): choose another with --data." in refused.stderr


def test_a_database_that_is_too_new_is_refused_with_a_sentence_and_left_alone(up: Up):
    up.start()
    execute(up, "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', '9999_tomorrow', now())")
    up.stop()

    refused = steward("up", "--port", "0", "--data", str(up.data.path))

    assert refused.returncode == 1
    assert "newer than this program (it has 9999_tomorrow)" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert up.processes() == []


def test_the_secrets_of_a_folder_are_its_owners_alone(running: Up):
    folder = running.data.path

    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, folder / "secret.key", folder / "running.json")}

    assert modes == {"data": 0o700, "secret.key": 0o600, "running.json": 0o600}


def test_a_token_of_a_demo_log_in_is_printed_alone(running: Up):
    printed = steward("token", "street", "--data", str(running.data.path))

    assert printed.returncode == 0
    assert printed.stdout.count(".") == 2
    assert printed.stdout.count("\n") == 1


def test_a_key_is_printed_once_and_works(running: Up):
    code = execute(running, "SELECT code FROM organisation WHERE kind = 'PROPERTY_COMPANY' LIMIT 1")

    printed = steward("intake-key", "create", str(code), "--data", str(running.data.path))

    assert printed.returncode == 0
    assert printed.stdout.startswith("ink_")


def test_the_demo_is_fed(running: Up):
    fed = steward("demo", "feed", "--rate", "40", "--seconds", "1", "--data", str(running.data.path))

    assert fed.returncode == 0
    assert "0 rejected" in fed.stdout


@pytest.mark.parametrize("words", ["granian", "dramatiq", "steward.clock", "valkey-server", "bin/postgres"])
def test_a_killed_child_is_started_again(running: Up, words: str):
    killed = running.part(words)

    killed.kill()

    until(lambda: running.has_part(words, other_than=killed), why=f"another {words}")
    until(lambda: running.ready() and compounds(running) == 14, why=f"all as before the kill -9 of {words}")


def test_what_a_killed_api_left_behind_does_not_keep_its_port(running: Up):
    server = running.part("granian")
    (below,) = [child for child in server.children() if "granian" in " ".join(child.cmdline())]

    server.kill()

    until(lambda: not lives(below), why="the killed API's own child is gone")
    until(running.ready, why="ready again on the same port")


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_has_everything(up: Up):
    up.start(demo="small")
    left = up.processes()

    up.kill()

    until(lambda: not any(lives(process) for process in left), why="all have ended without their supervisor")
    up.start()
    assert compounds(up) == 14
    assert up.stop() < 10
    assert up.processes() == []


def test_all_killed_at_once_the_next_start_has_everything(up: Up):
    up.start()
    execute(up, "CREATE TABLE kept AS SELECT 1 AS one")

    for process in up.processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    up.process.wait()
    up.close()

    up.start()
    assert execute(up, "SELECT one FROM kept") == 1
    up.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_can_be_stopped_before_it_is_ready(up: Up, number: signal.Signals):
    starting = up.begin(demo="street")
    until((up.data.postgres / "postmaster.pid").exists, why="the database has begun to start")

    starting.send_signal(number)

    output, _ = starting.communicate(timeout=10)
    assert starting.returncode == 0
    assert "ready" not in output
    assert up.processes() == []


def test_a_part_that_ends_as_soon_as_it_starts_ends_everything_with_a_sentence(up: Up):
    refused = steward("up", "--port", "0", "--demo", "none", "--data", str(up.data.path), GRANIAN_LOOP="no such loop")

    assert refused.returncode == 1
    assert refused.stderr.startswith("steward: `steward api` ends as soon as it starts. Its log ends:\n")
    assert "no such loop" in refused.stderr
    assert up.processes() == []
