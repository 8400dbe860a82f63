"""Jobs: how far long work is."""

import models
from api.read.declare import column, localised, node, one, one_of


@node(models.Job, "Job (任务): long work that somebody asked for, and how far it is. Watch it with jobChanged(id:).")
class Job:
    kind = column("What is being done (类别).", filter=True)
    state = column("Where it stands (状态).", filter=True)
    done = column("How many things were dealt with (已处理).")
    total = column("How many there are (总数); 0 while that is not known.")
    errors = column("How many of them in vain (失败数).")
    message = localised("What came of it, or was wrong (说明), in the language of the request; empty: nothing is to be said.")
    started_at = column("When it was asked for (发起时间).", sort=True)
    changed_at = column("Its last sign of life (更新时间).")
    ended_at = column("When it was over (结束时间); null while it goes on.")
    subject = one_of(description="What it is about (对象), where the viewer sees it.")
    compound = one("Compound", "Compound (小区), if it is about one.", filter=True)
    organisation = one("Organisation", "Whose it is (单位).", filter=True)
    started_by = one("Account", "Who asked for it, where the viewer may know (发起人).")
