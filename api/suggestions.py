"""Suggestions for a report, as the schema tells them. They change nothing; the judgement is in domain/tickets/matching.py."""

from typing import Annotated

import strawberry

from api.context import Context
from api.enums import graphql_enum
from domain.refusals import Refused
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.tickets.categories import TicketCategory
from models import tickets
from models.tickets.suggesting import Suggestions

for _word in (TicketCategory, TicketKind, TicketPriority, TicketState):
    graphql_enum(_word)

_SCORE, _CUES = "How surely (把握), 0 to 1.", "What in the text speaks for it (依据)."


@strawberry.input(description="What somebody reports, or the ticket by which they did.")
class TicketSuggestionInput:
    ticket_id: strawberry.ID | None = strawberry.field(
        description="Ticket (工单) that is there; all else is left out then.", default=None
    )
    compound_id: strawberry.ID | None = strawberry.field(description="Compound (小区) that it is about.", default=None)
    title: str = strawberry.field(description="Title (标题).", default="")
    description: str = strawberry.field(description="What happened (描述).", default="")
    kind: TicketKind | None = strawberry.field(description="Kind (类别), if it is known.", default=None)
    facility_id: strawberry.ID | None = strawberry.field(description="Facility (设施) that it is about.", default=None)


@strawberry.type(description="A kind that seems to fit.")
class SuggestedKind:
    kind: TicketKind = strawberry.field(description="Kind (类别).")
    score: float = strawberry.field(description=_SCORE)
    cues: list[str] = strawberry.field(description=_CUES)


@strawberry.type(description="A category that seems to fit, and that the kind allows.")
class SuggestedCategory:
    category: TicketCategory = strawberry.field(description="Category (问题类别).")
    score: float = strawberry.field(description=_SCORE)
    cues: list[str] = strawberry.field(description=_CUES)


@strawberry.type(description="A priority that seems to fit.")
class SuggestedPriority:
    priority: TicketPriority = strawberry.field(description="Priority (优先级).")
    score: float = strawberry.field(description=_SCORE)
    cues: list[str] = strawberry.field(description=_CUES)


@strawberry.type(description="A ticket of the last thirty days that seems to report the same.")
class SuggestedDuplicate:
    ticket_id: strawberry.ID = strawberry.field(description="Ticket (工单): ask `nodes` for more of it.")
    number: str = strawberry.field(description="Its number (工单号).")
    state: TicketState = strawberry.field(description="Where it stands (状态).")
    score: float = strawberry.field(description="How likely it reports the same (相似度), 0 to 1.")


@strawberry.type(description="What seems to fit a report (智能建议): for people to take or leave.")
class TicketSuggestion:
    kinds: list[SuggestedKind] = strawberry.field(description="Kinds (类别), the likeliest first.")
    categories: list[SuggestedCategory] = strawberry.field(description="Categories (问题类别), the likeliest first.")
    priority: SuggestedPriority = strawberry.field(description="Priority (优先级).")
    duplicates: list[SuggestedDuplicate] = strawberry.field(description="Possible duplicates (疑似重复) that the viewer sees.")
    organisation_id: strawberry.ID | None = strawberry.field(description="Where it goes (承办单位), if the viewer may know.")
    assignee_id: strawberry.ID | None = strawberry.field(description="Who is proposed (建议处理人), if the viewer may know.")
    why: str = strawberry.field(description="Why, in the language of the request (说明).")


async def _ticket_suggestion(
    info: strawberry.Info[Context, None],
    input: Annotated[TicketSuggestionInput, strawberry.argument(description="What to look at.")],
) -> TicketSuggestion | None:
    context = info.context
    try:
        if input.ticket_id is not None:
            found = await tickets.suggest_for_ticket(context.viewer, input.ticket_id)
        else:
            found = await tickets.suggest(
                context.viewer,
                input.compound_id or "",
                title=input.title,
                description=input.description,
                kind=input.kind,
                facility_id=input.facility_id,
            )
    except Refused:
        return None
    return _told(found, context.language)


def _told(found: Suggestions, language: str) -> TicketSuggestion:
    return TicketSuggestion(
        kinds=[SuggestedKind(kind=each.word, score=each.score, cues=list(each.cues)) for each in found.kinds],
        categories=[SuggestedCategory(category=each.word, score=each.score, cues=list(each.cues)) for each in found.categories],
        priority=SuggestedPriority(priority=found.priority.word, score=found.priority.score, cues=list(found.priority.cues)),
        duplicates=[
            SuggestedDuplicate(ticket_id=strawberry.ID(ticket.id), number=ticket.number, state=ticket.state, score=score)
            for ticket, score in found.duplicates
        ],
        organisation_id=strawberry.ID(found.organisation_id) if found.organisation_id else None,
        assignee_id=strawberry.ID(found.assignee_id) if found.assignee_id else None,
        why=found.why.say(language),
    )


ticket_suggestion = strawberry.field(
    _ticket_suggestion,
    description="What seems to fit a report (智能建议); null where the viewer sees no such ticket, compound or facility.",
)
