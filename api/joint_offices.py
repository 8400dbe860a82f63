"""Joint offices of compounds."""

import models
from api.read.declare import column, many, node, one


@node(models.JointOffice, "Joint office (合署办公点): where Party branch, owners' body and company of a compound work together.")
class JointOffice:
    address = column("Where it is (地址).")
    starts_on = column("First day (开始日期).", sort=True)
    ends_on = column("Last day (结束日期), null while open.")
    compound = one("Compound", "Compound (小区).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
