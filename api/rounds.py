"""Rounds: plans with their points, rounds, what was scanned on them, and the plans behind all of it."""

from collections.abc import Iterator
from typing import Any

import strawberry

import models
from api.context import Context
from api.enums import graphql_enum
from api.read.declare import column, computed, many, node, one
from domain.rounds import FIRE_PLANS, KINDS, Plan, RoundBasis, RoundKind, RoundMeasure

for _word in (RoundKind, RoundMeasure, RoundBasis):
    graphql_enum(_word)

_EVERY, _TIMES = "Every how many (间隔).", 'At which times of day (时间点), such as "08:00".'
_MINUTES, _CLAUSE = "For how many minutes a round is open (时段，分钟).", "By which clause (依据条款)."


@node(models.RoundPlan, "Plan of rounds (巡查计划): what is gone round in a compound, how often, and what is asked of who goes.")
class RoundPlan:
    kind = column("What is gone round (类别).", filter=True)
    name = column("Name (名称).")
    basis = column("The rule of the fire code by which it was made (法定依据); null: people made it.", filter=True)
    measure = column("What it counts in (计量方式), from the first day on.")
    every = column(_EVERY)
    times = column(_TIMES)
    window_minutes = column(_MINUTES)
    ordered = column("Whether points are scanned in their order (是否按顺序).")
    asks_photo = column("Whether a photo is taken at each point (是否要求照片).")
    within_m = column("How near a point one must stand, in metres (距离要求); null: nobody is asked where they stand.")
    clause = column(_CLAUSE)
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期); null: it goes on.")
    version = column("Version, for expectedVersion.")
    organisation = one(
        "Organisation", "Who goes (责任单位); null: whoever does such work there, else the community.", filter=True
    )
    compound = one("Compound", "Compound (小区).", filter=True)
    points = many("RoundPoint", "Its points (点位), in their order; those that have ended too.", by="plan_id", sort="number")
    rounds = many("Round", "Its rounds (巡查), the latest first.", by="plan_id", sort="-opens_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.RoundPoint, "Point (巡查点) of a plan, with a QR code that hangs there. Nobody is shown the code but who prints it.")
class RoundPoint:
    number = column("Its place in the order (序号).", sort=True)
    name = column("Name (名称).")
    place = column("Where it is, in words (位置).")
    latitude = column("Latitude in degrees (纬度), WGS 84; null: nobody is asked there where they stand.")
    longitude = column("The same (经度).")
    items = column('What is asked there (检查项): a list of {"code", "en", "zh-CN"}.')
    basis = column("The rule of the fire code that asks for it (法定依据); null: people added it.")
    added_at = column("When it was added (新增时间): it counts for rounds that open from then on.")
    ended_at = column("When it ended (停用时间); null: it is there.")
    fault = column("Why a scan that a company's system told did not count last (最近未计入原因); null: all did.")
    fault_at = column("When that scan was made (时间).")
    building = one("Building", "Building (楼栋).")
    facility = one("Facility", "Facility (设施).")
    plan = one("RoundPlan", "Plan (巡查计划).")
    compound = one("Compound", "Compound (小区).")
    scans = many("RoundScan", "When it was scanned (扫描记录), newest first.", by="point_id", sort="-scanned_at")


@node(models.Round, "Round (巡查): to be gone in its time, point by point.")
class Round:
    kind = column("What is gone round (类别).", filter=True, group=True)
    state = column("Where it stands (状态).", filter=True, group=True)
    source = column("How it came to be (来源).")
    opens_at = column("From when on it may be gone (开始时间).", filter=True, sort=True, group=True)
    closes_at = column("Until when (截止时间), not included.", filter=True)
    open_now = computed(
        bool,
        "({row}.state IN ('PLANNED', 'UNDER_WAY') AND {row}.opens_at <= now() AND {row}.closes_at > now())",
        "Whether it may be gone at this moment (当前可巡查).",
    )
    started_at = column("When somebody set out (出发时间).")
    ended_at = column("When it ended (结束时间).")
    points = column("How many points it had (应扫点位); 0 until it is over.")
    scanned = column("How many were scanned (已扫点位).")
    not_ok = column("How many answers tell of something wrong (异常项数).")
    left_out = column("Why points were left out, or why it was cancelled (未到或取消原因).")
    version = column("Version, for expectedVersion.")
    plan = one("RoundPlan", "Plan (巡查计划).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    organisation = one("Organisation", "Who goes (责任单位); null: nobody is there.", filter=True, group=True)
    started_by = one("Account", "Who set out, where the viewer may know (出发人); null: a company's system told it.")
    ended_by = one("Account", "Who ended it, where the viewer may know (结束人); null: the system.")
    scans = many("RoundScan", "What was scanned (扫描记录), in order.", by="round_id", sort="scanned_at")
    files = many("File", "Photos (照片), where the plan asks for them.", by="subject_id", sort="-uploaded_at")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.RoundScan, "Scan (扫描记录) of a point, once a round. Who scanned is not kept with it, nor where they stood.")
class RoundScan:
    scanned_at = column("When (时间).", sort=True)
    source = column("How it came in (来源).")
    answers = column('What was answered (填写结果): a list of {"item", "answer", "note"}.')
    not_ok = column("How many of these tell of something wrong (异常项数).")
    distance = column("How far from the point they stood, in metres (距离); null: not asked for.", name="distance_m")
    point = one("RoundPoint", "Point (点位).")
    round = one("Round", "Round (巡查).")
    photo = one("File", "Photo (照片); null: none is asked for.")


@strawberry.type(description="How a kind of rounds is planned unless people say otherwise (默认巡查计划).")
class RoundDefault:
    kind: RoundKind = strawberry.field(description="What is gone round (类别).")
    basis: RoundBasis | None = strawberry.field(description="The rule of the fire code by which it is made by itself (法定依据).")
    module: str = strawberry.field(description="The steward's module that watches over it (所属模块).")
    measure: RoundMeasure = strawberry.field(description="What it counts in (计量方式).")
    every: int = strawberry.field(description=_EVERY)
    times: list[str] = strawberry.field(description=_TIMES)
    window_minutes: int = strawberry.field(description=_MINUTES)
    clause: str = strawberry.field(description=_CLAUSE)
    checklist: list[str] = strawberry.field(description="What is asked at its points (检查项), in the language of the request.")


@strawberry.field(description="How rounds are planned unless people say otherwise; those with a basis are made by themselves.")
def round_defaults(info: strawberry.Info[Context, Any]) -> list[RoundDefault]:
    return list(_defaults(info.context.language))


def _defaults(language: str) -> Iterator[RoundDefault]:
    for basis, made in FIRE_PLANS.items():
        yield _default(made.kind, basis, made.plan, language)
    for kind, usual in KINDS.items():
        if not usual.lawful:
            yield _default(kind, None, usual.plan, language)


def _default(kind: RoundKind, basis: RoundBasis | None, plan: Plan, language: str) -> RoundDefault:
    return RoundDefault(
        kind=kind,
        basis=basis,
        module=KINDS[kind].module,
        measure=plan.measure,
        every=plan.every,
        times=list(plan.times),
        window_minutes=plan.window_minutes,
        clause=plan.clause,
        checklist=[item.words.say(language) for item in KINDS[kind].items],
    )
