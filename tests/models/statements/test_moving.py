"""A statement on its way to the owners: submitted, reviewed, published, questioned, corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tortoise.exceptions import IntegrityError

from domain.access import Role, Viewer
from domain.notices import STATEMENT_ANSWERED, STATEMENT_PUBLISHED
from domain.refusals import RefusalCode
from domain.statements import StatementReview, StatementState
from models import Fact, Mandate, Notice, Statement, StatementLine, StatementQuestion, Work
from models.calendar import today
from models.erasure import erase_account
from models.permits import found
from models.statements import (
    TELL,
    answer,
    approve,
    ask,
    correct,
    discard,
    draft,
    give_back,
    hide,
    publish,
    redraft,
    show,
    submit,
    tell_residents,
)
from tests.builders import a_home
from tests.models.ticket_world import refusal, somebody

from .world import A, StatementWorld, a_statement_world, booked, closed, opened_again

pytestmark = pytest.mark.usefixtures("database")


async def _published(world: StatementWorld) -> Statement:
    made = await draft(world.manager, world.book.id)
    await closed(world)
    await submit(world.manager, made.id)
    await approve(world.member, made.id)
    return await publish(world.manager, made.id)


async def _sees(viewer: Viewer, made: Statement) -> bool:
    """Whether the viewer sees the statement and its first line."""
    line = await StatementLine.get(statement_id=made.id, position=1)
    try:
        await found(Statement, made.id, viewer)
        await found(StatementLine, line.id, viewer)
    except Exception:  # noqa: BLE001 (whatever is refused)
        return False
    return True


async def test_owners_read_it_once_their_body_has_reviewed_it_and_it_is_published() -> None:
    world = await a_statement_world()
    made = await draft(world.manager, world.book.id)
    assert (await refusal(submit(world.manager, made.id))).hint is not None  # no month is closed
    await booked(world, world.last, A.OFFICE, A.CASH, "1.00")
    await closed(world)
    assert "statementRedraft" in str((await refusal(submit(world.manager, made.id))).hint)
    await redraft(world.manager, made.id)
    assert not await _sees(world.member, made)
    sent = await submit(world.manager, made.id)
    assert sent.review_by == today() + timedelta(days=15)
    assert await _sees(world.member, made)
    assert not await _sees(world.resident, made)
    assert (await refusal(approve(world.clerk, made.id))).code is RefusalCode.INVALID  # the owners have a body
    assert (await refusal(approve(world.manager, made.id))).code is RefusalCode.FORBIDDEN
    assert (await refusal(publish(world.manager, made.id))).code is RefusalCode.INVALID  # it is still being reviewed
    assert (await refusal(publish(world.member, made.id))).code is RefusalCode.INVALID  # the book is not theirs
    assert (await refusal(give_back(world.member, made.id, " "))).path == ("remarks",)
    back = await give_back(world.member, made.id, "请列明维修项目")
    assert (back.state, back.remarks) == (StatementState.DRAFT, "请列明维修项目")
    await submit(world.other_manager, made.id)
    await approve(world.member, made.id)
    out = await publish(world.manager, made.id)
    assert (out.state, out.review, out.remarks) == (StatementState.PUBLISHED, StatementReview.APPROVED, "")
    assert await _sees(world.resident, made)
    assert not await _sees(await somebody(Role.RESIDENT, home=await a_home()), made)
    assert (await refusal(give_back(world.member, made.id, "x"))).code is RefusalCode.ILLEGAL_MOVE
    assert (await refusal(discard(world.manager, made.id))).code is RefusalCode.ILLEGAL_MOVE


async def test_what_a_body_does_not_answer_in_time_is_published_and_says_so() -> None:
    world = await a_statement_world()
    made = await draft(world.manager, world.book.id)
    await closed(world)
    await submit(world.manager, made.id)
    await Statement.filter(id=made.id).update(review_by=today() - timedelta(days=1))
    assert (await publish(world.manager, made.id)).review is StatementReview.NOT_IN_TIME


async def test_the_community_reviews_where_owners_have_no_body() -> None:
    world = await a_statement_world()
    await Mandate.filter(role="REPRESENTS").update(ends_on=today() - timedelta(days=1))
    made = await draft(world.manager, world.book.id)
    await closed(world)
    await submit(world.manager, made.id)
    await Statement.filter(id=made.id).update(submitted_by_id=world.clerk.account_id)
    assert (await refusal(approve(world.clerk, made.id))).code is RefusalCode.CONFLICT  # nobody reviews what is their own
    await Statement.filter(id=made.id).update(submitted_by_id=world.manager.account_id)
    assert (await approve(world.clerk, made.id)).state is StatementState.APPROVED


async def test_what_is_published_never_changes_and_is_replaced_by_a_correction_that_names_what_changed() -> None:
    world = await a_statement_world()
    first = await _published(world)
    line = await StatementLine.get(statement_id=first.id, code="COMMON_USE")
    for change in (
        Statement.filter(id=first.id).update(content="{}"),
        Statement.filter(id=first.id).update(published_at=None, state="DRAFT"),
        Statement.filter(id=first.id).delete(),
        StatementLine.filter(id=line.id).update(amount=1),
        StatementLine.filter(id=line.id).delete(),
    ):
        with pytest.raises(IntegrityError):
            await change
    await opened_again(world)
    await booked(world, world.last, A.COMMON_USE, A.COMMON_BANK, "100.00")
    assert (await refusal(correct(world.manager, first.id, ""))).path == ("reason",)
    second = await correct(world.manager, first.id, "漏记一笔公共收益支出")
    assert (await refusal(correct(world.manager, first.id, "又一次"))).code is RefusalCode.CONFLICT
    assert (second.edition, second.corrects_id) == (2, first.id)
    told = {line.code or line.kind: (line.was, line.amount) for line in await StatementLine.filter(statement_id=second.id)}
    assert {name: tuple(map(str, pair)) for name, pair in told.items() if pair[0] != pair[1]} == {
        "COMMON_USE": ("400.00", "500.00"),
        "CLOSING": ("1200.10", "1100.10"),
    }
    await closed(world)
    await submit(world.manager, second.id)
    await approve(world.member, second.id)
    await publish(world.manager, second.id)
    replaced = await Statement.get(id=first.id)
    assert (replaced.state, replaced.sha256) == (StatementState.REPLACED, first.sha256)
    assert await _sees(world.resident, first)
    assert (await refusal(correct(world.manager, first.id, "迟了"))).code is RefusalCode.ILLEGAL_MOVE


async def test_those_who_live_there_hear_of_it_by_and_by_and_once() -> None:
    world = await a_statement_world()
    made = await _published(world)
    work = await Work.get(kind=TELL)
    for _ in range(2):
        await tell_residents(statement_id=work.payload["statement"], after=work.payload["after"])
    told = await Notice.filter(type=STATEMENT_PUBLISHED, account_id__not_isnull=True).values_list("account_id", flat=True)
    assert {world.resident.account_id, world.neighbour.account_id} <= set(told)
    assert len(told) == len(set(told))
    await tell_residents("psm_" + "0" * 26, "")
    assert (await Statement.get(id=made.id)).state is StatementState.PUBLISHED


async def test_an_owner_asks_without_a_name_and_is_answered_in_public() -> None:
    world = await a_statement_world()
    made = await draft(world.manager, world.book.id)
    assert (await refusal(ask(world.resident, made.id, "为什么"))).code is RefusalCode.NOT_FOUND
    await discard(world.manager, made.id)
    made = await _published(world)
    line = await StatementLine.get(statement_id=made.id, code="COMMON_USE")
    asked = await ask(world.resident, made.id, "这笔支出用在哪里？", line_id=line.id)
    assert (await refusal(ask(world.resident, made.id, "x" * 501))).path == ("body",)
    assert (await refusal(ask(world.resident, made.id, "?", line_id="psl_" + "0" * 26))).path == ("line_id",)
    assert (await refusal(ask(world.manager, made.id, "?"))).code is RefusalCode.FORBIDDEN
    for viewer in (world.neighbour, world.member, world.cashier, world.clerk):
        assert (await found(StatementQuestion, asked.id, viewer)).body == "这笔支出用在哪里？"
    fact = await Fact.get(action="statementAsk")
    assert (fact.compound_id, fact.audience_id) == (None, world.resident.account_id)
    assert (await refusal(answer(world.member, asked.id, "不知道"))).code is RefusalCode.INVALID
    done = await answer(world.cashier, asked.id, "更换 3 号楼门禁。", expected_version=1)
    assert (done.state, done.version) == ("ANSWERED", 2)
    assert await Notice.filter(type=STATEMENT_ANSWERED, account_id=world.resident.account_id).count() == 1
    assert (await refusal(hide(world.cashier, asked.id, "无关"))).code is RefusalCode.FORBIDDEN
    assert (await refusal(hide(world.clerk, asked.id, ""))).path == ("reason",)
    await hide(world.clerk, asked.id, "涉及个人信息")
    assert (await refusal(found(StatementQuestion, asked.id, world.neighbour))).code is RefusalCode.NOT_FOUND
    assert (await found(StatementQuestion, asked.id, world.resident)).hidden_why == "涉及个人信息"
    assert (await refusal(answer(world.cashier, asked.id, "再答"))).code is RefusalCode.ILLEGAL_MOVE
    await show(world.officer, asked.id)
    assert (await refusal(show(world.officer, asked.id))).code is RefusalCode.ILLEGAL_MOVE
    for _ in range(5):
        await ask(world.resident, made.id, "还有一个问题")
    assert (await refusal(ask(world.resident, made.id, "再问"))).code is RefusalCode.CONFLICT
    await erase_account(world.resident, str(world.resident.account_id))
    assert await StatementQuestion.filter(asked_by_id__not_isnull=True).count() == 0
