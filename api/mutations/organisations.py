"""Mutations on organisations; the acts are in models/organisations/keeping.py."""

from datetime import date

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.organisations import OrganisationKind
from models import organisations

from .payloads import ChangeInput, OnceInput, Payload, mutation

graphql_enum(OrganisationKind)

_ORGANISATION = "The organisation as it is now (组织); null when refused."


@strawberry.input(description="An organisation to found.")
class OrganisationCreateInput(OnceInput):
    place_id: strawberry.ID = strawberry.field(
        description="The place that it is of (所属地域): the street, if it is of no one place."
    )
    kind: OrganisationKind = strawberry.field(description="Kind (类别).")
    code: str = strawberry.field(description="Stable code (编码), 1 to 40 characters, nobody else's.")
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")
    functional: bool = strawberry.field(
        description="Whether it is a Party branch across units of work (功能型党支部).", default=False
    )
    credit_code: str | None = strawberry.field(
        description="Unified social credit code (统一社会信用代码), 18 characters.", default=strawberry.UNSET
    )
    compound_id: strawberry.ID | None = strawberry.field(
        description="The compound whose own body it is (所属小区).", default=strawberry.UNSET
    )
    founded_on: date | None = strawberry.field(description="When it was founded (成立日期).", default=strawberry.UNSET)


@bound("What organisationCreate answers.")
class OrganisationCreatePayload(Payload):
    organisation = by_id("Organisation", "subject_id", description=_ORGANISATION)


@mutation("Found an organisation (新建组织). What it does for a compound is said by a mandate.")
async def organisation_create(context: Context, given: OrganisationCreateInput) -> OrganisationCreatePayload:
    made = await organisations.create(
        *(context.viewer, given.place_id),
        kind=given.kind,
        code=given.code,
        name=given.name,
        functional=given.functional,
        credit_code=given.credit_code,
        compound_id=given.compound_id,
        founded_on=given.founded_on,
    )
    return OrganisationCreatePayload(subject_id=made.id)


@strawberry.input(description="Another name for an organisation.")
class OrganisationRenameInput(ChangeInput):
    name: str = strawberry.field(description="Name (名称), 1 to 120 characters.")


@bound("What organisationRename answers.")
class OrganisationRenamePayload(Payload):
    organisation = by_id("Organisation", "subject_id", description=_ORGANISATION)


@mutation("Give an organisation another name (更名).")
async def organisation_rename(context: Context, given: OrganisationRenameInput) -> OrganisationRenamePayload:
    made = await organisations.rename(context.viewer, given.id, given.name, expected_version=given.expected_version)
    return OrganisationRenamePayload(subject_id=made.id)


@strawberry.input(description="How the office of an organisation is reached.")
class OrganisationSetContactInput(ChangeInput):
    telephone: str | None = strawberry.field(
        description="Landline or service number of the office (办公电话); a mobile number is a person's, and refused.",
        default=strawberry.UNSET,
    )
    address: str | None = strawberry.field(description="Address (办公地址), 200 characters at most.", default=strawberry.UNSET)
    hours: str | None = strawberry.field(
        description="When it is open (办公时间), in words, 120 characters at most.", default=strawberry.UNSET
    )


@bound("What organisationSetContact answers.")
class OrganisationSetContactPayload(Payload):
    organisation = by_id("Organisation", "subject_id", description=_ORGANISATION)


@mutation("Say how the office of an organisation is reached (更新联系方式), in place of what was said before.")
async def organisation_set_contact(context: Context, given: OrganisationSetContactInput) -> OrganisationSetContactPayload:
    made = await organisations.set_contact(
        *(context.viewer, given.id),
        telephone=given.telephone or "",
        address=given.address or "",
        hours=given.hours or "",
        expected_version=given.expected_version,
    )
    return OrganisationSetContactPayload(subject_id=made.id)


@strawberry.input(description="An organisation to end.")
class OrganisationEndInput(ChangeInput):
    ended_on: date | None = strawberry.field(description="Its last day (撤销日期); none: today.", default=strawberry.UNSET)


@bound("What organisationEnd answers.")
class OrganisationEndPayload(Payload):
    organisation = by_id("Organisation", "subject_id", description=_ORGANISATION)


@mutation(
    "Let an organisation end (撤销组织), and the offices in it. Its mandates are ended first; roles are ended by themselves."
)
async def organisation_end(context: Context, given: OrganisationEndInput) -> OrganisationEndPayload:
    made = await organisations.end(context.viewer, given.id, ended_on=given.ended_on, expected_version=given.expected_version)
    return OrganisationEndPayload(subject_id=made.id)
