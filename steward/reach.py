"""How a command reaches the servers it is meant for."""

import os
from pathlib import Path

import psutil
from pydantic import SecretStr

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
    except PermissionError as error:
        raise Unusable(f"The data folder {folder.path} belongs to another account: run this as that account.") from error
    if not running or not psutil.pid_exists(running.pid):
        raise Unusable(
            f"Nothing runs on the data folder {folder.path}: start it with `steward up`, name another with --data, "
            "or set DATABASE_URL to use other servers."
        )
    update = {"database_url": running.database_url, "redis_url": running.redis_url, "data": folder.path}
    return settings.model_copy(update=update | ({"secret_key": SecretStr(secret)} if secret else {}))
