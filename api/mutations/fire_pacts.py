"""Mutations on fire pacts; the acts are in models/fire_pacts.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.fire_pacts import FireDuty
from models import fire_pacts

graphql_enum(FireDuty)

_PACT = "The fire pact as it is now (消防公约); null when refused."


@strawberry.input(description="A fire pact that was signed.")
class FirePactSignInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    duties: list[FireDuty] = strawberry.field(description="What people do by it (约定事项), one at least.")
    homes_joined: int = strawberry.field(description="How many homes joined (参加户数); which, is not asked.")
    organisation_id: strawberry.ID | None = strawberry.field(
        description="The community's office (社区). Default: the one there is.", default=strawberry.UNSET
    )
    signed_on: date | None = strawberry.field(
        description="From when on it holds (签订日期). Default: today.", default=strawberry.UNSET
    )
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What firePactSign answers.")
class FirePactSignPayload(Payload):
    fire_pact = by_id("FirePact", "subject_id", description=_PACT)


@mutation("Record a fire pact of a compound with its community (签订消防公约).")
async def fire_pact_sign(context: Context, given: FirePactSignInput) -> FirePactSignPayload:
    made = await fire_pacts.sign_pact(
        context.viewer,
        given.compound_id,
        given.duties,
        given.homes_joined,
        organisation_id=given.organisation_id,
        signed_on=given.signed_on,
        ends_on=given.ends_on,
    )
    return FirePactSignPayload(subject_id=made.id)


@strawberry.input(description="A fire pact and how many homes have joined.")
class FirePactSetHomesInput(ChangeInput):
    homes_joined: int = strawberry.field(description="How many homes have joined by now (参加户数).")


@bound("What firePactSetHomes answers.")
class FirePactSetHomesPayload(Payload):
    fire_pact = by_id("FirePact", "subject_id", description=_PACT)


@mutation("Say how many homes have joined a fire pact (更新参加户数).")
async def fire_pact_set_homes(context: Context, given: FirePactSetHomesInput) -> FirePactSetHomesPayload:
    changed = await fire_pacts.set_homes(context.viewer, given.id, given.homes_joined, expected_version=given.expected_version)
    return FirePactSetHomesPayload(subject_id=changed.id)


@strawberry.input(description="A fire pact to end.")
class FirePactEndInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Fire pact (消防公约).")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)


@bound("What firePactEnd answers.")
class FirePactEndPayload(Payload):
    fire_pact = by_id("FirePact", "subject_id", description=_PACT)


@mutation("Set a fire pact's last day (终止消防公约).")
async def fire_pact_end(context: Context, given: FirePactEndInput) -> FirePactEndPayload:
    changed = await fire_pacts.end_pact(context.viewer, given.id, ends_on=given.ends_on)
    return FirePactEndPayload(subject_id=changed.id)
