"""Organisations and their mandates."""

import models
from api.read.declare import column, many, node, one


@node(models.Organisation, "Organisation (组织): a body that answers for something in the street.")
class Organisation:
    code = column("Stable code (编码).", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).", sort=True)
    place = one("Place", "The place it belongs to (所属地域).", filter=True)
    mandates = many("Mandate", "What it does for which compound.", by="organisation_id", sort="starts_on")


@node(models.Mandate, "Mandate (服务与治理关系): what an organisation does for a compound, from when to when.")
class Mandate:
    role = column("Role (角色).", filter=True)
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.")
    organisation = one("Organisation", "Organisation (组织).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
