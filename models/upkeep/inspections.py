"""Inspections, tests and assessments: recorded with their report, and telling until when they hold."""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import NAME_MAX, REPORTED, InspectionResult, UpkeepKind, check_kind, invalid, months_later
from domain.words import Text
from models.calendar import now, today
from models.connection import constrained
from models.facilities import Facility
from models.facts import record
from models.permits import actor_of, permitted
from models.work import ringing

from .rows import Inspection
from .winding import wind

NUMBER_MAX = 60
#: How far back inspections are written down, in days, and how long one may hold, in months.
_BACK, _HOLDS = timedelta(days=40 * 366), 180


async def record_inspection(
    viewer: Viewer,
    facility_id: str,
    kind: UpkeepKind,
    *,
    result: InspectionResult,
    done_on: date,
    until: date | None = None,
    body: str,
    report_number: str,
) -> Inspection:
    """Record what came of an inspection, test or assessment; ``until``: until when its report says that it holds.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a kind that is not inspected so, days, texts) and CONFLICT (it is on record).
    """
    async with ringing(), in_transaction():
        facility = await permitted(Facility, facility_id, viewer, "inspectionRecord", path=("facility_id",))
        check_kind(kind, facility.kind, among=REPORTED)
        _check_days(done_on, until, result)
        row = Inspection(
            kind=kind,
            result=result,
            done_on=done_on,
            until=until,
            body=written(body, "body", NAME_MAX),
            report_number=written(report_number, "report_number", NUMBER_MAX),
            recorded_at=now(),
            recorded_by_id=viewer.account_id,
            facility_id=facility.id,
            compound_id=facility.compound_id,
            street_id=facility.street_id,
        )
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("This report is on record already.", "该报告已登记。"),
                path=("report_number",),
                hint=Text("Check the number of the report.", "请核对报告编号。"),
            )
        ):
            await row.save()
        after = {"kind": kind, "outcome": result, "until": until and until.isoformat(), "inspection": row.id}
        await record(actor_of(viewer), "inspectionRecord", facility, after=after)
        await wind(facility)
        return row


def _check_days(done_on: date, until: date | None, result: InspectionResult) -> None:
    day = today()
    if not day - _BACK <= done_on <= day:
        raise invalid(
            ("done_on",),
            Text(f"An inspection of {done_on} cannot be on record.", f"检验日期 {done_on} 无效。"),
            Text("Give the day on which it was done, today or before.", "请填写实际检验日期，不晚于今天。"),
        )
    if until is None:
        return
    if result is InspectionResult.FAILED:
        raise invalid(
            ("until",),
            Text("What did not pass holds until no day.", "不合格的报告没有有效期。"),
            Text("Leave the day out.", "请勿填写有效期。"),
        )
    if not done_on < until <= months_later(done_on, _HOLDS):
        raise invalid(
            ("until",),
            Text(f"A report of {done_on} does not hold until {until}.", f"有效期 {until} 无效。"),
            Text("Give the day that the report names, after the inspection.", "请填写报告载明的有效期，须晚于检验日期。"),
        )
