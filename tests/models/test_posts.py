"""Staffed posts as people keep them, who stands there, and since when there are too few."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.posts import LONGEST_STINT, PostKind
from domain.refusals import RefusalCode, Refused
from models import Account, Fact, Post, PostStint
from models.calendar import now, today
from models.erasure import erase
from models.facts import Actor
from models.posts import add_post, begin_stint, end_post, end_stint, hand_over, set_hours, set_staff, settle_all
from models.viewers import viewer_of
from tests.builders import an_account
from tests.models.ticket_world import World, a_world, refusal, somebody

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


async def a_post(world: World, kind: PostKind = PostKind.GUARD_POST, **more: Any) -> Post:
    return await add_post(world.manager, world.compound.id, **({"kind": kind, "name": "South gate"} | more))


async def of(account: Account) -> Viewer:
    viewer = await viewer_of(account.id)
    assert viewer is not None
    return viewer


async def a_guard(world: World) -> Account:
    return await an_account(Role.COMPANY_STAFF, organisation=world.company)


async def short(post: Post, moment: datetime | None = None) -> bool:
    """Whether the clock finds the post short."""
    async with in_transaction():
        return post.id in {row["id"] for row in await settle_all(post.kind, moment or now())}


async def test_a_post_asks_for_what_its_kind_asks_for_unless_people_say_otherwise():
    world = await a_world()
    room = await a_post(world, PostKind.CONTROL_ROOM)
    assert (room.least_staff, room.certified, room.opens) == (2, True, None)
    gate = await a_post(world, least_staff=3, certified=True, opens="22:00", closes="06:00")
    assert (gate.least_staff, gate.certified, gate.opens, gate.closes) == (3, True, "22:00", "06:00")
    assert room.short_since is not None, "nobody is there yet"
    fact = await Fact.filter(subject_id=room.id).get()
    assert fact.words["en"] == "The company manager added the post."


async def test_bad_figures_and_strangers_are_refused():
    world = await a_world()
    for wrong, field in (
        ({"least_staff": 0}, "least_staff"),
        ({"opens": "8 am", "closes": "20:00"}, "opens"),
        ({"name": " "}, "name"),
    ):
        told = await refusal(a_post(world, **wrong))
        assert (told.code, told.path) == (RefusalCode.INVALID, (field,))
    told = await refusal(a_post(world, opens="08:00"))
    assert told.path == ("closes",)
    guard = await of(world.worker)
    assert (await refusal(add_post(guard, world.compound.id, kind=PostKind.GUARD_POST, name="G"))).code is RefusalCode.FORBIDDEN
    told = await refusal(add_post(world.manager, world.unserved.id, kind=PostKind.GUARD_POST, name="G"))
    assert (told.code, told.path) == (RefusalCode.NOT_FOUND, ("compound_id",))
    post = await a_post(world)
    assert (await refusal(set_staff(world.manager, post.id, 2, expected_version=9))).code is RefusalCode.STALE_VERSION
    await end_post(world.manager, post.id)
    assert (await end_post(world.manager, post.id)).version == 2
    for act in (set_hours(world.manager, post.id, None, None), set_staff(world.manager, post.id, 2), begin_stint(guard, post.id)):
        assert (await refusal(act)).code is RefusalCode.ILLEGAL_MOVE


async def test_a_control_room_is_staffed_by_two_whose_certificates_are_valid():
    world = await a_world()
    room = await a_post(world, PostKind.CONTROL_ROOM)
    second = await a_guard(world)
    await begin_stint(await of(world.worker), room.id, certificate_until=today())
    assert await short(room)
    other = await begin_stint(await of(second), room.id)
    assert await short(room), "without a certificate nobody counts"
    await end_stint(await of(second), other.id)
    await begin_stint(await of(second), room.id, certificate_until=today() + DAY)
    assert not await short(room)
    assert await short(room, now() + DAY), "the first certificate is over tomorrow, and so are the stints"
    told = await refusal(begin_stint(await of(second), room.id, certificate_until=today() - DAY))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("certificate_until",))


async def test_a_certificate_is_told_once_and_known_at_the_next_stint():
    world = await a_world()
    room = await a_post(world, PostKind.CONTROL_ROOM)
    guard = await of(world.worker)
    first = await begin_stint(guard, room.id, certificate_until=today() + DAY)
    await end_stint(guard, first.id, note="All quiet")
    second = await begin_stint(guard, room.id)
    assert second.certificate_until == today() + DAY
    await end_stint(guard, second.id)
    await PostStint.all().update(certificate_until=today() - DAY)
    assert (await begin_stint(guard, room.id)).certificate_until is None


async def test_since_when_a_post_is_short_is_kept_until_enough_are_there_again():
    world = await a_world()
    post = await a_post(world)
    begun = post.short_since
    assert begun is not None
    assert await short(post, begun + timedelta(minutes=9))
    assert (await Post.get(id=post.id)).short_since == begun
    guard = await of(world.worker)
    stint = await begin_stint(guard, post.id)
    assert (await Post.get(id=post.id)).short_since is None
    stint = await end_stint(guard, stint.id)
    again = (await Post.get(id=post.id)).short_since
    assert again is not None
    assert again >= begun
    assert (await end_stint(guard, stint.id)).ended_at == stint.ended_at, "one that has ended stays as it is"


async def test_outside_of_its_hours_nobody_need_be_there():
    world = await a_world()
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    for opens, closes, at_noon, at_night in (("08:00", "20:00", True, False), ("20:00", "08:00", False, True)):
        post = await a_post(world, opens=opens, closes=closes)
        assert await short(post, noon) == at_noon
        assert await short(post, noon + timedelta(hours=12)) == at_night
        assert await short(post, noon - timedelta(hours=4)) == at_noon, "eight in the morning belongs to the day"
        assert await short(post, noon + timedelta(hours=8)) == at_night, "eight in the evening to the night"


async def test_nobody_is_at_two_posts_at_once_on_however_many_phones():
    world = await a_world()
    gate, back, guard = await a_post(world), await a_post(world, name="Back gate"), await of(world.worker)
    done = await asyncio.gather(*(begin_stint(guard, post.id) for post in (gate, back, gate, back)), return_exceptions=True)
    stood = {each.id for each in done if isinstance(each, PostStint)}
    assert len(stood) == 1, "twice at one post is once"
    refused = [each for each in done if isinstance(each, Refused)]
    assert {each.code for each in refused} == {RefusalCode.CONFLICT}
    assert len(refused) == 2
    place = {"compound_id": gate.compound_id, "street_id": gate.street_id}
    with pytest.raises(IntegrityError):
        await PostStint.create(post_id=back.id, account_id=world.worker.id, began_at=now(), **place)


async def test_a_stint_is_handed_over_without_a_gap():
    world = await a_world()
    post, guard, relief = await a_post(world), await of(world.worker), await a_guard(world)
    stint = await begin_stint(guard, post.id)
    told = await refusal(hand_over(guard, stint.id, world.worker.id))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("to_account_id",))
    theirs = await hand_over(guard, stint.id, relief.id, note=" The barrier sticks. ")
    stint = await PostStint.get(id=stint.id)
    assert (stint.ended_at, stint.note, theirs.account_id) == (theirs.began_at, "The barrier sticks.", relief.id)
    assert not await short(post)
    assert (await refusal(hand_over(guard, stint.id, relief.id))).code is RefusalCode.ILLEGAL_MOVE
    facts = await Fact.filter(subject_id=post.id).values_list("after", flat=True)
    assert not any("sticks" in str(after) for after in facts), "what was written stays out of facts"


async def test_only_those_who_work_there_stand_there():
    world = await a_world()
    post, guard = await a_post(world), await of(world.worker)
    stranger = await an_account(organisation=world.company, street_id=world.street.id)
    told = await refusal(begin_stint(world.manager, post.id, stranger.id))
    assert (told.code, told.path) == (RefusalCode.INVALID, ("account_id",))
    elsewhere = await an_account(Role.GRID_WORKER, place=world.community)
    assert (await refusal(begin_stint(guard, post.id, elsewhere.id))).code is RefusalCode.NOT_FOUND
    officer = await somebody(Role.STREET_OFFICER, place=world.street)
    assert (await refusal(begin_stint(officer, post.id))).code is RefusalCode.FORBIDDEN
    resident = await somebody(Role.RESIDENT, home=world.home)
    assert (await refusal(begin_stint(resident, post.id))).code is RefusalCode.NOT_FOUND
    relief = await a_guard(world)
    assert (await begin_stint(world.manager, post.id, relief.id)).account_id == relief.id


async def test_a_stint_that_nobody_ended_is_over_after_a_day_and_its_holder_may_stand_again():
    world = await a_world()
    post, back, guard = await a_post(world), await a_post(world, name="Back gate"), await of(world.worker)
    stint = await begin_stint(guard, post.id)
    await PostStint.filter(id=stint.id).update(began_at=(began := now() - LONGEST_STINT - timedelta(minutes=1)))
    await begin_stint(guard, back.id)
    assert await short(post)
    stint = await PostStint.get(id=stint.id)
    assert (stint.ended_at, stint.lapsed) == (began + LONGEST_STINT, True)
    await stint.delete()
    await PostStint.filter(post_id=back.id).update(began_at=began)
    assert await short(back)
    assert (await PostStint.get(post_id=back.id)).lapsed


async def test_with_the_post_its_stints_end_and_with_the_person_theirs():
    world = await a_world()
    post, guard = await a_post(world), await of(world.worker)
    stint = await begin_stint(guard, post.id, certificate_until=today())
    await end_post(world.manager, post.id)
    assert (await PostStint.get(id=stint.id)).ended_at is not None
    assert (await Post.get(id=post.id)).short_since is None
    other = await a_post(world)
    await begin_stint(guard, other.id)
    await erase(await Account.get(id=world.worker.id), Actor("system:test"))
    assert await PostStint.filter(account_id=world.worker.id, ended_at=None).count() == 0
    assert await PostStint.filter(account_id=world.worker.id, certificate_until__not_isnull=True).count() == 0
    assert (await Post.get(id=other.id)).short_since is not None
