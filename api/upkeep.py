"""Upkeep of facilities: what is due, work orders, inspections, suspensions of lifts, and the plans behind them."""

from typing import Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, computed, localised, many, node, one
from domain.facilities import FacilityKind
from domain.upkeep import CHECKLISTS, DEFAULTS, INSPECTIONS, TO_COUNTERSIGN, CadenceMeasure, UpkeepKind

for _word in (FacilityKind, UpkeepKind, CadenceMeasure):
    graphql_enum(_word)


@node(models.UpkeepDue, "Due (到期): when one kind of upkeep of a facility is due next, and why then.")
class UpkeepDue:
    what = column("What is to be done (事项).", name="kind", filter=True, group=True)
    state = column("Whether its clock runs (计时状态).", filter=True, group=True)
    due = column("The day (到期日), itself included; null: its clock does not run.", name="due_on", filter=True, sort=True)
    why = localised("Why then, or why its clock stands still, in the language of the request (说明).")
    cadence = localised("How often, in the language of the request (周期).")
    clause = column("By which clause (依据条款).")
    source = column("Who says how often (周期来源).")
    apply_by = column("By when an inspection is to be applied for (最迟报检日); null: it is none.")
    last = column("When it was done last (上次完成日).", name="last_on")
    overdue = computed(
        bool, "({row}.state = 'RUNNING' AND {row}.due_on < current_date)", "Whether the day has passed (是否逾期)."
    )
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)


@node(models.WorkOrder, "Work order (作业单): work to be done on a facility, and what was done.")
class WorkOrder:
    kind = column("What is done (事项).", filter=True, group=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    source = column("How it came to be (来源).")
    planned_on = column("From when on it may be done (计划日).")
    due_on = column("By when it must be done (到期日); null: no plan says so.", filter=True, sort=True)
    opened_at = column("When it was opened (开单时间).", sort=True)
    started_at = column("When somebody began (开始时间).")
    done_at = column("When it was done (完成时间).", filter=True, sort=True)
    signed_at = column("When it was countersigned (签认时间).")
    rejections = column("How often it was rejected (退回次数).")
    faults = column("How many items had a fault (异常项数).")
    objection = column("Why it was rejected or cancelled last (退回或取消原因).")
    note = column("What whoever did it says (作业说明).")
    asks_location = column("Whether whoever does it must say where they stand (是否要求位置).")
    distance = column(
        "How far from the compound's point they stood, in metres (距小区位置); null: not asked for, or unknown.",
        name="distance_m",
    )
    version = column("Version, for expectedVersion.")
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who does it (作业单位).", filter=True, group=True)
    assignee = one("Account", "Who of them, where the viewer may know (作业人).")
    opened_by = one("Account", "Who opened it, where the viewer may know (开单人); null: a plan.")
    done_by = one("Account", "Who did it, where the viewer may know (完成人).")
    signed_by = one("Account", "Who countersigned it, where the viewer may know (签认人).")
    ticket = one("Ticket", "Ticket that it was opened for (来源工单).")
    fault_ticket = one("Ticket", "Ticket that was opened for what was found (异常工单).")
    items = many("WorkOrderItem", "Its checklist (检查清单).", by="work_order_id", sort="place")
    parts = many("WorkOrderPart", "Parts that were used up (配件).", by="work_order_id", sort="place")
    files = many("File", "Photos and documents (照片和附件).", by="subject_id", sort="-uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.WorkOrderItem, "Item (检查项) of a work order's checklist.")
class WorkOrderItem:
    place = column("Its place on the list (序号).", sort=True)
    code = column("Its code on the list (编码).")
    words = localised("What is looked at, in the language of the request (检查内容).")
    unit = column("Unit of the reading that is asked for (读数单位); empty: none is.")
    result = column("What was found (结果); null: it was not looked at yet.")
    reading = column("The reading (读数).")
    note = column("What is said of it (说明).")
    work_order = one("WorkOrder", "Work order (作业单).")


@node(models.WorkOrderPart, "Part (配件) that was used up.")
class WorkOrderPart:
    place = column("Its place on the list (序号).", sort=True)
    name = column("What it is (名称).")
    quantity = column("How much of it (数量).")
    unit = column("What it is counted in (单位).")
    unit_price = column("Price of one, in yuan (单价).")
    work_order = one("WorkOrder", "Work order (作业单).")


@node(models.Inspection, "Inspection (检验检测): an inspection, test or assessment on record.")
class Inspection:
    kind = column("What was done (事项).", filter=True)
    result = column("What came of it (结论).", filter=True)
    done_on = column("When it was done (检验日期).", sort=True)
    until = column("Until when its report says that it holds (有效期至).")
    body = column("Who inspected (检验机构).")
    report_number = column("Number of the report (报告编号).")
    recorded_at = column("When it was recorded (登记时间).")
    recorded_by = one("Account", "Who recorded it, where the viewer may know (登记人).")
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    files = many("File", "The report (报告文件).", by="subject_id", sort="-uploaded_at")


@node(models.Suspension, "Suspension (停用): a lift that was reported to its registrar as suspended; its clocks stand still.")
class Suspension:
    starts_on = column("From when on it stands (停用日期).", sort=True)
    ends_on = column("From when on it is used again (启用日期); null: it stands.")
    filed_on = column("When the registrar was told (告知日期).")
    filing = column("Number of the notice (告知编号).")
    cause = column("Why (原因).")
    facility = one("Facility", "Facility (设施).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)


@node(
    models.UpkeepPlan, "Plan (维保计划): how often a street has something done, everywhere, in one compound or to one facility."
)
class UpkeepPlan:
    facility_kind = column("Kind of facilities (设施类别).", filter=True, sort=True)
    kind = column("What is done (事项).", filter=True)
    measure = column("What it counts in (计量方式).")
    every = column("Every how many (间隔); 0: the numbers say when.")
    numbers = column("Days or years (日期或年限), as the measure says.")
    months = column("With MONTH_DAYS: of which months (月份); none: of all.")
    ahead_days = column("How many days ahead its work order is made (提前生成天数).")
    warn_days = column("How many days ahead people are warned (预警天数).")
    asks_location = column("Whether whoever does it must say where they stand (是否要求位置).")
    off = column("Whether it is not done here (是否停用).")
    clause = column("By which clause (依据条款).")
    compound = one("Compound", "Compound (小区) for which it holds; null: for the street.", filter=True)
    facility = one("Facility", "Facility (设施) for which it holds; null: for all of the kind.", filter=True)


@strawberry.type(description="What is done where nobody set anything else (默认维保计划).")
class UpkeepDefault:
    facility_kind: FacilityKind = strawberry.field(description="Kind of facilities (设施类别).")
    kind: UpkeepKind = strawberry.field(description="What is done (事项).")
    measure: CadenceMeasure = strawberry.field(description="What it counts in (计量方式).")
    every: int = strawberry.field(description="Every how many (间隔); 0: the numbers say when.")
    numbers: list[int] = strawberry.field(description="Days or years (日期或年限), as the measure says.")
    cadence: str = strawberry.field(description="How often, in the language of the request (周期).")
    clause: str = strawberry.field(description="By which clause (依据条款).")
    ahead_days: int = strawberry.field(description="How many days ahead its work order is made (提前生成天数).")
    warn_days: int = strawberry.field(description="How many days ahead people are warned (预警天数).")
    inspected: bool = strawberry.field(description="Whether it is recorded with a report, and has no work orders (是否检验类).")
    countersigned: bool = strawberry.field(description="Whether the user's safety manager must countersign it (是否须签认).")
    checklist: list[str] = strawberry.field(description="What is looked at, in the language of the request (检查内容).")


@strawberry.field(description="What is done where neither the street nor anybody below set anything else (默认维保计划).")
def upkeep_defaults(info: strawberry.Info[Context, Any]) -> list[UpkeepDefault]:
    language = info.context.language
    return [
        UpkeepDefault(
            facility_kind=facility_kind,
            kind=kind,
            measure=plan.cadence.measure,
            every=plan.cadence.every,
            numbers=list(plan.cadence.numbers),
            cadence=plan.cadence.words.say(language),
            clause=plan.clause,
            ahead_days=plan.ahead_days,
            warn_days=plan.warn_days,
            inspected=kind in INSPECTIONS,
            countersigned=kind in TO_COUNTERSIGN,
            checklist=[item.words.say(language) for item in CHECKLISTS[kind]],
        )
        for facility_kind, plans in DEFAULTS.items()
        for kind, plan in plans.items()
    ]
