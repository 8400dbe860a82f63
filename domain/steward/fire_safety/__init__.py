"""Fire safety (消防安全): the rules, in one table. Everything about them, documents included, is read from here."""

from domain.steward.rounds import CHECK_OVERDUE
from domain.steward.rules import Module
from domain.words import Text

from . import hazards, keeping, sensors, staff

MODULE = Module(
    key="fire_safety",
    name=Text("Fire safety", "消防安全"),
    about=Text(
        "Smoke, gas, water for fighting fire, the wires that start one, and what people must look at, put right and practise.",
        "烟感、燃气、消防水压与电气火灾，以及巡查、隐患整改和演练。",
    ),
    rules=(*sensors.RULES, CHECK_OVERDUE, *hazards.RULES, *keeping.RULES, *staff.RULES),
)
