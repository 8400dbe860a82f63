"""How a command reaches the servers it is meant for."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
from pydantic import SecretStr
from tortoise.exceptions import DBConnectionError

from settings import Settings, load

from .folder import DataFolder, Unusable


def settings_for(data: Path | None) -> Settings:
    """Settings that point to the servers running on the data folder, or to those that the environment names.

    The environment's ``DATABASE_URL`` counts only where no folder is given. Raises Unusable where nothing runs.
    """
    settings = load()
    if data is None and "DATABASE_URL" in os.environ:
        return settings
    folder = DataFolder(data or settings.data)
    try:
        running = folder.running()
        secret = os.environ.get("STEWARD_SECRET_KEY") or folder.secret_key()
        older = os.environ.get("STEWARD_SECRET_KEYS_BEFORE") or ",".join(folder.older_secret_keys())
    except PermissionError as error:
        raise Unusable(f"The data folder {folder.path} belongs to another account: run this as that account.") from error
    if not running or not psutil.pid_exists(running.pid):
        raise Unusable(
            f"Nothing runs on the data folder {folder.path}: start it with `steward up`, name another with --data, "
            "or set DATABASE_URL to use other servers."
        )
    listening = urlsplit(running.url)
    update = {
        "database_url": running.database_url,
        "redis_url": running.redis_url,
        "data": folder.path,
        "host": listening.hostname or settings.host,
        "port": listening.port or settings.port,
        "secret_key": SecretStr(secret) if secret else None,
        "secret_keys_before": SecretStr(older),
    }
    return settings.model_copy(update=update)


def url(host: str, port: int) -> str:
    """The address of an API that listens there."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def local_url(host: str, port: int) -> str:
    """The same for a client on this machine: a server that listens on all addresses is reached by the loopback."""
    return url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


@contextmanager
def reaching_database() -> Generator[None]:
    """Tells in a sentence (Unusable) that the database does not answer."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, DBConnectionError) as error:
        raise Unusable(f"The database does not answer ({error or type(error).__name__}): check DATABASE_URL.") from error
