"""How tickets hang together, and why they never lead back to themselves."""

from collections.abc import Iterable, Mapping

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word


class LinkKind(Word):
    """What one ticket is to another."""

    DUPLICATE_OF = "DUPLICATE_OF", "重复于", "It reports what the other has reported; what becomes of the other becomes of it."
    CAUSED_BY = "CAUSED_BY", "起因于", "It would not be there without the other."
    PART_OF = "PART_OF", "属于", "It is a piece of the other."


#: Of these kinds a ticket has one link at most.
SINGLE = frozenset({LinkKind.DUPLICATE_OF, LinkKind.PART_OF})

#: Links of any kind: from a ticket to all that it points at.
Edges = Mapping[str, Iterable[str]]


def leads_to(edges: Edges, start: str, goal: str) -> bool:
    """Whether links lead from ``start`` to ``goal``; every ticket leads to itself."""
    seen, frontier = {start}, [start]
    while frontier:
        if goal in seen:
            return True
        for after in edges.get(frontier.pop(), ()):
            if after not in seen:
                seen.add(after)
                frontier.append(after)
    return goal in seen


def check_no_circle(edges: Edges, ticket_id: str, other_id: str) -> None:
    """Refuses (CONFLICT, path ``other_id``) a link from one ticket to another that leads back to it, over links of any kind."""
    if not leads_to(edges, other_id, ticket_id):
        return
    itself = ticket_id == other_id
    raise Refused(
        RefusalCode.CONFLICT,
        Text(
            "A ticket cannot be linked to itself." if itself else "The other ticket leads back to this one already.",
            "工单不能关联自身。" if itself else "对方工单已直接或间接关联到本工单，不能形成循环。",
        ),
        path=("other_id",),
        hint=Text(
            "Name another ticket." if itself else "Undo one of the links in between, or link the other way round.",
            "请选择另一张工单。" if itself else "请先解除中间的某个关联，或改为反向关联。",
        ),
    )
