"""Services beyond the contract."""

import models
from api.read.declare import column, many, node, one


@node(models.ExtraService, "Service beyond the contract (合同外服务), credited once the owners' side has confirmed it.")
class ExtraService:
    state = column("Where it stands (状态).", filter=True, group=True)
    what = column("What was done (服务内容).")
    answer = column("Why it was not confirmed (不予确认原因).")
    done_on = column("When it was done (服务日期).", filter=True, sort=True)
    recorded_at = column("When it was put on record (登记时间).")
    judged_at = column("When it was confirmed, or not (确认时间).")
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "Who did it (服务单位).", filter=True, group=True)
    recorded_by = one("Account", "Who of them recorded it, where the viewer may know (登记人).")
    judged_by = one("Account", "Who confirmed it or did not, where the viewer may know (确认人).")
    compound = one("Compound", "Compound (小区).", filter=True, group=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
