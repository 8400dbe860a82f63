"""How tickets come in, and who may say so."""

from collections.abc import Iterable, Mapping

from domain.access import Role
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import TicketSource

_STAFF = frozenset({TicketSource.STAFF, TicketSource.QR, TicketSource.RESIDENT, TicketSource.HOTLINE, TicketSource.JOINT_WORK})

#: Per role: the sources that it may name. ALERT is nobody's: alerts open their tickets themselves.
SOURCES_OF: Mapping[Role, frozenset[TicketSource]] = {
    **dict.fromkeys((Role.STREET_OFFICER, Role.COMMUNITY_STAFF, Role.GRID_WORKER, Role.COMPANY_MANAGER), _STAFF),
    Role.COMPANY_STAFF: _STAFF,
    Role.COMMITTEE_MEMBER: frozenset({TicketSource.RESIDENT, TicketSource.QR, TicketSource.JOINT_WORK}),
    Role.RESIDENT: frozenset({TicketSource.RESIDENT, TicketSource.QR}),
    Role.INTEGRATION: frozenset({TicketSource.HOTLINE}),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
}


def source_of(given: TicketSource | None, roles: Iterable[Role], case_number: str | None, *, facility: bool) -> TicketSource:
    """How a ticket came in that somebody opens in these roles; where they do not say, it follows from the roles.

    Refuses (INVALID) a source that none of the roles may name, HOTLINE without the number of its case, such a number with
    another source, and QR without a facility.
    """
    held = [role for role in Role if role in set(roles)]
    allowed = [source for source in TicketSource if any(source in SOURCES_OF[role] for role in held)]
    usual = (TicketSource.STAFF, TicketSource.RESIDENT, TicketSource.HOTLINE)
    source = given or (TicketSource.HOTLINE if case_number else next((each for each in usual if each in allowed), None))
    if source is None or source not in allowed:
        raise Refused(
            RefusalCode.INVALID,
            Text(
                f"You cannot open a ticket that came in as {source}.", f"您不能登记来源为“{source.zh if source else ''}”的工单。"
            ),
            path=("source",),
            hint=Text(
                f"Choose one of {', '.join(allowed)}." if allowed else "Ask somebody on duty.",
                f"可选：{'、'.join(each.zh for each in allowed)}。" if allowed else "请联系值班人员。",
            ),
        )
    if (source is TicketSource.HOTLINE) != bool(case_number):
        raise Refused(
            RefusalCode.INVALID,
            Text(
                "A hotline's ticket has the number of its case there, and no other has one.",
                "热线工单须填写热线编号，其他来源不填。",
            ),
            path=("case_number",),
            hint=Text("Give source HOTLINE and the hotline's case number together.", "请同时填写来源“热线转办”和热线编号。"),
        )
    if source is TicketSource.QR and not facility:
        raise Refused(
            RefusalCode.INVALID,
            Text("A scanned code is that of a facility.", "扫码提交须指明设施。"),
            path=("facility_id",),
            hint=Text("Name the facility whose code was scanned.", "请填写所扫二维码对应的设施。"),
        )
    return source
