"""Fire drills and trainings."""

import models
from api.read.declare import column, many, node, one


@node(models.FireDrill, "Fire drill or training (消防演练、培训): heads are counted, and nobody is named.")
class FireDrill:
    kind = column("What is practised (类别).", filter=True)
    state = column("Where it stands (状态).", filter=True)
    planned_on = column("For which day it is planned (计划日期).", filter=True, sort=True)
    held_on = column("When it was held (开展日期); null: it was not yet.", filter=True)
    participants = column("How many took part (参加人数).")
    residents = column("How many of them live there (其中居民).")
    minutes = column("How long it took, in minutes (用时).")
    lessons = column("What was learnt, or why it was called off (总结或取消原因).")
    planned_at = column("When it was written down (登记时间).")
    version = column("Version, for expectedVersion.")
    organisation = one("Organisation", "Who holds it (组织单位).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    history = many("Fact", "What was done to it (操作记录), newest first.", by="subject_id", sort="-at")
