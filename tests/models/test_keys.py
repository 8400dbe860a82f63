"""Intake keys: created, found, revoked."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.events import EventDoor
from domain.refusals import Refused
from models import Fact, IntakeKey
from models.facts import Actor
from models.keys import SECRET, admit, create_intake_key, digest, find_admitted, find_passes, revoke_intake_key, touch_keys
from settings import Settings
from tests.builders import an_organisation


async def opened(secret: str, settings: Settings) -> str | None:
    """The id of the key that intake finds by the secret."""
    connection = await asyncpg.connect(settings.database_url)
    found = await find_passes(connection, [digest(secret)])
    await connection.close()
    return found[digest(secret)].id if found else None


async def admitted(code: str, settings: Settings) -> str | None:
    """The id of the key with which the organisation speaks through the broker."""
    connection = await asyncpg.connect(settings.database_url)
    found = await find_admitted(connection, [code])
    await connection.close()
    return found[code].id if code in found else None


async def test_a_secret_is_shown_once_and_only_its_hash_is_stored(database: Settings) -> None:
    key, secret = await create_intake_key(await an_organisation())
    assert SECRET.fullmatch(secret)
    stored = await IntakeKey.get(id=key.id)
    assert stored.digest == hashlib.sha256(secret.encode()).digest()
    assert stored.hint == secret[-4:]
    assert not any(secret in str(value) for value in dict(stored).values())


async def test_two_keys_of_one_organisation_differ(database: Settings) -> None:
    organisation = await an_organisation()
    assert (await create_intake_key(organisation))[1] != (await create_intake_key(organisation))[1]


async def test_a_key_is_found_by_its_secret_until_it_is_revoked(database: Settings) -> None:
    key, secret = await create_intake_key(await an_organisation())
    assert await opened(secret, database) == key.id
    revoked = await revoke_intake_key(key)
    assert revoked.revoked_at is not None
    assert await opened(secret, database) is None


async def test_an_expired_key_is_not_found(database: Settings) -> None:
    key, secret = await create_intake_key(await an_organisation(), expires_at=datetime.now(UTC) + timedelta(days=1))
    assert await opened(secret, database) == key.id
    await IntakeKey.filter(id=key.id).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert await opened(secret, database) is None


async def test_an_organisation_is_admitted_to_the_broker_once_at_a_time(database: Settings) -> None:
    organisation = await an_organisation()
    expired = await admit(organisation)
    await IntakeKey.filter(id=expired.id).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert await admitted(organisation.code, database) is None
    key = await admit(organisation)
    assert await admitted(organisation.code, database) == key.id
    with pytest.raises(Refused, match="already") as refused:
        await admit(organisation)
    assert refused.value.path == ("organisation_id",)
    await revoke_intake_key(key)
    assert await admitted(organisation.code, database) is None
    assert await admitted("NOBODY", database) is None


async def test_two_who_admit_an_organisation_at_once_make_one_key(database: Settings) -> None:
    organisation = await an_organisation()
    came = await asyncio.gather(*(admit(organisation) for _ in range(4)), return_exceptions=True)
    assert [type(each) for each in came].count(IntakeKey) == 1
    assert await IntakeKey.filter(door=EventDoor.MQTT).count() == 1


async def test_each_door_opens_to_its_own_keys_only(database: Settings) -> None:
    organisation = await an_organisation()
    _, secret = await create_intake_key(organisation)
    assert await admitted(organisation.code, database) is None
    secretless, thrown_away = await create_intake_key(organisation, door=EventDoor.MQTT)
    assert secretless.hint == ""
    assert await opened(thrown_away, database) is None
    assert await opened(secret, database) is not None


async def test_an_unknown_secret_finds_nothing(database: Settings) -> None:
    await create_intake_key(await an_organisation())
    assert await opened("ink_" + "a" * 43, database) is None


async def test_revoking_twice_keeps_the_first_moment(database: Settings) -> None:
    key, _ = await create_intake_key(await an_organisation())
    first = await revoke_intake_key(key)
    assert (await revoke_intake_key(key)).revoked_at == first.revoked_at
    assert await Fact.filter(action="keyRevoke").count() == 1


async def test_facts_tell_who_made_and_revoked_a_key_and_never_its_secret(database: Settings) -> None:
    organisation = await an_organisation()
    key, secret = await create_intake_key(organisation, actor=Actor("acc_somebody"))
    await revoke_intake_key(key, actor=Actor("acc_somebody"))
    facts = await Fact.filter(subject_id=organisation.id).order_by("id")
    assert [(fact.action, fact.actor) for fact in facts] == [
        ("keyCreate", "acc_somebody"),
        ("keyRevoke", "acc_somebody"),
    ]
    assert facts[0].after == {"key": key.id, "hint": secret[-4:]}


@pytest.mark.parametrize("prefix", ["", " ", "x" * 201])
async def test_a_prefix_without_sense_is_refused(database: Settings, prefix: str) -> None:
    with pytest.raises(Refused) as refused:
        await create_intake_key(await an_organisation(), source_prefix=prefix)
    assert refused.value.path == ("source_prefix",)


async def test_a_prefix_is_kept_without_the_blanks_around_it(database: Settings) -> None:
    key, _ = await create_intake_key(await an_organisation(), source_prefix=" //iot.example/ ")
    assert (await IntakeKey.get(id=key.id)).source_prefix == "//iot.example/"


async def test_a_key_cannot_be_born_expired(database: Settings) -> None:
    with pytest.raises(Refused, match="expired"):
        await create_intake_key(await an_organisation(), expires_at=datetime.now(UTC))
    assert await IntakeKey.all().count() == 0


async def test_passes_are_given_for_valid_keys_only(database: Settings) -> None:
    organisation = await an_organisation()
    good, secret = await create_intake_key(organisation, source_prefix="//iot.example/")
    revoked, revoked_secret = await create_intake_key(organisation)
    await revoke_intake_key(revoked)
    expired, expired_secret = await create_intake_key(organisation)
    await IntakeKey.filter(id=expired.id).update(expires_at=datetime.now(UTC))
    digests = [digest(each) for each in (secret, revoked_secret, expired_secret, "ink_unknown")]
    connection = await asyncpg.connect(database.database_url)
    passes = await find_passes(connection, digests)
    await connection.close()
    assert {name: (found.id, found.source_prefix) for name, found in passes.items()} == {
        digest(secret): (good.id, "//iot.example/")
    }


async def test_use_is_noted_at_most_once_a_minute(database: Settings) -> None:
    organisation = await an_organisation()
    never, lately, long_ago = [(await create_intake_key(organisation))[0] for _ in range(3)]
    now = datetime.now(UTC)
    await IntakeKey.filter(id=lately.id).update(last_used_at=now - timedelta(seconds=50))
    await IntakeKey.filter(id=long_ago.id).update(last_used_at=now - timedelta(seconds=70))
    connection = await asyncpg.connect(database.database_url)
    await touch_keys(connection, [never.id, lately.id, long_ago.id])
    await connection.close()
    used = {key.id: key.last_used_at for key in await IntakeKey.all()}
    assert used[never.id] == used[long_ago.id] >= now
    assert used[lately.id] == now - timedelta(seconds=50)
