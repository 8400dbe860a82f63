"""Lifts that are lawfully stopped: reported to the registrar as suspended (停用告知), and taken into use again.

TSG 08-2017 art. 3.9: who stops a lift for long tells the registrar within 30 days, and again before it is used.
"""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityKind
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import BACK, IN_USE, REASON_MAX, invalid
from domain.words import Text
from models.calendar import today, zone
from models.connection import constrained
from models.facilities import Facility, FacilityStatusChange
from models.facts import record
from models.permits import actor_of, permitted
from models.work import ringing

from .rows import Suspension
from .winding import wind

FILING_MAX = 60


async def suspend(
    viewer: Viewer, facility_id: str, *, starts_on: date, filed_on: date, filing: str, reason: str = ""
) -> Suspension:
    """Note that a lift was reported to its registrar as suspended, under the number ``filing``, on ``filed_on``.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (days, no number, a facility that has no registrar), ILLEGAL_MOVE (it is in use, or was
    then) and CONFLICT (it is suspended then).
    """
    async with ringing(), in_transaction():
        facility = await permitted(Facility, facility_id, viewer, "facilitySuspend")
        if facility.kind is not FacilityKind.LIFT:
            raise invalid(
                ("id",),
                Text("Only lifts are reported to a registrar as suspended.", "仅电梯可办理停用告知。"),
                Text("Report the status instead: facilityReportStatus.", "其他设施请上报状态（facilityReportStatus）。"),
            )
        _check_day("starts_on", starts_on, today())
        _check_day("filed_on", filed_on, today())
        if filed_on < starts_on - timedelta(days=60):
            raise invalid(
                ("filed_on",),
                Text("That was told too long before the stop.", "告知日期过早。"),
                Text("Give the day of the notice about this stop.", "请填写本次停用的告知日期。"),
            )
        await _check_out_of_use(facility, starts_on)
        row = Suspension(
            starts_on=starts_on,
            filed_on=filed_on,
            filing=written(filing, "filing", FILING_MAX),
            cause=written(reason, "reason", REASON_MAX, least=0),
            facility_id=facility.id,
            compound_id=facility.compound_id,
            street_id=facility.street_id,
        )
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("The lift is suspended on some of these days.", "该电梯在此期间已办理停用。"),
                path=("starts_on",),
                hint=Text("Let it be used again first: facilityResume.", "请先办理启用（facilityResume）。"),
            )
        ):
            await row.save()
        after = {"starts_on": starts_on.isoformat(), "filed_on": filed_on.isoformat(), "filing": row.filing}
        await record(actor_of(viewer), "facilitySuspend", facility, after=after)
        await wind(facility)
        return row


async def resume(viewer: Viewer, suspension_id: str, *, ends_on: date | None = None) -> Suspension:
    """Note that the registrar was told that the lift is used again, from ``ends_on`` (default: today) on.

    Maintenance is due on that day, unless it was done while the lift stood. Refuses NOT_FOUND, FORBIDDEN, INVALID (the day) and
    ILLEGAL_MOVE (it is over).
    """
    async with ringing(), in_transaction():
        row = await permitted(Suspension, suspension_id, viewer, "facilityResume")
        facility = await Facility.select_for_update(of=("facility",)).get(id=row.facility_id)
        if row.ends_on is not None:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text(f"The suspension ended on {row.ends_on}.", f"停用已于 {row.ends_on} 结束。"),
                path=("id",),
                hint=Text("Look at the facility's suspensions for the one that stands.", "请查看该设施当前的停用记录。"),
            )
        day = ends_on or today()
        if not row.starts_on < day <= today():
            raise invalid(
                ("ends_on",),
                Text(f"It cannot be used again from {day} on.", f"启用日期 {day} 无效。"),
                Text(
                    f"Give a day after {row.starts_on}, today at the latest.", f"请填写 {row.starts_on} 之后、不晚于今天的日期。"
                ),
            )
        row.ends_on = day
        await row.save(update_fields=["ends_on"])
        await record(actor_of(viewer), "facilityResume", facility, after={"ends_on": day.isoformat(), "filing": row.filing})
        await wind(facility)
        return row


def _check_day(field: str, day: date, now: date) -> None:
    if not now - BACK <= day <= now:
        raise invalid(
            (field,),
            Text(f"{day} is not a day of the last three years.", f"日期 {day} 无效。"),
            Text("Give the day, today or before.", "请填写实际日期，不晚于今天。"),
        )


async def _check_out_of_use(facility: Facility, starts_on: date) -> None:
    """Refuses (ILLEGAL_MOVE) what is in use, or was in use after the day of the stop."""
    used = facility.status in IN_USE
    if not used and await _left_use(facility) <= starts_on:
        return
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        Text("The lift was in use then.", "该电梯当时仍在使用。"),
        path=("id",) if used else ("starts_on",),
        hint=Text(
            "Report it out of service first (facilityReportStatus), with the day since when it stands.",
            "请先上报停用状态（facilityReportStatus），并填写实际停用日期。",
        ),
    )


async def _left_use(facility: Facility) -> date:
    """The day from which on it has not been in use."""
    reports = FacilityStatusChange.filter(facility_id=facility.id)
    used = await reports.filter(status__in=sorted(IN_USE)).order_by("-since").first()
    left = await (reports.filter(since__gt=used.since) if used else reports).order_by("since").first()
    return (left.since if left else facility.status_since).astimezone(zone()).date()
