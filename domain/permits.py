"""What the policy means for one viewer and one row: is it seen, how is a field of it shown, may an act be done on it.

The viewer sees a row when one of the viewer's roles reaches it in a way that the table allows for the row's type.
What is not seen answers exactly as what is not there.
"""

from collections.abc import Mapping

from .access import Reach, Role, Viewer
from .policy import ACTS, ON_THE_BOARD, ONESELF, READ, Shown, best, class_of, disclosed
from .policy.groups import STREET_WIDE

#: The ids a row belongs to.
Belongs = Mapping[Reach, str | None]


def reaches(type_name: str, roles: frozenset[Role]) -> list[tuple[Role, Reach]]:
    """Every way in which a holder of ``roles`` can see rows of the type, in a stable order."""
    rules = READ.get(type_name, {})
    return [(role, reach) for role in Role if role in roles for reach in rules.get(role, ())]


def reached(viewer: Viewer, type_name: str, way: Reach) -> list[str]:
    """The ids through which the viewer sees rows of the type in this way, for SQL written by hand."""
    return sorted({id_ for role, reach in reaches(type_name, viewer.roles) if reach is way for id_ in viewer.ids(role, reach)})


def sees(viewer: Viewer, type_name: str, row: Belongs) -> bool:
    """Whether the viewer sees a row that belongs to ``row``'s ids."""
    return bool(_seeing(viewer, reaches(type_name, viewer.roles), row))


def _seeing(viewer: Viewer, ways: list[tuple[Role, Reach]], row: Belongs) -> list[tuple[Role, Reach]]:
    """Those of the ways in which the viewer reaches the row."""
    return [(role, way) for role, way in ways if row.get(way) in viewer.ids(role, way)]


def allowing(viewer: Viewer, act: str, type_name: str, row: Belongs) -> tuple[Role, ...]:
    """The viewer's roles that allow ``act`` on a row: those that the act names, that see the row, and that may still act."""
    ways = _acting(viewer, act, type_name)
    return tuple(dict.fromkeys(role for role, way in ways if (id_ := row.get(way)) and viewer.may_act_by(role, way, id_)))


def _acting(viewer: Viewer, act: str, type_name: str) -> list[tuple[Role, Reach]]:
    """The ways of seeing rows of the type in which ``act`` may be done on them."""
    ways = reaches(type_name, viewer.roles & ACTS.get(act, frozenset()))
    return [(role, way) for role, way in ways if not _to_be_read(type_name, role, way)]


def _to_be_read(type_name: str, role: Role, way: Reach) -> bool:
    """Whether what is reached so may be read, but not acted on: oneself, and what hangs on the street's notice board."""
    on_the_board = type_name in ON_THE_BOARD and way is Reach.STREET and role not in STREET_WIDE
    return on_the_board or (way is Reach.ACCOUNT and type_name in ONESELF)


def may(viewer: Viewer, act: str, type_name: str, row: Belongs) -> bool:
    """Whether the viewer may do ``act`` on a row: a role that the act names must see the row, and not for reading only."""
    return bool(allowing(viewer, act, type_name, row))


def may_no_more(viewer: Viewer, act: str, type_name: str, row: Belongs) -> bool:
    """Whether nothing but the end of a mandate keeps the viewer from ``act`` on a row."""
    return not may(viewer, act, type_name, row) and bool(_seeing(viewer, _acting(viewer, act, type_name), row))


def shown(viewer: Viewer, type_name: str, field: str, row: Belongs) -> Shown:
    """How a field is shown to the viewer on a row: the best that any way allows in which they see it; HIDDEN if they do not."""
    data = class_of(type_name, field)
    ways = _seeing(viewer, reaches(type_name, viewer.roles), row)
    return best(disclosed(data, role, way) for role, way in ways) if data else Shown.HIDDEN
