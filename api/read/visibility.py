"""Which rows the viewer sees, as SQL: by any of the ways that the policy allows."""

from collections.abc import Iterable, Sequence

from domain.access import Reach, Role, Via, Viewer
from domain.permits import reaches

from .declare import NodeType
from .statement import Asking, Parameters

Ways = list[tuple[Role, Reach]]


class Visibility:
    """What a viewer of one shape sees; the ids that they reach are parameters."""

    def __init__(self, viewer: Viewer, parameters: Parameters) -> None:
        self._viewer = viewer
        self._parameters = parameters

    def ways(self, node: NodeType) -> Ways:
        """The ways in which the viewer sees rows of a type."""
        ways = reaches(node.name, self._viewer.roles)
        return [(role, reach) for role, reach in ways if self._viewer.ids(role, reach) and reach in node.belonging]

    def narrow(self, node: NodeType) -> bool:
        """Whether all rows that the viewer sees are reached through one id."""
        return len({(reach, id_) for role, reach in self.ways(node) for id_ in self._viewer.ids(role, reach)}) == 1

    def implies(self, node: NodeType, key: str, related: NodeType) -> bool:
        """Whether the viewer, whenever they see a row of ``node``, sees the row that its ``key`` points at.

        So it is where the row belongs by that very key; and of its compound where it belongs by its street, for the database
        keeps the two together.
        """
        seen = set(self.ways(related))
        by_street = key == node.belonging.get(Reach.COMPOUND)
        return all(
            way in seen
            and (by_street if way[1] is Reach.STREET else (node.belonging[way[1]], related.belonging[way[1]]) == (key, "id"))
            for way in self.ways(node)
        )

    def condition(self, node: NodeType, row: str, *, found: bool = True, ways: Iterable[tuple[Role, Reach]] | None = None) -> str:
        """The condition under which the viewer sees ``row`` (in one of ``ways``).

        ``found``: rows are found by other means (an id, a parent), and only tested for this.
        """
        by_reach: dict[Reach, list[Role]] = {}
        for role, reach in self.ways(node) if ways is None else ways:
            by_reach.setdefault(reach, []).append(role)
        conditions = [self._reached(node, row, reach, tuple(roles), found=found) for reach, roles in by_reach.items()]
        return f"({' OR '.join(conditions)})" if conditions else "false"

    def _reached(self, node: NodeType, row: str, reach: Reach, roles: tuple[Role, ...], *, found: bool) -> str:
        def ids(asking: Asking) -> Sequence[str]:
            if len(roles) == 1:
                return asking.viewer.ids(roles[0], reach)
            return sorted({one for role in roles for one in asking.viewer.ids(role, reach)})

        belongs = node.belonging[reach]
        if len(roles) == 1 and len(self._viewer.ids(roles[0], reach)) == 1:
            # One id: plain equality lets an index give the rows in order. (What several roles reach may be one id for one
            # viewer and two for another of the same shape.)
            among = f"= {self._parameters.add(('one', reach, roles), lambda asking: ids(asking)[0], 'text')}"
        else:
            among = f"= ANY({self._parameters.add(('many', reach, roles), ids, 'text[]')})"
            if found and isinstance(belongs, str):
                # Not an index condition: the planner would fetch all that the viewer sees, and plan anew for every viewer.
                return f"coalesce({row}.{belongs} {among}, false)"
        if isinstance(belongs, Via):
            between = f"v.{belongs.key} = {row}.{belongs.own} AND v.{belongs.column} {among}"
            return f"EXISTS (SELECT 1 FROM {belongs.table} v WHERE {between})"
        return f"{row}.{belongs} {among}"
