"""Rectification lists: what is to be put right, who claimed it, who accepted it, and how a list burns down."""

from datetime import date
from typing import Annotated

import strawberry

import models
from api.context import Context
from api.read.declare import column, computed, many, node, one, stats
from api.read.errors import refuse
from domain.refusals import RefusalCode, Refused
from models.rectification import burn_down_of

_LATE = "({row}.state NOT IN ('ACCEPTED', 'DROPPED') AND {row}.due_on < current_date)"


@node(models.RectificationList, "Rectification list (整改清单) of a compound.")
class RectificationList:
    title = column("Title (清单名称).")
    source = column("What it comes from (来源).", filter=True)
    made_on = column("When it was drawn up (编制日期).", filter=True, sort=True)
    made_at = column("When it was put on record (登记时间).")
    closed_at = column("When it was closed (办结时间); null while it goes on.", filter=True)
    version = column("Version, for expectedVersion.")
    compound = one("Compound", "Compound (小区).", filter=True)
    items = many("RectificationItem", "Its items (整改事项), in their order.", by="list_id", sort="number")
    item_stats = stats("RectificationItem", "Its items counted (整改事项统计).", by="list_id")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.RectificationItem, "Item of a rectification list (整改事项): what is to be put right, by when, by whom.")
class RectificationItem:
    number = column("Its number on the list (序号).", sort=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    what = column("What it is (整改内容).")
    place = column("Where, in words (位置).")
    due_on = column("The last day in time (整改期限).", filter=True, sort=True)
    asks_evidence = column("Whether it is reported put right only with a file that shows it (是否须有证明).")
    added_at = column("When it was put on the list (添加时间).")
    claimed_at = column("Since when it is with whoever claimed it, or with them again (认领时间).")
    reported_at = column("When it was reported put right last (报告时间).")
    ended_at = column("When it was accepted, or dropped (办结时间).")
    remedy = column("How it was put right (整改说明).")
    objection = column("Why it was refused, given back, opened again or dropped (意见).")
    extension_until = column("The later deadline that is asked for (申请延至); null: none.")
    extension_reason = column("Why (延期原因).")
    extended_count = column("How often its deadline was put off (延期次数).")
    refused_count = column("How often it was not accepted (验收不通过次数).")
    reopened_count = column("How often it was put on the list again (重新整改次数).")
    late = computed(bool, _LATE, "Whether its deadline has passed and it is not over (是否逾期).")
    version = column("Version, for expectedVersion.")
    list = one("RectificationList", "Its list (整改清单).", filter=True, group=True)
    facility = one("Facility", "Facility (设施) that it is about; null: none.")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who claimed it (整改单位); null: nobody.", filter=True, group=True)
    claimed_by = one("Account", "Who of them claimed it, where the viewer may know (认领人).")
    reported_by = one("Account", "Who reported it put right, where the viewer may know (报告人).")
    judged_by = one("Account", "Who accepted or refused it last, where the viewer may know (验收人).")
    evidence = many("RectificationEvidence", "How it was, and how it is since (整改前后证明).", by="item_id", sort="added_at")
    files = many("File", "All that is attached to it (附件).", by="subject_id", sort="-uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.RectificationEvidence, "What a file of an item shows (整改证明).")
class RectificationEvidence:
    phase = column("How it was, or how it is since (整改前、整改后).", filter=True)
    added_at = column("When that was said (标注时间).", sort=True)
    item = one("RectificationItem", "The item (整改事项).")
    file = one("File", "The file (附件), where the viewer may see it.")
    compound = one("Compound", "Compound (小区).")


@strawberry.type(description="How the items of a list stood at the end of a day (整改进度).")
class BurnDownDay:
    day: date = strawberry.field(description="Day (日期).")
    items: int = strawberry.field(description="How many there were (事项总数).")
    open: int = strawberry.field(description="How many nobody had claimed (待认领).")
    claimed: int = strawberry.field(description="How many were being put right (整改中).")
    reported: int = strawberry.field(description="How many waited to be accepted (待验收).")
    accepted: int = strawberry.field(description="How many were accepted (已验收).")
    dropped: int = strawberry.field(description="How many were wanted no more (已取消).")
    left: int = strawberry.field(description="How many were yet to be accepted (剩余).")


async def _burn_down(
    info: strawberry.Info[Context, None],
    list_id: Annotated[strawberry.ID, strawberry.argument(description="Rectification list (整改清单).")],
    since: Annotated[
        date | None, strawberry.argument(description="First day (开始日期). Default: when the first item was added.")
    ] = None,
    until: Annotated[date | None, strawberry.argument(description="Last day (结束日期). Default: today.")] = None,
) -> list[BurnDownDay]:
    try:
        told = await burn_down_of(info.context.viewer, list_id, since=since, until=until)
    except Refused as refused:
        if refused.code is RefusalCode.NOT_FOUND:
            return []
        raise refuse("BAD_USER_INPUT", f"until: {refused.message.en} {refused.hint.en}") from refused
    return [
        BurnDownDay(
            day=each.day,
            items=each.items,
            open=each.open,
            claimed=each.claimed,
            reported=each.reported,
            accepted=each.accepted,
            dropped=each.dropped,
            left=each.left,
        )
        for each in told
    ]


rectification_burn_down = strawberry.field(
    _burn_down,
    description="How a rectification list burns down (整改进度), day by day, 732 days at most; from the facts of its items."
    " Empty: no list that the viewer sees.",
)
