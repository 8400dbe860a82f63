"""Mutations on offices and elections; the acts are in models/offices."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.offices import Elected, OfficeEnd, OfficeKind
from models import offices

from .payloads import OnceInput, Payload, mutation

graphql_enum(OfficeKind)
graphql_enum(OfficeEnd)

_OFFICE = "The office as it is now (任职); null when refused."
_HOLDER = "Their name (姓名), 1 to 60 characters."
_ACCOUNT = "Their account (账号), if they have one; it is given no role by this."


@strawberry.input(description="Somebody who was elected.")
class ElectedInput:
    kind: OfficeKind = strawberry.field(description="To what (职务).")
    holder: str = strawberry.field(description=_HOLDER)
    account_id: strawberry.ID | None = strawberry.field(description=_ACCOUNT, default=None)


@strawberry.input(description="An election that was held.")
class ElectionHoldInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织).")
    held_on: date = strawberry.field(description="When it was held (选举日期).")
    term_starts_on: date | None = strawberry.field(
        description="First day of the term (任期开始); none: the day it was held.", default=strawberry.UNSET
    )
    term_ends_on: date = strawberry.field(description="Last day of the term (任期届满).")
    elected: list[ElectedInput] = strawberry.field(description="Who was elected to what (当选人员), fifty at most.")


@bound("What electionHold answers.")
class ElectionHoldPayload(Payload):
    election = by_id("Election", "subject_id", description="The election (换届); null when refused.")


@mutation("Record an election (登记换届): a new term begins with all who were elected, and the one before ends.")
async def election_hold(context: Context, given: ElectionHoldInput) -> ElectionHoldPayload:
    election = await offices.hold_election(
        *(context.viewer, given.organisation_id),
        [Elected(each.kind, each.holder, each.account_id) for each in given.elected],
        held_on=given.held_on,
        term_starts_on=given.term_starts_on,
        term_ends_on=given.term_ends_on,
        settings=context.settings,
    )
    return ElectionHoldPayload(subject_id=election.id)


@strawberry.input(description="An office to fill.")
class OfficeFillInput(OnceInput):
    organisation_id: strawberry.ID = strawberry.field(description="Organisation (组织).")
    kind: OfficeKind = strawberry.field(description="What (职务).")
    holder: str = strawberry.field(description=_HOLDER)
    starts_on: date | None = strawberry.field(description="First day (开始日期); none: today.", default=strawberry.UNSET)
    ends_on: date | None = strawberry.field(
        description="Last day (结束日期); none: the end of the term, or open.", default=strawberry.UNSET
    )
    compound_id: strawberry.ID | None = strawberry.field(
        description="Compound (小区) in which a company's manager runs its work.", default=strawberry.UNSET
    )
    account_id: strawberry.ID | None = strawberry.field(description=_ACCOUNT, default=strawberry.UNSET)
    succeeds_id: strawberry.ID | None = strawberry.field(
        description="Office (任职) of whoever they take over from (接任); it ends the day before.", default=strawberry.UNSET
    )


@bound("What officeFill answers.")
class OfficeFillPayload(Payload):
    office = by_id("Office", "subject_id", description=_OFFICE)


@mutation("Record who holds an office (登记任职): appointed, elected in between (补选), or a successor (接任).")
async def office_fill(context: Context, given: OfficeFillInput) -> OfficeFillPayload:
    office = await offices.fill_office(
        *(context.viewer, given.organisation_id, given.kind, given.holder),
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        compound_id=given.compound_id,
        account_id=given.account_id,
        succeeds_id=given.succeeds_id,
    )
    return OfficeFillPayload(subject_id=office.id)


@strawberry.input(description="An office that somebody leaves.")
class OfficeEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Office (任职).")
    how: OfficeEnd = strawberry.field(description="How (终止方式): RESIGNED, REMOVED or MOVED_ON.")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)
    note: str | None = strawberry.field(description="Why (终止说明), 500 characters at most.", default=strawberry.UNSET)


@bound("What officeEnd answers.")
class OfficeEndPayload(Payload):
    office = by_id("Office", "subject_id", description=_OFFICE)


@mutation("Let somebody's time in an office end (终止任职). The roles of their account are ended by themselves.")
async def office_end(context: Context, given: OfficeEndInput) -> OfficeEndPayload:
    office = await offices.end_office(context.viewer, given.id, given.how, ends_on=given.ends_on, note=given.note or "")
    return OfficeEndPayload(subject_id=office.id)
