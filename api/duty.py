"""Duty rosters and their shifts."""

import models
from api.read.declare import column, many, node, one


@node(models.DutyRoster, "Duty roster (值班表): a post of an organisation that one person holds at a time.")
class DutyRoster:
    name = column("Name (名称).")
    level = column("For what those on it are called (级别).", filter=True)
    compound_ids = column("Ids of the compounds (小区) that it is for; empty: all that the organisation looks after.")
    created_at = column("When it was made (创建时间).", sort=True)
    ended_at = column("When it was ended (停用时间).")
    organisation = one("Organisation", "Organisation (单位).", filter=True)
    shifts = many("DutyShift", "Who is on it when (班次).", by="roster_id", sort="starts_at")


@node(models.DutyShift, "Duty shift (班次): somebody's time on a roster. No two of a roster overlap.")
class DutyShift:
    starts_at = column("When it begins (开始时间).", sort=True, filter=True)
    ends_at = column("When it ends (结束时间), not included.", filter=True)
    roster = one("DutyRoster", "Roster (值班表).", filter=True)
    account = one("Account", "Who is on duty (值班人员), where the viewer may know.", filter=True)
    organisation = one("Organisation", "Organisation of the roster (单位).", filter=True)
