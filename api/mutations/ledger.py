"""Mutations on the books; the acts are in models/ledger."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.ledger import BookRegime
from models import ledger

graphql_enum(BookRegime)

_BOOK = "The book as it is now (账套); null when refused."


@strawberry.input(description="Books to open.")
class BookOpenInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    organisation_id: strawberry.ID = strawberry.field(description="Who keeps them (记账单位): your organisation.")
    regime: BookRegime = strawberry.field(description="By which contract the money is kept (计费方式).")
    opened_on: date | None = strawberry.field(
        description="First day of which there will be entries (启用日期). Default: today.", default=strawberry.UNSET
    )


@bound("What bookOpen answers.")
class BookOpenPayload(Payload):
    book = by_id("Book", "subject_id", description=_BOOK)


@mutation("Open the books of a compound, with every account (建账).")
async def book_open(context: Context, given: BookOpenInput) -> BookOpenPayload:
    made = await ledger.open_book(
        context.viewer, given.compound_id, given.organisation_id, given.regime, opened_on=given.opened_on or None
    )
    return BookOpenPayload(subject_id=made.id)
