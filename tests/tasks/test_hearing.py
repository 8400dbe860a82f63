"""What waits for a person is not told once they have lost what let them hear of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.notices import ALERT_RAISED, Announcement, ChannelKind, Digest, NoticeState
from domain.organisations import OrganisationKind
from models import Account, Alert, Channel, Compound, Mandate, Notice, Organisation, Place, RoleBinding, Work
from models.calendar import today
from models.notices import announce
from settings import Settings
from tasks.notices import deliver
from tasks.notices.digests import digest_one
from tests.builders import a_channel, a_company_serving, a_compound, a_device, an_account, an_alert, an_organisation

_YESTERDAY = timedelta(days=1)


class Scene:
    """Somebody of a company, one of their channels, and an alert in a compound that the company looks after."""

    compound: Compound
    person: Account
    channel: Channel
    alert: Alert


@pytest.fixture
async def scene(database: Settings) -> Scene:
    made = Scene()
    made.compound = await a_compound()
    company = await a_company_serving(made.compound)
    made.person = await an_account(Role.COMPANY_STAFF, organisation=company)
    made.channel = await a_channel(company, ChannelKind.WECOM)
    await Channel.filter(id=made.channel.id).update(organisation_id=None, account_id=made.person.id)
    made.alert = await an_alert(await a_device(made.compound))
    return made


async def _disabled(scene: Scene) -> None:
    await Account.filter(id=scene.person.id).update(disabled_at=datetime.now(UTC))


async def _without_role(scene: Scene) -> None:
    await RoleBinding.filter(account_id=scene.person.id).update(ends_on=today() - _YESTERDAY)


async def _without_mandate(scene: Scene) -> None:
    await Mandate.filter(compound_id=scene.compound.id).update(ends_on=today() - timedelta(days=365))


LOST = pytest.mark.parametrize("lose", [_disabled, _without_role, _without_mandate])


def _told(scene: Scene, **whom: frozenset[str]) -> Announcement:
    alert = scene.alert
    return Announcement(
        type=ALERT_RAISED,
        topic=f"{alert.id} raised",
        data={"message": alert.message},
        street_id=alert.street_id,
        compound_id=alert.compound_id,
        alert_id=alert.id,
        **whom,
    )


async def _announce(scene: Scene) -> None:
    await announce(_told(scene, accounts=frozenset({scene.person.id})))


async def _notice(scene: Scene) -> Notice:
    return await Notice.get(channel_id=scene.channel.id)


@LOST
async def test_what_waits_to_be_sent_is_given_up(
    scene: Scene, database: Settings, lose: Callable[[Scene], Awaitable[None]]
) -> None:
    await _announce(scene)
    await lose(scene)
    assert await deliver((await _notice(scene)).id, database) is None
    notice = await _notice(scene)
    assert (notice.state, notice.attempts, notice.next_attempt_at) == (NoticeState.DEAD, 0, None)
    assert "may not hear" in notice.last_error


@LOST
async def test_what_waits_for_a_digest_is_not_told_in_it(
    scene: Scene, database: Settings, lose: Callable[[Scene], Awaitable[None]]
) -> None:
    await Channel.filter(id=scene.channel.id).update(digest=Digest.DAILY)
    await _announce(scene)
    assert (await _notice(scene)).state is NoticeState.HELD
    await lose(scene)
    await Notice.filter(channel_id=scene.channel.id).update(due_at=datetime.now(UTC))
    async with in_transaction():
        await digest_one({"channel": scene.channel.id})
    assert (await _notice(scene)).state is NoticeState.DEAD
    assert not await Work.exists(kind="notice")


async def _company_announces(scene: Scene, **columns: object) -> tuple[Notice, Notice]:
    """What a company whose mandate has ended has still to be told, and what the street office has."""
    street = await Place.get(id=scene.compound.street_id)
    office = await an_organisation(street, kind=OrganisationKind.STREET_OFFICE)
    company_id = (await Mandate.get(compound_id=scene.compound.id)).organisation_id
    company = await Organisation.get(id=company_id)
    channels = [await a_channel(each, ChannelKind.WECOM, **columns) for each in (company, office)]
    await announce(_told(scene, organisations=frozenset({company.id, office.id})))
    await _without_mandate(scene)
    return await Notice.get(channel_id=channels[0].id), await Notice.get(channel_id=channels[1].id)


async def test_what_waits_for_an_organisation_that_looks_after_the_place_no_more_is_given_up(
    scene: Scene, database: Settings
) -> None:
    theirs, offices = await _company_announces(scene)
    for notice in (theirs, offices):
        await deliver(notice.id, database)
    theirs, offices = [await Notice.get(id=each.id) for each in (theirs, offices)]
    assert (theirs.state, theirs.attempts, offices.attempts) == (NoticeState.DEAD, 0, 1)
    assert "no more" in theirs.last_error


async def test_nor_is_it_told_in_a_digest(scene: Scene) -> None:
    theirs, offices = await _company_announces(scene, digest=Digest.DAILY)
    await Notice.all().update(due_at=datetime.now(UTC))
    for notice in (theirs, offices):
        async with in_transaction():
            await digest_one({"channel": notice.channel_id})
    assert [(await Notice.get(id=each.id)).state for each in (theirs, offices)] == [NoticeState.DEAD, NoticeState.PENDING]


async def test_whoever_still_sees_it_is_told(scene: Scene, database: Settings) -> None:
    await _announce(scene)
    await deliver((await _notice(scene)).id, database)
    assert (await _notice(scene)).attempts == 1


async def test_a_channel_outlives_the_role_but_hears_nothing_new(scene: Scene) -> None:
    for lose in (_without_role, _disabled):
        await lose(scene)
        await _announce(scene)
    assert not await Notice.exists(account_id=scene.person.id)
