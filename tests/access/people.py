"""Whoever asks, and what the roles of each reach today, told by name; world.py binds them."""

from __future__ import annotations

from .story import Hat, Person

PASSWORD = "four trees by the gate"
#: Intake key of each company, by name.
KEYS = {name: f"ink_{name.lower():a<43}" for name in ("Evergreen", "Bluewave", "Redstone", "Southgate")}
#: API tokens, by the name of the person who holds them.
TOKENS = {"Evergreen's machine": f"stk_{'e' * 43}", "Bluewave's reader": f"stk_{'b' * 43}"}


OFFICE, COMMITTEE = "Lakeside office", "K's committee"

#: Whoever asks, and what their roles of today reach.
PEOPLE = (
    Person("officer of the north", (Hat("STREET_OFFICER", "north"),)),
    Person("officer of the south", (Hat("STREET_OFFICER", "south"),)),
    Person("auditor", (Hat("AUDITOR", "north"),)),
    Person("administrator", (Hat("ADMINISTRATOR", "north"),)),
    Person("clerk of Lakeside", (Hat("COMMUNITY_STAFF", "north", ("K", "L"), desk=OFFICE),)),
    Person("clerk of Hillside", (Hat("COMMUNITY_STAFF", "north", ("M", "P")),)),
    Person("worker of grid one", (Hat("GRID_WORKER", "north", ("K",)),)),
    Person("worker of grid two", (Hat("GRID_WORKER", "north", ("L",)),)),
    Person("former worker of grid one"),
    Person("manager of Evergreen", (Hat("COMPANY_MANAGER", "north", ("K",), desk="Evergreen"),)),
    Person("fitter of Evergreen", (Hat("COMPANY_STAFF", "north", ("K",), desk="Evergreen"),)),
    Person("manager of Bluewave", (Hat("COMPANY_MANAGER", "north", ("K", "M"), desk="Bluewave"),)),
    Person("fitter of Redstone", (Hat("COMPANY_STAFF", "north", ("P",), desk="Redstone", looks_at=("L",)),)),
    Person("fitter of Southgate", (Hat("COMPANY_STAFF", "south", ("S",), desk="Southgate"),)),
    Person("committee member of K", (Hat("COMMITTEE_MEMBER", "north", ("K",), desk=COMMITTEE),)),
    Person("former committee member of K"),
    Person("coming committee member of K"),
    Person("resident of 101", (Hat("RESIDENT", "north", ("K",), ("K-101",)),)),
    Person("resident of 102", (Hat("RESIDENT", "north", ("K",), ("K-102",)),)),
    Person("resident of L", (Hat("RESIDENT", "north", ("L",), ("L-101",)),)),
    Person("former resident of 101"),
    Person("Evergreen's machine", (Hat("INTEGRATION", "north", ("K",), desk="Evergreen"),), "write"),
    Person("Bluewave's reader", (Hat("INTEGRATION", "north", ("K", "M"), desk="Bluewave"),), "read"),
    Person(
        "somebody with three roles",
        (
            Hat("RESIDENT", "north", ("L",), ("L-102",)),
            Hat("COMMITTEE_MEMBER", "north", ("K",)),
            Hat("GRID_WORKER", "north", ("M",)),
        ),
    ),
    Person("officer who lives elsewhere", (Hat("STREET_OFFICER", "south"), Hat("RESIDENT", "north", ("K",), ("K-102",)))),
    Person("administrator who lives here", (Hat("ADMINISTRATOR", "north"), Hat("RESIDENT", "north", ("K",), ("K-201",)))),
    Person("officer with a first password", token="password"),
    Person("somebody without a role"),
    Person("nobody", token="none"),
)
