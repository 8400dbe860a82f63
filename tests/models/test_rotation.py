"""Everything that is sealed is sealed anew under the current key, and what no key opens is left and told."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from tortoise.fields import BinaryField

import models
from domain.access import Viewer
from domain.notices import ChannelKind
from models import Account, Channel, Ticket
from models.phones import change_phone, found_by, kept, told
from models.rotation import SEALED, rotate
from models.secrets import NotOpened, key_names, seal
from settings import Settings
from tests.builders import a_street, a_ticket, an_account, an_organisation

NUMBER = "+8613800138000"
#: Binary columns that hold nothing sealed: digests, and the blind indexes.
_NOT_SEALED = {("intake_key", "digest"), ("account", "phone_index"), ("ticket", "contact_phone_index")}


def with_keys(settings: Settings, key: str, *before: str) -> Settings:
    return Settings.model_validate(
        dict(settings) | {"secret_key": key * 32, "secret_keys_before": ",".join(k * 32 for k in before)}
    )


async def a_number(row: Account | Ticket, column: str, settings: Settings) -> None:
    columns = kept(NUMBER, row, column, settings)
    await row.update_from_dict(columns).save(update_fields=list(columns))


async def a_channel(settings: Settings) -> Channel:
    organisation = await an_organisation()
    channel = Channel(kind=ChannelKind.WEBHOOK, hint="…", organisation_id=organisation.id, street_id=organisation.street_id)
    channel.target = seal("https://example.com/hook", settings, of=f"{channel.id}.target")
    channel.secret = seal("whsec_1", settings, of=f"{channel.id}.secret")
    await channel.save()
    return channel


async def turn(settings: Settings) -> Any:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await rotate(connection, settings)
    finally:
        await connection.close()


def test_every_binary_column_is_sealed_anew_or_known_to_hold_nothing_sealed() -> None:
    rows = [getattr(models, name) for name in models.__all__]
    found = {
        (row._meta.db_table, name)
        for row in rows
        for name, field in row._meta.fields_map.items()
        if isinstance(field, BinaryField)
    }
    assert found == {(sealed.table, sealed.column) for sealed in SEALED} | _NOT_SEALED
    assert {sealed.index[0] for sealed in SEALED if sealed.index} == {"phone_index", "contact_phone_index"}


async def test_what_an_older_key_sealed_opens_before_and_after_and_is_found(database: Settings) -> None:
    old = with_keys(database, "5a")
    account, ticket, channel = await an_account(), await a_ticket(), await a_channel(old)
    await a_number(account, "phone", old)
    await a_number(ticket, "contact_phone", old)
    new = with_keys(database, "a5", "5a")
    assert told(account, "phone", new) == NUMBER

    found = await turn(new)
    assert (found.done, found.unopened, found.left) == (4, 0, {})
    alone = with_keys(database, "a5")
    for model, row, column in ((Account, account, "phone"), (Ticket, ticket, "contact_phone")):
        stored = await model.get(id=row.id)
        assert told(stored, column, alone) == NUMBER
        assert await model.filter(**{f"{column}_index__in": found_by(NUMBER, model, column, alone)}).count() == 1
        assert await model.filter(**{f"{column}_index__in": found_by(NUMBER, model, column, old)}).count() == 0
        with pytest.raises(NotOpened):
            told(stored, column, old)
    stored_channel = await Channel.get(id=channel.id)
    assert stored_channel.open_target(alone) == "https://example.com/hook"
    assert stored_channel.open_secret(alone) == "whsec_1"

    before = dict(await Account.get(id=account.id))
    assert (await turn(alone)).done == 0
    assert dict(await Account.get(id=account.id)) == before


async def test_what_no_key_opens_is_left_counted_and_no_hindrance(database: Settings) -> None:
    strange, old, new = with_keys(database, "11"), with_keys(database, "5a"), with_keys(database, "a5", "5a")
    lost, kept_back, damaged = await an_account(), await an_account(), await an_account()
    await a_number(lost, "phone", strange)
    await a_number(kept_back, "phone", old)
    await a_number(damaged, "phone", old)
    await Account.filter(id=damaged.id).update(phone_sealed=bytes(damaged.phone_sealed or b"")[:-1])
    found = await turn(new)
    assert (found.done, found.unopened) == (1, 2)
    assert found.left == {key_names(strange)[0]: 1, key_names(old)[0]: 1}
    assert told(await Account.get(id=kept_back.id), "phone", new) == NUMBER
    assert told(await Account.get(id=lost.id), "phone", strange) == NUMBER


async def test_numbers_that_change_while_others_are_sealed_anew_are_the_ones_that_stay(database: Settings) -> None:
    old, new = with_keys(database, "5a"), with_keys(database, "a5", "5a")
    street = await a_street()
    accounts = [Account(login=f"login-{n}", name="Somebody", street_id=street.id) for n in range(600)]
    await Account.bulk_create([row.update_from_dict(kept(NUMBER, row, "phone", old)) for row in accounts])
    changed = accounts[::40]
    viewers = [Viewer(account.id) for account in changed]
    changes = [change_phone(who, f"1390000{n:04}", settings=new) for n, who in enumerate(viewers)]
    found, *_ = await asyncio.gather(turn(new), *changes)
    assert found.unopened == 0
    assert (await turn(new)).done == 0
    alone = with_keys(database, "a5")
    expected = dict.fromkeys((row.id for row in accounts), NUMBER)
    expected |= {account.id: f"+861390000{n:04}" for n, account in enumerate(changed)}
    assert {row.id: told(row, "phone", alone) for row in await Account.all()} == expected
