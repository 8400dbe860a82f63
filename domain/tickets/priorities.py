"""How urgent a ticket is, and who may say that it is less so."""

from collections.abc import Iterable

from domain.access import Role
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import TicketPriority

#: Those who answer to others for how fast they are: they make a ticket more urgent, and never less.
_BOUND = frozenset({Role.COMPANY_MANAGER, Role.COMPANY_STAFF})


def check_priority(before: TicketPriority, after: TicketPriority, roles: Iterable[Role]) -> None:
    """Refuses (FORBIDDEN) to make a ticket less urgent to whoever may change it as a company's alone: it would put off its own
    limits."""
    order = list(TicketPriority)
    if order.index(after) <= order.index(before) or not _BOUND.issuperset(roles):
        return
    raise Refused(
        RefusalCode.FORBIDDEN,
        Text(
            "A company does not make a ticket less urgent: its own time limits would be put off.",
            "物业公司不能降低工单优先级：这会放宽其自身的时限。",
        ),
        path=("priority",),
        hint=Text("Ask the community or the street office to do it.", "请联系社区或街道办事处调整。"),
    )
