"""Duties of village and community for compounds."""

import models
from api.read.declare import column, many, node, one


@node(models.CompoundDuty, "Duty for a compound (村社区职责): what a village, a community or somebody else has to do for it.")
class CompoundDuty:
    state = column("Where it stands (状态).", filter=True)
    what = column("What is to be done (职责内容).")
    note = column("How it was done, or why it need not be (履行情况).")
    due_on = column("Last day (期限).", filter=True, sort=True)
    ended_at = column("When it was done or dropped (办结时间); null while open.")
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "Whose it is (责任单位).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
