"""Mutations on qualification papers; the acts are in models/papers.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.papers import PaperKind
from models import papers

from .payloads import OnceInput, Payload, mutation

graphql_enum(PaperKind)

_PAPER = "The paper as it is now (资质); null when refused."


@strawberry.input(description="A qualification paper to record.")
class PaperAddInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织).")
    kind: PaperKind = strawberry.field(description="Kind (类别).")
    number: str = strawberry.field(description="Number (编号), 1 to 60 characters.")
    issuer: str = strawberry.field(description="Who issued it (发证机关), 1 to 120 characters.")
    valid_from: date = strawberry.field(description="First day on which it holds (有效期起).")
    valid_to: date | None = strawberry.field(
        description="Last day on which it holds (有效期止); none: for good.", default=strawberry.UNSET
    )


@bound("What paperAdd answers.")
class PaperAddPayload(Payload):
    paper = by_id("Paper", "subject_id", description=_PAPER)


@mutation("Record a qualification paper (登记资质); a scan of it is attached as a file (POST /files).")
async def paper_add(context: Context, given: PaperAddInput) -> PaperAddPayload:
    paper = await papers.add_paper(
        *(context.viewer, given.organisation_id, given.kind),
        number=given.number,
        issuer=given.issuer,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )
    return PaperAddPayload(subject_id=paper.id)


@strawberry.input(description="A qualification paper to withdraw.")
class PaperWithdrawInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Paper (资质).")


@bound("What paperWithdraw answers.")
class PaperWithdrawPayload(Payload):
    paper = by_id("Paper", "subject_id", description=_PAPER)


@mutation("Let a qualification paper count no more (注销资质): it was replaced, taken away, or wrong.")
async def paper_withdraw(context: Context, given: PaperWithdrawInput) -> PaperWithdrawPayload:
    paper = await papers.withdraw_paper(context.viewer, given.id)
    return PaperWithdrawPayload(subject_id=paper.id)
