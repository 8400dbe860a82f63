"""Channels are an organisation's own; an alert is announced once to each that must hear of it."""

import re
from datetime import UTC, date, datetime

import pytest

from domain.access import ANONYMOUS, Role
from domain.alerts import AlertState, Severity
from domain.notices import ALERT_CLEARED, ALERT_RAISED, TICKET_OPENED, ChannelKind, NoticeState
from domain.organisations import OrganisationKind
from domain.policy import DataClass, class_of
from domain.refusals import RefusalCode
from models import Alert, Channel, Device, Fact, Notice, Organisation, Work
from models.alerts.announcing import announce_alert
from models.notices import add_channel, channels, look_up, remove_channel
from models.secrets import NoSecretKey
from models.tickets import accept
from settings import Settings
from tests.builders import a_channel, a_company_serving, a_device, a_mandate, a_ticket, an_alert, an_organisation

from .ticket_world import World, a_world, refusal, somebody

HOOK = "https://hooks.example.com/in/very-secret?token=hidden"


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def street_office(world: World) -> Organisation:
    return await an_organisation(world.street, kind=OrganisationKind.STREET_OFFICE)


async def told() -> list[tuple[str, str]]:
    """Who was told what."""
    return sorted([(row.channel_id, row.type) for row in await Notice.all()])


async def test_a_manager_adds_a_channel_of_the_company(world: World, settings: Settings) -> None:
    channel, secret = await add_channel(world.manager, world.company.id, ChannelKind.WEBHOOK, HOOK, settings=settings)
    stored = await Channel.get(id=channel.id)
    assert stored.hint == "https://hooks.example.com"
    assert b"secret" not in stored.target
    assert (stored.open_target(settings), stored.open_secret(settings)) == (HOOK, secret)
    assert secret.startswith("whsec_")
    fact = await Fact.get(subject_id=channel.id)
    assert (fact.action, fact.after) == ("channelAdd", {"kind": "WEBHOOK", "hint": "https://hooks.example.com"})


@pytest.mark.parametrize(
    ("kind", "target", "hint"),
    [
        (ChannelKind.MAIL, "mailtos://duty:pass@example.com?smtp=smtp.example.com&to=a@example.com", "mailtos://example.com"),
        (ChannelKind.WECOM, "wecombot://0123-4567-abcd", "wecombot://qyapi.weixin.qq.com"),
        (ChannelKind.DINGTALK, "dingtalk://SECRET12@0123456789abcdef", "dingtalk://oapi.dingtalk.com"),
        (ChannelKind.FEISHU, "feishu://0123-4567-abcd", "feishu://open.feishu.cn"),
    ],
)
async def test_a_hint_shows_no_token_and_only_webhooks_are_signed(
    world: World, settings: Settings, kind: ChannelKind, target: str, hint: str
) -> None:
    channel, secret = await add_channel(world.manager, world.company.id, kind, target, settings=settings)
    assert (channel.hint, secret, channel.secret) == (hint, "", None)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (ChannelKind.WEBHOOK, "ftp://example.com/"),
        (ChannelKind.WEBHOOK, "https://user:pass@example.com/"),
        (ChannelKind.WEBHOOK, "https://example.com:99999/"),
        (ChannelKind.WEBHOOK, "https:///nowhere"),
        (ChannelKind.WEBHOOK, "https://example.com/a b"),
        (ChannelKind.WEBHOOK, "https://example.com/" + "a" * 1_000),
        (ChannelKind.WEBHOOK, "wecombot://0123-4567-abcd"),
        (ChannelKind.WECOM, "https://qyapi.weixin.qq.com/"),
        (ChannelKind.WECOM, "wecombot://0123-4567-abcd?redirect=yes"),
        (ChannelKind.MAIL, "mailtos://u:p@example.com?pgpprv=/etc/passwd"),
        (ChannelKind.MAIL, "mailtos://u:p@example.com?to=a@example.com&to=b@example.com"),
        (ChannelKind.DINGTALK, "dingtalk://short"),
        (ChannelKind.FEISHU, ""),
    ],
)
async def test_what_is_no_target_of_the_kind_is_refused_with_an_example(
    world: World, settings: Settings, kind: ChannelKind, target: str
) -> None:
    refused = await refusal(add_channel(world.manager, world.company.id, kind, target, settings=settings))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("target",))
    assert "://" in refused.hint.en


async def test_a_webhook_that_is_not_encrypted_is_for_private_networks_only(world: World, settings: Settings) -> None:
    public = settings.model_copy(update={"webhook_allow_private": False})
    target = "http://hooks.example.com/"
    refused = await refusal(add_channel(world.manager, world.company.id, ChannelKind.WEBHOOK, target, settings=public))
    assert refused.code is RefusalCode.INVALID
    await add_channel(world.manager, world.company.id, ChannelKind.WEBHOOK, target, settings=settings)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        *((ChannelKind.WEBHOOK, f"https://{host}/hook") for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254")),
        *((ChannelKind.WEBHOOK, f"https://{host}/hook") for host in ("[::1]", "[::ffff:10.0.0.1]", "2130706433", "0x7f.1")),
        (ChannelKind.MAIL, "mailtos://u:p@example.invalid?smtp=192.168.1.1&to=a@example.com"),
    ],
)
async def test_what_leads_to_a_private_address_is_refused_at_the_door(
    world: World, settings: Settings, kind: ChannelKind, target: str
) -> None:
    public = settings.model_copy(update={"webhook_allow_private": False})
    refused = await refusal(look_up(world.manager, world.company.id, kind, target, settings=public))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("target",))
    assert "public internet" in refused.hint.en


async def test_nothing_is_looked_up_for_those_who_may_not_add_a_channel(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def note(host: str) -> None:
        asked.append(host)

    monkeypatch.setattr(channels, "refuse_private", note)
    public = settings.model_copy(update={"webhook_allow_private": False})
    staff = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=await an_organisation(world.street))
    for viewer in (staff, stranger, ANONYMOUS, world.manager):
        await look_up(viewer, world.company.id, ChannelKind.WEBHOOK, "https://hooks.example.com/x", settings=public)
    await look_up(world.manager, world.company.id, ChannelKind.WEBHOOK, "ftp://hooks.example.com/x", settings=public)
    assert asked == ["hooks.example.com"]


async def test_channels_are_added_by_who_may_and_to_what_they_see(world: World, settings: Settings) -> None:
    staff = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    stranger = await somebody(Role.COMPANY_MANAGER, organisation=await an_organisation(world.street))
    expected = [(staff, RefusalCode.FORBIDDEN), (stranger, RefusalCode.NOT_FOUND)]
    for viewer, code in [*expected, (ANONYMOUS, RefusalCode.NOT_FOUND)]:
        refused = await refusal(add_channel(viewer, world.company.id, ChannelKind.WEBHOOK, HOOK, settings=settings))
        assert refused.code is code
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    await add_channel(officer, world.company.id, ChannelKind.WEBHOOK, HOOK, settings=settings)


async def test_without_a_secret_key_no_channel_is_stored(world: World, settings: Settings) -> None:
    with pytest.raises(NoSecretKey):
        await add_channel(
            world.manager,
            world.company.id,
            ChannelKind.WEBHOOK,
            HOOK,
            settings=settings.model_copy(update={"secret_key": None}),
        )
    assert await Channel.all().count() == 0


async def test_a_removed_channel_stays_removed_and_hears_nothing(world: World) -> None:
    channel = await a_channel(world.company)
    removed = await remove_channel(world.manager, channel.id)
    again = await remove_channel(world.manager, channel.id)
    assert removed.removed_at == again.removed_at is not None
    assert await Fact.filter(subject_id=channel.id).count() == 1
    staff = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    assert (await refusal(remove_channel(staff, channel.id))).code is RefusalCode.FORBIDDEN
    assert await announce_alert(await an_alert(await a_device(world.compound))) == 0


@pytest.fixture
async def device(world: World) -> Device:
    return await a_device(world.compound)


async def test_the_company_hears_of_every_alert_and_the_street_office_of_critical_ones(
    world: World, street_office: Organisation, device: Device
) -> None:
    company, street = await a_channel(world.company), await a_channel(street_office)
    await a_channel(world.office)
    assert await announce_alert(await an_alert(device, severity=Severity.MAJOR)) == 1
    assert await told() == [(company.id, ALERT_RAISED)]
    assert await announce_alert(await an_alert(device, rule="fire_safety.gas")) == 2
    assert await told() == sorted([(company.id, ALERT_RAISED)] * 2 + [(street.id, ALERT_RAISED)])


async def test_a_company_that_has_left_hears_no_more_of_tickets_that_are_still_its_own(world: World) -> None:
    former = await an_organisation(world.street)
    dates = {"starts_on": date(2020, 1, 1), "ends_on": date(2021, 1, 1)}
    await a_mandate(former, world.compound, **dates)
    await a_channel(former, types=["steward.ticket.moved.v1"])
    company = await a_channel(world.company, types=["steward.ticket.moved.v1"])
    clerk = await somebody(Role.COMMUNITY_STAFF, place=world.community)
    for handler in (former, world.company):
        await accept(clerk, (await a_ticket(world.compound, organisation_id=handler.id)).id)
    assert await told() == [(company.id, "steward.ticket.moved.v1")]


async def test_where_nobody_serves_the_community_office_hears(world: World) -> None:
    former = await an_organisation(world.street)
    await a_mandate(former, world.unserved, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    await a_channel(former)
    office = await a_channel(world.office)
    assert await announce_alert(await an_alert(await a_device(world.unserved))) == 1
    assert await told() == [(office.id, ALERT_RAISED)]


async def test_an_alert_is_announced_once_when_raised_worsened_and_cleared(world: World, device: Device) -> None:
    await a_channel(world.company)
    alert = await an_alert(device, severity=Severity.MAJOR)
    assert [await announce_alert(alert), await announce_alert(alert)] == [1, 0]
    alert.severity = Severity.CRITICAL
    assert [await announce_alert(alert), await announce_alert(alert)] == [1, 0]
    alert.state, alert.cleared_at = AlertState.CLEARED, datetime.now(UTC)
    assert [await announce_alert(alert), await announce_alert(alert)] == [1, 0]
    assert [row.type for row in await Notice.all().order_by("id")] == [ALERT_RAISED, ALERT_RAISED, ALERT_CLEARED]
    assert [row.payload for row in await Work.all().order_by("id")] == [
        {"notice": row.id} for row in await Notice.all().order_by("id")
    ]


async def test_systems_hear_of_the_ticket_by_itself_and_people_within_the_alert(world: World, device: Device) -> None:
    hook, robot = await a_channel(world.company), await a_channel(world.company, ChannelKind.WECOM)
    alert = await an_alert(device)
    ticket = await a_ticket(world.compound, alert_id=alert.id)
    assert await announce_alert(alert, ticket=ticket) == 3
    assert await told() == sorted([(hook.id, ALERT_RAISED), (hook.id, TICKET_OPENED), (robot.id, ALERT_RAISED)])
    notices = await Notice.filter(channel_id=robot.id)
    assert notices[0].payload["ticket"]["number"] == ticket.number


async def test_a_notice_tells_ids_words_and_times(world: World, device: Device) -> None:
    await a_channel(world.company)
    alert = await an_alert(device)
    await announce_alert(alert)
    notice = await Notice.get()
    assert notice.payload["compound"] == {"id": world.compound.id, "code": world.compound.code, "name": world.compound.name}
    assert notice.payload["message"] == alert.message
    assert notice.payload["alert"]["severity"] == "CRITICAL"
    assert notice.payload["alert"]["lastSeenAt"] == "2024-01-01T08:00:00+08:00"
    assert (notice.state, notice.alert_id, notice.organisation_id) == (NoticeState.PENDING, alert.id, world.company.id)


async def test_a_notice_tells_nothing_that_is_not_plain_to_all_who_see_it(world: World, device: Device) -> None:
    await a_channel(world.company)
    alert = await an_alert(device)
    await announce_alert(alert, ticket=await a_ticket(world.compound, alert_id=alert.id))
    payload = (await Notice.filter(type=TICKET_OPENED).get()).payload
    assert payload["ticket"].keys() > {"kind", "category", "priority"}
    told = [("Alert", "message")]
    told += [(type_.capitalize(), name) for type_ in ("alert", "compound", "ticket") for name in payload[type_]]
    assert len(told) > 15
    for type_name, name in told:
        field = re.sub("([A-Z])", r"_\1", name).lower().replace("_id", "")
        assert class_of(type_name, field) is DataClass.OPEN, f"{type_name}.{field}"


async def test_an_alert_of_another_company_is_not_heard(world: World) -> None:
    other = await a_company_serving(world.unserved)
    await a_channel(world.company)
    mine = await a_channel(other)
    alert: Alert = await an_alert(await a_device(world.unserved))
    assert await announce_alert(alert) == 1
    assert await told() == [(mine.id, ALERT_RAISED)]
