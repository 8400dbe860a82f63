"""Visitor passes."""

import models
from api.read.declare import column, node, one


@node(
    models.VisitorPass,
    "Visitor pass (访客通行码): tells the gate that somebody is expected, and not who. Nobody needs one to come home.",
)
class VisitorPass:
    state = column("Where it stands (状态).", filter=True)
    people = column("How many may come (人数).")
    by_vehicle = column("Whether they come by vehicle (是否驾车).")
    valid_from = column("From when it is good (生效时间).", sort=True)
    valid_until = column("Until when (失效时间), not included.")
    issued_at = column("When it was made (开具时间).")
    admitted_at = column("When its visitors came in (进入时间).")
    left_at = column("When they left (离开时间).")
    place = column("Where to, as far as the gate must know (前往): building and unit, or the post that handed it out.")
    home = column("The home (房屋), for whoever issued it; null for others.")
    compound = one("Compound", "Compound (小区).", filter=True)
