"""``steward keys``: a new secret key for a data folder, and sealing everything anew under the current one."""

from __future__ import annotations

import asyncpg
from rich.console import Console

from models.rotation import Rotated, rotate
from models.secrets import key_names
from settings import Settings

from .folder import Unusable
from .progress import rotating


async def rotate_keys(settings: Settings, console: Console) -> str:
    """Seal everything anew, with a bar; what is to be said of it. Raises Unusable where something could not be opened."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        with rotating(console) as progress:
            found = await rotate(connection, settings, progress)
    finally:
        await connection.close()
    return told(found, key_names(settings))


def told(found: Rotated, names: list[bytes]) -> str:
    """The outcome in sentences, one a line. Raises Unusable."""
    current, *older = names
    lines = [f"{found.done} values sealed anew under the key {current.hex()}, which seals everything now."]
    if found.left:
        lines[0] = f"{found.done} values sealed anew under the key {current.hex()}."
    for name in older:
        if count := found.left.get(name):
            lines.append(f"The older key {name.hex()} still seals {count} values: keep it, and run this again.")
        else:
            lines.append(
                f"The older key {name.hex()} seals nothing: take it out of STEWARD_SECRET_KEYS_BEFORE (or secret.key) once every"
                " process runs with the current one and tokens signed before have ended (STEWARD_TOKEN_MINUTES)."
            )
    if found.unopened:
        unknown = ", ".join(f"{count} by {name.hex()}" for name, count in found.left.items() if name not in names)
        because = f"sealed by keys that are not here ({unknown})" if unknown else "damaged"
        raise Unusable("\n".join([*lines, f"{found.unopened} values were not opened: {because}. They are as they were."]))
    return "\n".join([*lines, ""])
