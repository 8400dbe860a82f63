"""Mutations on facilities; the act is in models/facilities.py."""

from datetime import datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityStatus
from models.facilities import report_status_of

from .payloads import ChangeInput, Payload, mutation

graphql_enum(FacilityStatus)


@strawberry.input(description="A facility and how it is.")
class FacilityReportStatusInput(ChangeInput):
    status: FacilityStatus = strawberry.field(description="Whether it can be used (状态).")
    since: datetime | None = strawberry.field(description="Since when (起始时间); default: now.", default=strawberry.UNSET)
    note: str = strawberry.field(description="Why (说明), at most 500 characters.", default="")


@bound("What facilityReportStatus answers.")
class FacilityReportStatusPayload(Payload):
    facility = by_id("Facility", "subject_id", description="The facility as it is now (设施); null when refused.")


@mutation("Report whether a facility can be used (上报设施状态); its history keeps every report.")
async def facility_report_status(context: Context, given: FacilityReportStatusInput) -> FacilityReportStatusPayload:
    changed = await report_status_of(
        context.viewer, given.id, given.status, given.since, given.note, expected_version=given.expected_version
    )
    return FacilityReportStatusPayload(subject_id=changed.id)
