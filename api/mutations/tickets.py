"""Mutations on tickets; the acts are in models/tickets."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.tickets import TicketKind, TicketPriority, TicketSource
from domain.tickets.categories import TicketCategory
from domain.tickets.routing import RouteTarget
from models import tickets

from .payloads import ChangeInput, OnceInput, Payload, mutation

graphql_enum(TicketKind)
graphql_enum(TicketPriority)
graphql_enum(TicketSource)
graphql_enum(TicketCategory)
graphql_enum(RouteTarget)

_TICKET = "The ticket as it is now (工单); null when refused."
_NOTE = "A remark, kept as a comment (备注), at most 2,000 characters."


@strawberry.input(description="A ticket to open.")
class TicketOpenInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区) it is about.")
    kind: TicketKind = strawberry.field(description="What it asks for (类别).")
    title: str = strawberry.field(description="Title (标题), 1 to 200 characters.")
    description: str = strawberry.field(description="What happened (描述), at most 5,000 characters.", default="")
    priority: TicketPriority = strawberry.field(description="How fast it must move (优先级).", default=TicketPriority.ORDINARY)
    source: TicketSource | None = strawberry.field(
        description="How it came in (来源); by default as your roles say. QR: the facility's code was scanned.",
        default=strawberry.UNSET,
    )
    case_number: str | None = strawberry.field(
        description="The city hotline's number of the case (热线编号): with source HOTLINE, and once in a street.",
        default=strawberry.UNSET,
    )
    category: TicketCategory | None = strawberry.field(
        description="What it is about (问题类别): one that the kind, or the broken facility, allows.", default=strawberry.UNSET
    )
    facility_id: strawberry.ID | None = strawberry.field(
        description="Facility (设施) of that compound.", default=strawberry.UNSET
    )
    home_id: strawberry.ID | None = strawberry.field(description="Home (房屋) there.", default=strawberry.UNSET)
    contact_phone: str | None = strawberry.field(
        description="Number to call back on (联系电话): mobile, landline with area code, or +country; shown masked.",
        default=strawberry.UNSET,
    )


@bound("What ticketOpen answers.")
class TicketOpenPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Open a ticket (提交工单); it goes where the street's routes and its own `routing` say.")
async def ticket_open(context: Context, given: TicketOpenInput) -> TicketOpenPayload:
    ticket = await tickets.open_ticket(
        context.viewer,
        given.compound_id,
        kind=given.kind,
        title=given.title,
        description=given.description,
        priority=given.priority,
        source=given.source,
        case_number=given.case_number,
        category=given.category,
        facility_id=given.facility_id,
        home_id=given.home_id,
        contact_phone=given.contact_phone,
        settings=context.settings,
    )
    return TicketOpenPayload(subject_id=ticket.id)


@strawberry.input(description="A ticket to accept.")
class TicketAcceptInput(ChangeInput):
    pass


@bound("What ticketAccept answers.")
class TicketAcceptPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Answer for an open ticket (受理).")
async def ticket_accept(context: Context, given: TicketAcceptInput) -> TicketAcceptPayload:
    changed = await tickets.accept(context.viewer, given.id, expected_version=given.expected_version)
    return TicketAcceptPayload(subject_id=changed.id)


@strawberry.input(description="A ticket and who shall handle it.")
class TicketAssignInput(ChangeInput):
    assignee_id: strawberry.ID | None = strawberry.field(
        description="Account (处理人) of the handling organisation or of your own, that works in the compound; nobody named:"
        " whoever is on duty with the fewest open tickets.",
        default=strawberry.UNSET,
    )


@bound("What ticketAssign answers.")
class TicketAssignPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Name the person who handles a ticket (派单).")
async def ticket_assign(context: Context, given: TicketAssignInput) -> TicketAssignPayload:
    changed = await tickets.assign(context.viewer, given.id, given.assignee_id, expected_version=given.expected_version)
    return TicketAssignPayload(subject_id=changed.id)


@strawberry.input(description="A ticket to start.")
class TicketStartInput(ChangeInput):
    pass


@bound("What ticketStart answers.")
class TicketStartPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Begin the work (开始处理); whoever starts an unassigned ticket becomes its assignee.")
async def ticket_start(context: Context, given: TicketStartInput) -> TicketStartPayload:
    changed = await tickets.start(context.viewer, given.id, expected_version=given.expected_version)
    return TicketStartPayload(subject_id=changed.id)


@strawberry.input(description="A ticket whose work is done.")
class TicketResolveInput(ChangeInput):
    note: str | None = strawberry.field(description=_NOTE, default=strawberry.UNSET)


@bound("What ticketResolve answers.")
class TicketResolvePayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Report the work done (处理完成).")
async def ticket_resolve(context: Context, given: TicketResolveInput) -> TicketResolvePayload:
    changed = await tickets.resolve(context.viewer, given.id, note=given.note, expected_version=given.expected_version)
    return TicketResolvePayload(subject_id=changed.id)


@strawberry.input(description="A ticket to confirm.")
class TicketConfirmInput(ChangeInput):
    note: str | None = strawberry.field(
        description="Why you confirm it for whoever reported it (代为确认的原因); kept as a comment, at most 2,000 characters.",
        default=strawberry.UNSET,
    )


@bound("What ticketConfirm answers.")
class TicketConfirmPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation(
    "Agree that the work is done (确认办结): whoever reported it; for them the community or the street office, with a note; a"
    " company only what its own people reported, or an alert."
)
async def ticket_confirm(context: Context, given: TicketConfirmInput) -> TicketConfirmPayload:
    changed = await tickets.confirm(context.viewer, given.id, note=given.note, expected_version=given.expected_version)
    return TicketConfirmPayload(subject_id=changed.id)


@strawberry.input(description="A ticket whose work is not done.")
class TicketReopenInput(ChangeInput):
    note: str | None = strawberry.field(description=_NOTE, default=strawberry.UNSET)


@bound("What ticketReopen answers.")
class TicketReopenPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation("Say that the work is not done (重新打开), within `TICKET_REOPEN_DAYS`; the time it stood done does not count.")
async def ticket_reopen(context: Context, given: TicketReopenInput) -> TicketReopenPayload:
    changed = await tickets.reopen(
        context.viewer, given.id, note=given.note, expected_version=given.expected_version, settings=context.settings
    )
    return TicketReopenPayload(subject_id=changed.id)


@strawberry.input(description="A ticket to withdraw.")
class TicketCancelInput(ChangeInput):
    note: str | None = strawberry.field(description=_NOTE, default=strawberry.UNSET)


@bound("What ticketCancel answers.")
class TicketCancelPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation(
    "Withdraw a ticket before work was done (取消): whoever reported it; for them the community or the street office, with a"
    " note; a company only what its own people reported."
)
async def ticket_cancel(context: Context, given: TicketCancelInput) -> TicketCancelPayload:
    changed = await tickets.cancel(context.viewer, given.id, note=given.note, expected_version=given.expected_version)
    return TicketCancelPayload(subject_id=changed.id)


@strawberry.input(description="A ticket, and who shall handle it from now on.")
class TicketTransferInput(ChangeInput):
    organisation_id: strawberry.ID | None = strawberry.field(
        description="Organisation (单位) with a mandate for the compound, or the office of its grid, community or street.",
        default=strawberry.UNSET,
    )
    target: RouteTarget | None = strawberry.field(
        description="In its place: what it is to the compound (承办对象).", default=strawberry.UNSET
    )
    reason: str = strawberry.field(description="Why (原因), kept as a comment; 1 to 2,000 characters.")


@bound("What ticketTransfer answers.")
class TicketTransferPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation(
    "Hand a ticket on to another organisation (转办), which accepts it anew; its limits count on from when it was opened. A"
    " company hands on what it handles itself."
)
async def ticket_transfer(context: Context, given: TicketTransferInput) -> TicketTransferPayload:
    changed = await tickets.transfer(
        context.viewer,
        given.id,
        given.reason,
        organisation_id=given.organisation_id,
        target=given.target,
        expected_version=given.expected_version,
    )
    return TicketTransferPayload(subject_id=changed.id)


@strawberry.input(description="A ticket and what it is about.")
class TicketClassifyInput(ChangeInput):
    category: TicketCategory | None = strawberry.field(
        description="One that the kind, or the broken facility, allows (问题类别).", default=strawberry.UNSET
    )
    kind: TicketKind | None = strawberry.field(
        description="What it asks for in truth (工单类型); a company says so of what its own people reported alone.",
        default=strawberry.UNSET,
    )


@bound("What ticketClassify answers.")
class TicketClassifyPayload(Payload):
    ticket = by_id("Ticket", "subject_id", description=_TICKET)


@mutation(
    "Say what a ticket is about, or asks for (分类): its limits are worked out anew; one that nobody has accepted goes where such"
    " tickets go."
)
async def ticket_classify(context: Context, given: TicketClassifyInput) -> TicketClassifyPayload:
    changed = await tickets.classify(
        context.viewer, given.id, given.category, kind=given.kind, expected_version=given.expected_version
    )
    return TicketClassifyPayload(subject_id=changed.id)


@strawberry.input(description="A remark on a ticket.")
class TicketCommentInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Ticket (工单).")
    body: str = strawberry.field(description="Text (内容), 1 to 2,000 characters.")
    internal: bool = strawberry.field(description="Keep it among those on duty (内部备注).", default=False)


@bound("What ticketComment answers.")
class TicketCommentPayload(Payload):
    ticket = by_id("Ticket", "about_id", description=_TICKET)
    comment = by_id("TicketComment", "subject_id", description="The remark (备注); null when refused.")


@mutation("Add a remark to a ticket (备注).")
async def ticket_comment(context: Context, given: TicketCommentInput) -> TicketCommentPayload:
    changed = await tickets.comment(context.viewer, given.id, given.body, internal=given.internal)
    return TicketCommentPayload(subject_id=changed.id)
