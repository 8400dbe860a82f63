"""What people do to a work order before it is done: open, assign, start, cancel.

Every act takes the facility's row and then the order's under lock, raises the version by one and winds the facility's clock
where what is due depends on it. ``expected_version`` None: whatever the version is.
"""

from datetime import date
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityStatus
from domain.permits import may
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import (
    OPEN,
    REASON_MAX,
    UpkeepKind,
    WorkOrderMove,
    WorkOrderSource,
    check_kind,
    check_planned_on,
    invalid,
    moved,
)
from domain.words import Text
from models.accounts import Account
from models.calendar import now, today
from models.facilities import Facility
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, permitted, unchanged
from models.tickets.rows import Ticket
from models.viewers import viewer_of
from models.work import ringing

from .planning import create_order
from .plans import plans_of
from .rows import UpkeepDue, WorkOrder
from .sides import doer_of, is_office, may_do, user_of, works_for
from .winding import wind


async def taken(viewer: Viewer, order_id: str, act: str, expected_version: int | None = None) -> tuple[WorkOrder, Facility]:
    """The order and its facility, both FOR UPDATE, the facility first as the clock takes them.

    Refuses NOT_FOUND, FORBIDDEN and STALE_VERSION.
    """
    order = await found(WorkOrder, order_id, viewer)
    facility = await Facility.select_for_update(of=("facility",)).get(id=order.facility_id)
    order = await permitted(WorkOrder, order_id, viewer, act)
    unchanged(order.version, expected_version)
    return order, facility


async def move(viewer: Viewer, order: WorkOrder, act: str, what: WorkOrderMove, **changes: Any) -> WorkOrder:
    """Move an order that was taken and record it; refuses (ILLEGAL_MOVE) what the state table forbids."""
    state = moved(order.state, what)
    before = {"state": order.state, "version": order.version}
    order.update_from_dict({"state": state, "version": order.version + 1, **changes})
    await order.save(update_fields=["state", "version", *changes])
    told = {name: getattr(order, name) for name in ("done_at", "signed_at", "assignee_id", "organisation_id") if name in changes}
    after = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}
    await record(actor_of(viewer), act, order, before=before, after={"state": state, "version": order.version, **after})
    return order


async def open_order(
    viewer: Viewer,
    facility_id: str,
    kind: UpkeepKind,
    *,
    planned_on: date | None = None,
    organisation_id: str | None = None,
    ticket_id: str | None = None,
) -> WorkOrder:
    """Open a work order by hand, or for a ticket, to be done from ``planned_on`` on (default: today; it may lie in the past).

    ``organisation_id``: who does it; default: who does such work in the compound. Refuses NOT_FOUND, FORBIDDEN, INVALID (a kind
    that the facility does not have, the day, an organisation that does not serve the compound, a ticket of another compound),
    ILLEGAL_MOVE (the facility was taken out) and CONFLICT (one of the kind is open).
    """
    async with ringing(), in_transaction():
        facility = await permitted(Facility, facility_id, viewer, "workOrderOpen", path=("facility_id",))
        check_kind(kind, facility.kind)
        day = check_planned_on(planned_on or today(), today())
        if facility.status is FacilityStatus.RETIRED:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("The facility was taken out for good.", "该设施已报废。"),
                path=("facility_id",),
                hint=Text("Choose one that stands, or report its status anew.", "请选择在用设施，或先更正其状态。"),
            )
        if ticket_id is not None:
            await _check_ticket(viewer, ticket_id, facility)
        if organisation_id is not None:
            await _check_organisation(viewer, organisation_id, facility.compound_id)
        if await WorkOrder.exists(facility_id=facility.id, kind=kind, state__in=sorted(OPEN)):
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The facility has a work order of this kind that is still to be done.", "该设施已有同类作业单待完成。"),
                path=("kind",),
                hint=Text("Do that one, or cancel it.", "请先完成或取消该作业单。"),
            )
        clock = await UpkeepDue.get_or_none(facility_id=facility.id, kind=kind)
        figures = (await plans_of(facility.street_id)).of(facility)
        return await create_order(
            facility,
            kind,
            actor_of(viewer),
            source=WorkOrderSource.TICKET if ticket_id else WorkOrderSource.HAND,
            planned_on=day,
            due_on=clock.due_on if clock else None,
            asks_location=figures[kind][0].asks_location if kind in figures else False,
            organisation_id=organisation_id or await doer_of(facility.compound_id, kind, today()),
            opened_by_id=viewer.account_id,
            ticket_id=ticket_id,
        )


async def _check_ticket(viewer: Viewer, ticket_id: str, facility: Facility) -> None:
    ticket = await found(Ticket, ticket_id, viewer, path=("ticket_id",))
    if ticket.compound_id != facility.compound_id or ticket.facility_id not in {None, facility.id}:
        raise invalid(
            ("ticket_id",),
            Text("The ticket is not about this facility.", "该工单与此设施无关。"),
            Text("Name a ticket about it, or about its compound.", "请选择关于该设施或其小区的工单。"),
        )


async def _check_organisation(viewer: Viewer, organisation_id: str, compound_id: str) -> None:
    organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
    if not await may_do(organisation.id, compound_id, today()):
        raise invalid(
            ("organisation_id",),
            Text("The organisation does not serve this compound today.", "该单位当前不服务此小区。"),
            Text("Start its mandate first, or name one that serves the compound.", "请先建立服务关系，或选择当前服务单位。"),
        )


async def assign(
    viewer: Viewer,
    order_id: str,
    *,
    organisation_id: str | None = None,
    assignee_id: str | None = None,
    expected_version: int | None = None,
) -> WorkOrder:
    """Name the organisation that does it (default: as it is), and who of it does.

    By whom it is done now, who answers for what stands in the compound, or an office. Refuses NOT_FOUND, FORBIDDEN, INVALID
    (who is neither, an organisation that does not serve the compound, somebody of elsewhere), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        order, _ = await taken(viewer, order_id, "workOrderAssign", expected_version)
        if order.organisation_id not in works_for(viewer):
            await _check_above(viewer, order)
        moved(order.state, WorkOrderMove.ASSIGN)
        if organisation_id is not None:
            await _check_organisation(viewer, organisation_id, order.compound_id)
        doer = organisation_id or order.organisation_id
        if assignee_id is not None:
            await _check_assignee(viewer, assignee_id, doer, order)
        return await move(viewer, order, "workOrderAssign", WorkOrderMove.ASSIGN, organisation_id=doer, assignee_id=assignee_id)


async def _check_assignee(viewer: Viewer, account_id: str, doer: str | None, order: WorkOrder) -> None:
    account = await found(Account, account_id, viewer, path=("assignee_id",))
    able = await viewer_of(account.id)
    if able is None or doer not in works_for(able) or not may(able, "workOrderStart", "WorkOrder", order.belongs()):
        raise invalid(
            ("assignee_id",),
            Text("They cannot do this work.", "该人员不能承担此项作业。"),
            Text(
                "Name somebody of the organisation that does it, who works in this compound.",
                "请选择作业单位中负责该小区的人员。",
            ),
        )


async def _check_above(viewer: Viewer, order: WorkOrder) -> None:
    """Refuses (INVALID) whoever is neither an office nor of those who answer for what stands there."""
    if is_office(viewer) or await user_of(order.compound_id, today()) in works_for(viewer):
        return
    raise invalid(
        ("id",),
        Text("That is not for your organisation to say.", "该事项不由您所在单位决定。"),
        Text("Ask the property company, or the community's office.", "请联系物业公司或社区。"),
    )


async def check_doer(viewer: Viewer, order: WorkOrder) -> None:
    """Refuses (INVALID) whoever is not of the organisation that does the work, and that while it serves the compound."""
    doer = order.organisation_id
    if doer is not None and doer in works_for(viewer) and await may_do(doer, order.compound_id, today()):
        return
    raise invalid(
        ("id",),
        Text(
            "The work is another organisation's, or it serves the compound no more.", "该作业由其他单位承担，或其服务关系已终止。"
        ),
        Text("Let the order be assigned to your organisation first.", "请先将作业单指派给您所在的单位。"),
    )


async def start(viewer: Viewer, order_id: str, *, expected_version: int | None = None) -> WorkOrder:
    """Begin. Refuses NOT_FOUND, FORBIDDEN, INVALID (it is another organisation's), ILLEGAL_MOVE and STALE_VERSION."""
    async with in_transaction():
        order, _ = await taken(viewer, order_id, "workOrderStart", expected_version)
        await check_doer(viewer, order)
        changes = {"started_at": now(), "assignee_id": viewer.account_id}
        return await move(viewer, order, "workOrderStart", WorkOrderMove.START, **changes)


async def cancel(viewer: Viewer, order_id: str, reason: str, *, expected_version: int | None = None) -> WorkOrder:
    """Let it be, and say why; what is due stays due. Whoever does the work does not say that it need not be done.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who does it, no reason), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with ringing(), in_transaction():
        order, facility = await taken(viewer, order_id, "workOrderCancel", expected_version)
        await _check_above(viewer, order)
        given = written(reason, "reason", REASON_MAX)
        order = await move(viewer, order, "workOrderCancel", WorkOrderMove.CANCEL, objection=given)
        await wind(facility)
        return order
