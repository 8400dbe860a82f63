"""``steward keys``: thousands of values sealed anew, killed in the middle, begun again; and a new key for a data folder."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg

from domain.phones import masked
from models import Account
from models.phones import kept, told
from models.secrets import key_names
from settings import Settings
from steward.folder import DataFolder
from steward.up import older_secret_keys, secret_key
from tests.builders import a_street
from tests.steward.running import PROGRAM, steward
from tests.waiting import until

ROWS = 2_000
OLD, NEW = "5a" * 32, "a5" * 32


def on(settings: Settings, key: str = NEW, before: str = OLD) -> dict[str, str]:
    return {"DATABASE_URL": settings.database_url, "STEWARD_SECRET_KEY": key, "STEWARD_SECRET_KEYS_BEFORE": before}


async def many_numbers(settings: Settings) -> dict[str, str]:
    """Accounts with numbers sealed by the old key: id → number."""
    street, numbers, accounts = await a_street(), dict[str, str](), list[Account]()
    for n in range(ROWS):
        account = Account(login=f"login-{n:05}", name="Somebody", street_id=street.id)
        numbers[account.id] = f"+86230{n:07}"
        accounts.append(account.update_from_dict(kept(numbers[account.id], account, "phone", settings)))
    await Account.bulk_create(accounts)
    return numbers


async def test_a_rotation_killed_in_the_middle_is_begun_again_and_loses_and_repeats_nothing(database: Settings) -> None:
    numbers = await many_numbers(database)
    new = Settings.model_validate(dict(database) | {"secret_key": NEW, "secret_keys_before": None})
    name = key_names(new)[0].hex()
    anew = f"SELECT count(*) FROM account WHERE encode(substring(phone_sealed FROM 2 FOR 4), 'hex') = '{name}'"
    blocker = await asyncpg.connect(database.database_url)
    try:
        async with blocker.transaction():
            await blocker.execute("SELECT FROM account WHERE id = $1 FOR UPDATE", sorted(numbers)[1_000])
            killed = await asyncio.create_subprocess_exec(
                *(PROGRAM, "keys", "rotate"), env=os.environ | on(database), start_new_session=True
            )
            await until(lambda: blocker.fetchval(anew), what="the first rows, sealed anew,")
            os.killpg(killed.pid, signal.SIGKILL)
            await killed.wait()
        done = await blocker.fetchval(anew)
    finally:
        await blocker.close()
    assert 0 < done <= 1_000
    both = Settings.model_validate(dict(new) | {"secret_keys_before": OLD})
    assert {account.id: told(account, "phone", both) for account in await Account.all()} == numbers

    finished = steward("keys", "rotate", **on(database))
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.startswith(f"{ROWS - done} values sealed anew under the key {name}, which seals everything now.\n")
    assert f"The older key {key_names(database)[0].hex()} seals nothing: take it out" in finished.stdout
    accounts = await Account.all()
    assert {account.id: told(account, "phone", new) for account in accounts} == numbers
    assert all(account.phone_masked == masked(numbers[account.id]) for account in accounts)
    assert len({bytes(account.phone_index or b"") for account in accounts}) == ROWS


async def test_values_that_no_key_opens_are_told_and_nothing_else_hangs_on_them(database: Settings) -> None:
    street = await a_street()
    account = Account(login="login", name="Somebody", street_id=street.id)
    await account.update_from_dict(kept("+8613800138000", account, "phone", database)).save()
    refused = steward("keys", "rotate", **on(database, before="11" * 32))
    assert refused.returncode == 1
    assert f"1 values were not opened: sealed by keys that are not here (1 by {key_names(database)[0].hex()})" in refused.stderr
    assert "13800138000" not in refused.stdout + refused.stderr
    assert steward("keys", "rotate", **on(database, key="no key")).returncode == 2


def test_a_data_folder_gets_a_new_key_and_keeps_the_old_one(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    first = folder.secret_key(make=True)
    assert steward("keys", "new", "--data", str(folder.path)).returncode == 0
    second = folder.secret_key()
    assert second not in {None, first}
    assert folder.older_secret_keys() == [first]
    assert (secret_key(folder), older_secret_keys(folder)) == (second, first)
    assert (folder.path / "secret.key").stat().st_mode & 0o777 == 0o600
    with folder.held("up"):
        assert "already running" in steward("keys", "new", "--data", str(folder.path)).stderr
    assert folder.secret_key() == second
