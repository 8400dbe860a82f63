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
    service = column("Which service (服务项目), of whoever serves; null for all others.", filter=True)
    basis = column("On what ground it stands (依据).", filter=True)
    basis_number = column("Number of the contract, filing or the like (依据文号).")
    basis_on = column("Date of the contract, filing or the like (依据日期).")
    starts_on = column("First day (开始日期).", filter=True, sort=True)
    ends_on = column("Last day (结束日期), null while open.")
    lasts_to = column(
        "The last day, or 9999-12-31 while open (有效至): who did what on a day has startsOn until it, and lastsTo from it on.",
        filter=True,
    )
    organisation = one("Organisation", "Organisation (组织).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
