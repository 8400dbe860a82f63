"""What people set for themselves is theirs alone; what can wait, waits as they wish, and what is critical does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.access import Role
from domain.alerts import Severity
from domain.notices import ALERT_RAISED, DIGEST, TICKET_OPENED, Announcement, ChannelKind, Digest, NoticeLanguage, NoticeState
from domain.refusals import RefusalCode
from models import Account, Channel, Compound, Fact, Notice, Organisation, Work
from models.erasure import erase
from models.facts import Actor
from models.ids import new_id
from models.notices import (
    DIGEST_KIND,
    Wishes,
    add_channel,
    announce,
    channels,
    digests,
    number_of,
    read_notice,
    remind,
    remove_channel,
    set_channel,
    tell_what_waited,
)
from models.phones import change_phone
from models.viewers import viewer_of
from settings import Settings
from tasks.notices.digests import digest_one
from tests.builders import a_channel, a_mandate, an_account, an_organisation

from .ticket_world import World, a_world, refusal, somebody

QUIET = {"quiet_from": "00:00", "quiet_to": "23:59"}
LATER = timedelta(days=3)


@pytest.fixture
async def world(database: Settings) -> World:
    return await a_world()


@pytest.fixture
async def fitter(world: World) -> Account:
    """Somebody on duty for the company."""
    return await an_account(Role.COMPANY_STAFF, organisation=world.company)


def told(compound: Compound, *accounts: Account, severity: Severity | None = Severity.MAJOR, **more: Any) -> Announcement:
    """An alert, as it is announced."""
    data = {
        "compound": {"id": compound.id, "name": compound.name, "code": compound.code},
        "message": {"en": "Smoke on the third floor.", "zh-CN": "三楼烟雾报警。"},
    }
    given: dict[str, Any] = {
        "type": ALERT_RAISED,
        "topic": new_id("tst"),
        "data": data,
        "street_id": compound.street_id,
        "compound_id": compound.id,
        "severity": severity,
        "accounts": frozenset(account.id for account in accounts),
    }
    return Announcement(**(given | more))


async def inbox(account: Account) -> Channel:
    return await Channel.get(account_id=account.id, kind=ChannelKind.LIVE)


async def states(channel: Channel) -> list[tuple[str, NoticeState]]:
    return [(row.type, row.state) for row in await Notice.filter(channel_id=channel.id).order_by("created_at", "id")]


async def viewing(account: Account) -> Any:
    viewer = await viewer_of(account.id)
    assert viewer
    return viewer


async def test_whoever_is_told_has_an_inbox_and_it_is_one(world: World, fitter: Account, settings: Settings) -> None:
    assert await announce(told(world.compound, fitter)) == 1
    assert await announce(told(world.compound, fitter)) == 1
    channel = await inbox(fitter)
    assert await states(channel) == [(ALERT_RAISED, NoticeState.SENT)] * 2
    again, _ = await add_channel(await viewing(fitter), None, ChannelKind.LIVE, None, settings=settings)
    assert again.id == channel.id
    assert await Work.all().count() == 0


async def test_a_notice_in_an_inbox_has_words_in_both_languages(world: World, fitter: Account) -> None:
    await announce(told(world.compound, fitter, severity=Severity.CRITICAL))
    notice = await Notice.get()
    assert notice.title == {"zh-CN": f"[紧急] {world.compound.name}", "en": f"[Critical] {world.compound.name}"}
    assert notice.body["en"].startswith("Smoke on the third floor.")
    assert (notice.account_id, notice.organisation_id, notice.office_street_id) == (fitter.id, None, None)


async def test_nobody_is_told_whose_account_is_closed(world: World, fitter: Account) -> None:
    await Account.filter(id=fitter.id).update(disabled_at=datetime.now(UTC))
    assert await announce(told(world.compound, fitter)) == 0


async def test_what_is_somebodys_own_is_not_there_for_others(world: World, fitter: Account, settings: Settings) -> None:
    await announce(told(world.compound, fitter))
    channel, notice = await inbox(fitter), await Notice.get()
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    colleague = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    for viewer in (officer, colleague, world.manager):
        assert (await refusal(set_channel(viewer, channel.id, Wishes()))).code is RefusalCode.NOT_FOUND
        assert (await refusal(remove_channel(viewer, channel.id))).code is RefusalCode.NOT_FOUND
        assert (await refusal(read_notice(viewer, notice.id))).code is RefusalCode.NOT_FOUND
    own = await viewing(fitter)
    assert (await set_channel(own, channel.id, Wishes(language=NoticeLanguage.EN))).language is NoticeLanguage.EN
    assert (await read_notice(own, notice.id)).read_at is not None


async def test_an_inbox_of_ones_own_stays_and_has_no_target(world: World, fitter: Account, settings: Settings) -> None:
    own = await viewing(fitter)
    channel, _ = await add_channel(own, None, ChannelKind.LIVE, None, settings=settings)
    assert (await refusal(remove_channel(own, channel.id))).code is RefusalCode.INVALID
    refused = await refusal(add_channel(own, None, ChannelKind.LIVE, "https://example.com", settings=settings))
    assert refused.path == ("target",)


async def test_a_machine_and_whoever_has_no_role_have_no_channel_of_their_own(world: World, settings: Settings) -> None:
    own = await somebody(Role.COMPANY_STAFF, organisation=world.company)
    refused = await refusal(add_channel(own, None, ChannelKind.WEBHOOK, "https://example.com", settings=settings))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("organisation_id",))
    nobody = await viewing(await an_account())
    assert (await refusal(add_channel(nobody, None, ChannelKind.LIVE, None, settings=settings))).code is RefusalCode.FORBIDDEN


async def test_text_messages_of_ones_own_go_to_the_number_of_the_account(
    world: World, fitter: Account, settings: Settings
) -> None:
    own = await viewing(fitter)
    refused = await refusal(add_channel(own, None, ChannelKind.SMS, None, settings=settings))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("target",))
    assert "phoneChange" in refused.hint.en
    await change_phone(own, "13800138000", settings=settings)
    refused = await refusal(add_channel(own, None, ChannelKind.SMS, "13900139000", settings=settings))
    assert refused.path == ("target",)
    channel, _ = await add_channel(own, None, ChannelKind.SMS, None, settings=settings)
    assert await number_of(channel, settings) == "+8613800138000"
    again = await refusal(add_channel(own, None, ChannelKind.SMS, None, settings=settings))
    assert (again.code, again.path) == (RefusalCode.INVALID, ("kind",)), "everything would come twice"
    await change_phone(own, "13700137000", settings=settings)
    assert await number_of(channel, settings) == "+8613700137000"
    await change_phone(own, None, settings=settings)
    assert await number_of(channel, settings) == ""


async def test_nobody_has_channels_without_end(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MOST_CHANNELS", 2)
    robot = (world.manager, world.company.id, ChannelKind.WECOM, "wecombot://12345678")
    first, _ = await add_channel(*robot, settings=settings)
    await add_channel(*robot, settings=settings)
    refused = await refusal(add_channel(*robot, settings=settings))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, ("kind",))
    await remove_channel(world.manager, first.id)
    await add_channel(*robot, settings=settings)


async def test_an_organisations_text_messages_need_a_number_and_show_none(world: World, settings: Settings) -> None:
    for target in (None, "", " "):
        refused = await refusal(add_channel(world.manager, world.company.id, ChannelKind.SMS, target, settings=settings))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("target",))
        assert "needs a telephone number" in refused.message.en
    assert (await refusal(add_channel(world.manager, world.company.id, ChannelKind.SMS, "12", settings=settings))).path == (
        "target",
    )
    channel, _ = await add_channel(world.manager, world.company.id, ChannelKind.SMS, "138 0013 8000", settings=settings)
    assert (channel.hint, await number_of(channel, settings)) == ("138****8000", "+8613800138000")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "[::1]", "2130706433", "169.254.169.254", "localhost"])
async def test_a_channel_to_a_private_address_is_refused_at_the_door(world: World, settings: Settings, host: str) -> None:
    public = settings.model_copy(update={"webhook_allow_private": False})
    for kind, target in (
        (ChannelKind.WEBHOOK, f"https://{host}/hook"),
        (ChannelKind.MAIL, f"mailtos://u:p@example.invalid?smtp={host.strip('[]')}&to=a@example.com"),
    ):
        refused = await refusal(channels.look_up(world.manager, world.company.id, kind, target, settings=public))
        assert (refused.code, refused.path) == (RefusalCode.INVALID, ("target",))
        assert "private" in refused.message.en


@pytest.mark.parametrize(
    ("wishes", "path"),
    [
        (Wishes(types=["steward.nothing.v1"]), "types"),
        (Wishes(types=[]), "types"),
        (Wishes(quiet_from="22:00", quiet_to="22:00"), "quiet_to"),
        (Wishes(quiet_from="22:00"), "quiet_to"),
        (Wishes(quiet_to="07:00"), "quiet_from"),
        (Wishes(quiet_from="25:00", quiet_to="07:00"), "quiet_from"),
        (Wishes(digest=Digest.DAILY, digest_at="8"), "digest_at"),
        (Wishes(compound_ids=[]), "compound_ids"),
    ],
)
async def test_what_cannot_be_wished_is_refused_by_its_field(world: World, wishes: Wishes, path: str) -> None:
    channel = await a_channel(world.company, ChannelKind.WECOM)
    refused = await refusal(set_channel(world.manager, channel.id, wishes))
    assert (refused.code, refused.path) == (RefusalCode.INVALID, (path,))
    assert refused.hint.en
    assert refused.hint.zh
    assert (await Channel.get(id=channel.id)).version == 1


async def test_a_machine_never_waits(world: World) -> None:
    channel = await a_channel(world.company)
    for wishes in (Wishes(digest=Digest.HOURLY), Wishes(quiet_from="22:00", quiet_to="07:00")):
        assert (await refusal(set_channel(world.manager, channel.id, wishes))).code is RefusalCode.INVALID
    await set_channel(world.manager, channel.id, Wishes(types=[TICKET_OPENED]))


async def test_wishes_replace_all_that_was_set_and_are_recorded(world: World) -> None:
    channel = await a_channel(world.company, ChannelKind.WECOM)
    wishes = Wishes(types=[ALERT_RAISED], compound_ids=[world.compound.id], least_severity=Severity.WARNING, digest=Digest.DAILY)
    first = await set_channel(world.manager, channel.id, wishes, expected_version=1)
    assert (first.types, first.compound_ids, first.version) == ([ALERT_RAISED], [world.compound.id], 2)
    stale = await refusal(set_channel(world.manager, channel.id, Wishes(), expected_version=1))
    assert stale.code is RefusalCode.STALE_VERSION
    await set_channel(world.manager, channel.id, Wishes())
    stored = await Channel.get(id=channel.id)
    assert (stored.types, stored.compound_ids, stored.least_severity, stored.digest) == (None, None, Severity.MAJOR, Digest.NONE)
    fact = await Fact.filter(subject_id=channel.id, action="channelSet").order_by("-id").first()
    assert fact
    assert fact.after == {"types": None, "compound_ids": None, "least_severity": "MAJOR", "digest": "NONE"}


async def test_a_channel_names_compounds_that_its_setter_sees(world: World) -> None:
    channel = await a_channel(world.company, ChannelKind.WECOM)
    refused = await refusal(set_channel(world.manager, channel.id, Wishes(compound_ids=[world.unserved.id])))
    assert (refused.code, refused.path) == (RefusalCode.NOT_FOUND, ("compound_ids",))


async def test_concerned_organisations_hear_only_of_what_they_asked_for_by_name(world: World) -> None:
    other = await an_organisation(world.street)
    await a_mandate(other, world.compound, role="REPRESENTS")
    everything, named = await a_channel(other), await a_channel(other, types=[ALERT_RAISED])
    assert await announce(told(world.compound, concerned=frozenset({other.id}))) == 1
    assert await states(named) == [(ALERT_RAISED, NoticeState.SENT if named.kind is ChannelKind.LIVE else NoticeState.PENDING)]
    assert await states(everything) == []


async def test_what_is_mild_is_told_where_it_was_asked_for(world: World) -> None:
    company = frozenset({world.company.id})
    usual, curious = await a_channel(world.company), await a_channel(world.company, least_severity=Severity.WARNING)
    await announce(told(world.compound, severity=Severity.WARNING, organisations=company))
    await announce(told(world.compound, severity=Severity.MAJOR, organisations=company))
    assert (len(await states(usual)), len(await states(curious))) == (1, 2)


async def test_a_warning_waits_and_a_critical_alert_does_not(world: World, fitter: Account, settings: Settings) -> None:
    own = await viewing(fitter)
    channel, _ = await add_channel(own, None, ChannelKind.LIVE, None, settings=settings)
    await set_channel(own, channel.id, Wishes(least_severity=Severity.WARNING, digest=Digest.HOURLY, **QUIET))
    for severity in (Severity.WARNING, Severity.CRITICAL, Severity.MAJOR):
        await announce(told(world.compound, fitter, severity=severity))
    assert [state for _, state in await states(channel)] == [NoticeState.HELD, NoticeState.SENT, NoticeState.HELD]
    work = await Work.all()
    assert [(row.kind, row.payload) for row in work] == [("digest", {"channel": channel.id})]
    held = await Notice.filter(state=NoticeState.HELD).first()
    assert held
    assert work[0].not_before == held.due_at
    assert (await refusal(read_notice(own, held.id))).code is RefusalCode.ILLEGAL_MOVE


async def waiting(world: World, fitter: Account, count: int, kind: ChannelKind = ChannelKind.LIVE) -> Channel:
    """A channel for which so many notices wait."""
    await announce(told(world.compound, fitter, severity=Severity.CRITICAL))
    channel = await inbox(fitter)
    if kind is not ChannelKind.LIVE:
        channel = await Channel.create(kind=kind, hint="", target=b"x", account_id=fitter.id, street_id=fitter.street_id)
    await Channel.filter(id=channel.id).update(digest=Digest.DAILY)
    for _ in range(count):
        await announce(told(world.compound, fitter))
    await Notice.exclude(channel_id=channel.id).delete()
    await Notice.filter(channel_id=channel.id).exclude(state=NoticeState.HELD).delete()
    await Work.all().delete()
    return channel


async def test_several_that_waited_are_told_as_one_once(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 23)
    assert await tell_what_waited(channel.id, datetime.now(UTC)) == 0
    assert await tell_what_waited(channel.id, datetime.now(UTC) + LATER) == 23
    assert await tell_what_waited(channel.id, datetime.now(UTC) + LATER) == 0
    digest = await Notice.get(type=DIGEST)
    assert (digest.state, digest.severity, digest.title["zh-CN"]) == (NoticeState.SENT, Severity.MAJOR, "23 条通知")
    assert digest.body["en"].splitlines()[-2:] == [f"[Major] {world.compound.name}", "and 3 more"]
    assert await Notice.filter(state=NoticeState.GATHERED, digest_id=digest.id).count() == 23
    assert await Work.all().count() == 0


async def test_one_that_waited_is_told_as_it_is(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 1, ChannelKind.WECOM)
    assert await tell_what_waited(channel.id, datetime.now(UTC) + LATER) == 1
    assert await states(channel) == [(ALERT_RAISED, NoticeState.PENDING)]
    assert [row.payload for row in await Work.all()] == [{"notice": (await Notice.get()).id}]


async def test_a_digest_to_a_service_is_sent_by_its_own_work(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 2, ChannelKind.WECOM)
    assert await tell_what_waited(channel.id, datetime.now(UTC) + LATER) == 2
    digest = await Notice.get(type=DIGEST)
    assert digest.state is NoticeState.PENDING
    assert [row.payload for row in await Work.all()] == [{"notice": digest.id}]


async def test_what_waits_for_a_removed_channel_is_given_up(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 2, ChannelKind.WECOM)
    await remove_channel(await viewing(fitter), channel.id)
    assert {state for _, state in await states(channel)} == {NoticeState.DEAD}
    assert await tell_what_waited(channel.id, datetime.now(UTC) + LATER) == 0


async def test_more_than_a_digest_takes_is_told_in_several_each_by_work_of_its_own(
    world: World, fitter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 2)
    channel = await waiting(world, fitter, 5)
    await Notice.filter(channel_id=channel.id).update(due_at=datetime.now(UTC))
    await Work.all().delete()
    for told_so_far, goes_on in ((2, True), (4, True), (5, False)):
        await Work.all().delete()
        async with in_transaction():
            await digest_one({"channel": channel.id})
        left = [state for type_, state in await states(channel) if type_ != DIGEST and state is NoticeState.HELD]
        assert (5 - len(left), await Work.filter(kind=DIGEST_KIND).exists()) == (told_so_far, goes_on)
    assert [state for type_, state in await states(channel) if type_ == ALERT_RAISED].count(NoticeState.SENT) == 1


async def test_an_overdue_digest_gets_its_work_again(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 2)
    assert await remind(datetime.now(UTC)) == 0
    assert await remind(datetime.now(UTC) + LATER) == 1
    assert [(row.kind, row.payload) for row in await Work.all()] == [("digest", {"channel": channel.id})]


async def test_nothing_is_left_of_what_told_an_erased_person(world: World, fitter: Account) -> None:
    channel = await waiting(world, fitter, 2)
    await tell_what_waited(channel.id, datetime.now(UTC) + LATER)
    organisation: Organisation = world.company
    other = await a_channel(organisation)
    await erase(await Account.get(id=fitter.id), Actor("system:test"))
    assert [row.id for row in await Channel.all()] == [other.id]
    assert await Notice.all().count() == 0
