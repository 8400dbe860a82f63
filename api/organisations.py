"""Organisations and their mandates."""

import models
from api.read.declare import column, many, node, one


@node(models.Organisation, "Organisation (组织): a body that answers for something in the street.")
class Organisation:
    code = column("Stable code (编码).", filter=True, sort=True)
    kind = column("Kind (类别).", filter=True)
    name = column("Name (名称).", sort=True)
    functional = column("Whether it is a Party branch across units of work (功能型党支部).")
    credit_code = column("Unified social credit code (统一社会信用代码).", filter=True)
    telephone = column("Telephone of the office (办公电话); never a person's.")
    address = column("Address of the office (办公地址).")
    hours = column("When the office is open, in words (办公时间).")
    founded_on = column("When it was founded (成立日期).")
    ended_on = column("Its last day (撤销日期); null while it goes on.", filter=True)
    term_ends_on = column("Last day of its term (任期届满日期); null: it has none.", filter=True, sort=True)
    version = column("Version, for expectedVersion.")
    place = one("Place", "The place it belongs to (所属地域).", filter=True)
    compound = one("Compound", "The compound whose own body it is (所属小区).", filter=True)
    mandates = many("Mandate", "What it does for which compound.", by="organisation_id", sort="starts_on")
    offices = many("Office", "Who is what in it (任职), those who left too.", by="organisation_id", sort="starts_on")
    elections = many("Election", "Its elections (换届), the newest first.", by="organisation_id", sort="-term_starts_on")
    papers = many("Paper", "Its qualification papers (资质).", by="organisation_id", sort="valid_to")
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")


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
    handover = one("MandateHandover", "How it was handed over (交接), where it was.", by="mandate_id")
