"""Area-wide services, the compounds in them, and what each bears."""

import models
from api.read.declare import column, many, node, one


@node(
    models.AreaService,
    "Area-wide service (区域化大物业): one company does the same for several compounds that had none, and they share the cost.",
)
class AreaService:
    name = column("Name (名称).")
    services = column("What the company does in every compound (共同服务): words of MandateService.")
    contract_number = column("Number of the contract with the street (合同编号); may be empty.")
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.", filter=True)
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "The company (服务单位).", filter=True)
    members = many("AreaServiceMember", "Compounds in it (参加小区).", by="area_service_id", sort="joins_on")
    costs = many(
        "AreaServiceCost", "What it cost (服务费用), the latest period first.", by="area_service_id", sort="-period_from"
    )
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.AreaServiceMember, "Compound in an area-wide service (参加小区), with the area by which it shares.")
class AreaServiceMember:
    area_m2 = column("Area by which it shares (分摊面积), in square metres.")
    joins_on = column("First day (加入日期).", sort=True)
    leaves_on = column("Last day (退出日期), null while open.", filter=True)
    area_service = one("AreaService", "Area-wide service (区域化物业服务).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.AreaServiceCost, "What an area-wide service cost in a period (服务费用), shared over its compounds exactly.")
class AreaServiceCost:
    title = column("What for (费用名称).")
    total = column("How much in all (总额), yuan.")
    period_from = column("First day of the period (期间起).", sort=True)
    period_to = column("Last day of the period (期间止).")
    shared_at = column("When it was shared (分摊时间).")
    withdrawn_at = column("When it was withdrawn (撤回时间); null: it counts.")
    withdrawn_why = column("Why it was withdrawn (撤回原因).")
    area_service = one("AreaService", "Area-wide service (区域化物业服务).", filter=True)
    shares = many("AreaServiceShare", "Who bears what of it (各小区分摊), the most first.", by="cost_id", sort="-amount")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


@node(models.AreaServiceShare, "What one compound bears of such a cost (小区分摊): by its area and the days on which it was in.")
class AreaServiceShare:
    area_m2 = column("Area by which it shares (分摊面积), in square metres.")
    days = column("Days of the period on which it was in (参加天数).")
    amount = column("What it bears (分摊金额), yuan.", sort=True)
    cost = one("AreaServiceCost", "Cost (费用).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
