"""PostgreSQL and Valkey in a data folder, and the watch that ends them when whoever started them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import asyncpg

from .folder import DataFolder, Running
from .parts import ROOT
from .postgres import Postgres
from .processes import end, marked
from .valkey import Valkey

DATABASE = "steward"


class Servers:
    """Both servers on one data folder, which the caller holds (``DataFolder.held``)."""

    def __init__(self, data: DataFolder, running: Running, *, durable: bool = True) -> None:
        sockets = data.socket_folder(running)
        self.data, self.running = data, running
        self.postgres = Postgres(data, sockets, running, durable=durable)
        self.valkey = Valkey(data, sockets)
        self._watch: tuple[subprocess.Popen[bytes], int] | None = None

    def start(self) -> None:
        """Start both; returns when both answer. Raises Unusable."""
        self._start_watch()
        self.running.database_url, self.running.redis_url = self.postgres.url(DATABASE), self.valkey.url
        self.data.write_running(self.running)
        self.valkey.start()
        self.postgres.start()
        self.valkey.wait()
        self.postgres.wait()

    async def make_database(self, name: str = DATABASE) -> None:
        """Create the database unless it is there."""
        connection = await asyncpg.connect(self.postgres.url("postgres"))
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()

    def stop(self) -> None:
        """Stop Valkey, then PostgreSQL; leave no process and no note behind."""
        self.valkey.stop()
        self.postgres.stop()
        self.data.forget_running(self.running)
        if self._watch:
            watch, pipe = self._watch
            self._watch = None
            os.close(pipe)
            watch.wait()

    def _start_watch(self) -> None:
        """Start the process that sweeps when this one ends without having stopped the servers: it sees our pipe close."""
        theirs, ours = os.pipe()
        self._watch = (
            subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "steward.watch", str(self.data.path)],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                start_new_session=True,
            ),
            ours,
        )
        os.close(theirs)


def sweep(data: DataFolder) -> None:
    """End what a killed start left running on the folder, in order. Whoever calls holds the folder."""
    left = data.running()
    if left:
        end(marked(left.token), signal.SIGTERM, 5)
    Valkey.end_leftovers(data)
    Postgres.end_leftovers(data)
    if left:
        data.forget_running(left)
