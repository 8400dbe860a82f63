"""Mutations on facilities; the act is in models/facilities.py."""

from datetime import UTC, datetime

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.declare import by_id
from api.read.types import bound
from domain.facilities import FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.calendar import now
from models.facilities import Facility, report_status
from models.permits import actor_of, found, permit

from .payloads import ChangeInput, Payload, mutation

graphql_enum(FacilityStatus)

_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


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
    since = given.since or now()
    if since < _OLDEST:
        raise Refused(
            RefusalCode.INVALID,
            Text("The time lies too far back.", "时间过早。"),
            path=("since",),
            hint=Text("Give the time since when it is so, after 1970.", "请填写状态实际开始的时间（1970 年之后）。"),
        )
    facility = await found(Facility, given.id, context.viewer)
    permit(context.viewer, "facilityReportStatus", facility)
    changed = await report_status(
        actor_of(context.viewer),
        facility,
        given.status,
        since,
        given.note,
        expected_version=given.expected_version,
    )
    return FacilityReportStatusPayload(subject_id=changed.id)
