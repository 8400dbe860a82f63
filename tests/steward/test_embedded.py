"""The embedded servers by themselves: whatever was killed, and wherever the folder is, the next start works."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis

from steward import postgres
from steward.embedded import Servers, sweep
from steward.folder import DataFolder, InUse, Running, Unusable
from steward.processes import lives, working_in
from tests.steward.running import until, value

Start = Callable[[], Servers]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    data = DataFolder(tmp_path / "d")
    data.prepare()
    return data


@pytest.fixture
def start(folder: DataFolder) -> Generator[Start]:
    """Starts both servers on the folder; stops whatever is left of them after the test."""
    with ExitStack() as stack:

        def run() -> Servers:
            sweep(folder)
            servers = Servers(folder, Running(), durable=False)
            stack.callback(servers.stop)
            servers.start()
            return servers

        yield run


def execute(servers: Servers, statement: str) -> object:
    return value(servers.postgres.url("postgres"), statement)


def server_processes(folder: DataFolder) -> list[object]:
    return [*working_in(folder.postgres, "postgres"), *working_in(folder.valkey, "valkey-server")]


def test_both_answer_and_leave_nothing_when_stopped(folder: DataFolder, start: Start):
    servers = start()

    assert execute(servers, "SELECT current_setting('listen_addresses')") == ""
    with Redis.from_url(servers.valkey.url) as valkey:
        assert valkey.ping()
    servers.stop()

    assert server_processes(folder) == []
    assert folder.running() is None


def test_text_sorts_by_code_point_and_knows_chinese_letters(start: Start):
    servers = start()

    assert execute(servers, "SELECT datlocale FROM pg_database WHERE datname = 'template1'") == "C.UTF-8"
    assert execute(servers, "SELECT '小区' ~ '^\\w+$'") is True


def test_what_was_stored_is_there_after_both_were_killed(folder: DataFolder, start: Start):
    servers = start()
    execute(servers, "CREATE TABLE kept AS SELECT 1 AS one")
    with Redis.from_url(servers.valkey.url) as valkey:
        valkey.set("kept", "one")
        until(lambda: valkey.info("persistence")["aof_pending_bio_fsync"] == 0, why="Valkey has written")
    for process in [*working_in(folder.postgres, "postgres"), *working_in(folder.valkey, "valkey-server")]:
        process.kill()

    again = start()

    assert execute(again, "SELECT one FROM kept") == 1
    with Redis.from_url(again.valkey.url) as valkey:
        assert valkey.get("kept") == b"one"


def test_orphans_of_a_killed_start_are_ended_by_the_next_one(folder: DataFolder, start: Start):
    start()
    orphans = working_in(folder.postgres, "postgres") + working_in(folder.valkey, "valkey-server")

    again = start()

    assert len(orphans) > 2
    assert not any(lives(process) for process in orphans)
    assert execute(again, "SELECT 1") == 1


def test_whoever_started_them_killed_both_end_by_themselves(folder: DataFolder):
    starting = (
        "import sys, pathlib\n"
        "from steward.embedded import Servers\n"
        "from steward.folder import DataFolder, Running\n"
        "data = DataFolder(pathlib.Path(sys.argv[1]))\n"
        "with data.held('up'):\n"
        "    Servers(data, Running(), durable=False).start()\n"
        "    print('started', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", starting, str(folder.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == "started\n"
        assert server_processes(folder)

        starter.kill()

        until(lambda: not server_processes(folder), why="both have ended")
        until(lambda: folder.running() is None, why="the note is gone")


def test_a_pid_file_that_names_another_living_process_does_not_matter(folder: DataFolder, start: Start):
    servers = start()
    pid_file = (folder.postgres / "postmaster.pid").read_text().splitlines()
    servers.stop()
    with subprocess.Popen(["sleep", "60"]) as another:
        (folder.postgres / "postmaster.pid").write_text("\n".join([str(another.pid), *pid_file[1:]]) + "\n")

        again = start()

        assert execute(again, "SELECT 1") == 1
        assert another.poll() is None
        another.kill()


def test_a_cluster_whose_making_was_cut_short_is_made_anew(folder: DataFolder, start: Start):
    aside = folder.path / "postgres.new"
    aside.mkdir()
    (aside / "PG_VERSION").write_text("18\n")

    assert execute(start(), "SELECT 1") == 1


def test_a_valkey_that_cannot_read_its_own_file_starts_empty(folder: DataFolder, start: Start):
    start().stop()
    for file in (folder.valkey / "appendonlydir").iterdir():
        file.write_bytes(b"spoilt")

    servers = start()

    with Redis.from_url(servers.valkey.url) as valkey:
        assert valkey.ping()


def test_a_cluster_of_another_version_is_refused_with_a_sentence(folder: DataFolder, start: Start):
    start().stop()
    (folder.postgres / "PG_VERSION").write_text("17\n")

    with pytest.raises(Unusable, match="was made by PostgreSQL 17; this program brings 18"):
        start()


@pytest.mark.parametrize("name", ["a folder with spaces & 中文", "long" * 25])
def test_a_folder_with_an_odd_or_long_path_keeps_its_sockets_elsewhere(tmp_path: Path, name: str):
    data = DataFolder(tmp_path / name)
    data.prepare()
    servers = Servers(data, Running(), durable=False)
    try:
        servers.start()

        assert execute(servers, "SELECT 1") == 1
        (elsewhere,) = servers.running.temporary
        assert Path(elsewhere).is_dir()
    finally:
        servers.stop()
    assert not Path(elsewhere).exists()


def test_a_folder_is_held_once(folder: DataFolder):
    with folder.held("up"), pytest.raises(InUse, match="already running on the data folder"), folder.held("up"):
        pass


def test_as_root_programs_that_the_databases_account_cannot_reach_are_copied(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """An ordinary user runs the database as the user: for them nothing is copied."""
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    (hidden / postgres.INSTALLED.parent.name).symlink_to(postgres.INSTALLED.parent)
    monkeypatch.setattr(postgres, "INSTALLED", hidden / postgres.INSTALLED.parent.name / postgres.INSTALLED.name)
    running = Running()
    servers = Servers(folder, running, durable=False)
    try:
        servers.start()

        assert execute(servers, "SELECT 1") == 1
        programs = Path(postgres.INSTALLED.parent.name) / postgres.INSTALLED.name
        copies = [left for left in running.temporary if (Path(left) / programs).is_dir()]
        assert len(copies) == (0 if os.geteuid() else 1)
    finally:
        servers.stop()
    assert not any(Path(left).exists() for left in running.temporary)


def test_the_database_never_runs_as_root(folder: DataFolder, start: Start):
    start()

    users = {process.username() for process in working_in(folder.postgres, "postgres")}

    assert users == {"nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name}


def test_no_permission_of_a_folder_above_is_changed(start: Start, folder: DataFolder):
    before = {parent: parent.stat().st_mode for parent in folder.path.parents}

    start()

    assert {parent: parent.stat().st_mode for parent in folder.path.parents} == before
