"""How a facility is, and has been: reports by people and machines."""

from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.facilities import FacilityStatus
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.upkeep import UPKEEP_WORK
from domain.words import Text
from models.calendar import now
from models.facts import Actor, record
from models.permits import actor_of, permit, permitted, unchanged
from models.work import add, ringing

from .rows import Facility, FacilityStatusChange

NOTE_MAX = 500
#: How far a clock elsewhere may be ahead of ours.
_AHEAD = timedelta(minutes=5)
#: Nothing is said of earlier times.
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


async def report_status_of(
    viewer: Viewer,
    facility_id: str,
    status: FacilityStatus,
    since: datetime | None = None,
    note: str = "",
    *,
    expected_version: int | None = None,
) -> Facility:
    """``report_status`` by a person; ``since`` None: now.

    Refuses NOT_FOUND, FORBIDDEN (RETIRED too, of who may not retire it), INVALID (``since`` before 1970 too), ILLEGAL_MOVE (it
    was taken out for good by then) and STALE_VERSION.
    """
    since = since or now()
    if since < _OLDEST:
        raise Refused(
            RefusalCode.INVALID,
            Text("The time lies too far back.", "时间过早。"),
            path=("since",),
            hint=Text("Give the time since when it is so, after 1970.", "请填写状态实际开始的时间（1970 年之后）。"),
        )
    async with ringing(), in_transaction():
        facility = await permitted(Facility, facility_id, viewer, "facilityReportStatus")
        if facility.status is FacilityStatus.RETIRED and since >= facility.status_since:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("It was taken out for good.", "该设施已报废。"),
                path=("since",),
                hint=Text("Only what was before that can still be told.", "仅可补报报废之前的状态。"),
            )
        if status is FacilityStatus.RETIRED:
            permit(viewer, "facilityRetire", facility)
        return await report_status(actor_of(viewer), facility, status, since, note, expected_version=expected_version)


async def report_status(
    actor: Actor,
    facility: Facility,
    status: FacilityStatus,
    since: datetime,
    note: str = "",
    *,
    act: str = "facilityReportStatus",
    expected_version: int | None = None,
) -> Facility:
    """Report that the facility has (had) ``status`` from ``since`` on; answers the facility as it stands.

    The history keeps every report, whatever the order in which they come; the status is that of the newest ``since``. The
    same report again changes nothing, nor does any of the time after it was taken out for good. A fact is recorded when the
    status changes, and what is due of its upkeep is worked out anew. The caller has checked who may do this.
    Refuses INVALID (``since`` in the future, a note of more than 500 characters) and STALE_VERSION.
    """
    note = written(note, "note", NOTE_MAX, least=0)
    if since > now() + _AHEAD:
        raise Refused(
            RefusalCode.INVALID,
            Text("The time lies in the future.", "时间在未来。"),
            path=("since",),
            hint=Text("Report a status once it is so.", "请在状态发生后再上报。"),
        )
    async with in_transaction():
        facility = await Facility.select_for_update().get(id=facility.id)
        unchanged(facility.version, expected_version)
        if facility.status is FacilityStatus.RETIRED and since >= facility.status_since:
            return facility
        if await FacilityStatusChange.exists(facility_id=facility.id, since=since, status=status):
            return facility
        await FacilityStatusChange.create(
            status=status,
            since=since,
            note=note,
            facility_id=facility.id,
            compound_id=facility.compound_id,
            street_id=facility.street_id,
        )
        standing, standing_since = await _standing(facility)
        if (standing, standing_since) == (facility.status, facility.status_since):
            return facility
        before = {"status": facility.status, "status_since": facility.status_since.isoformat()}
        changed = standing is not facility.status
        facility.status, facility.status_since = standing, standing_since
        facility.version += changed
        await facility.save(update_fields=["status", "status_since", "version"])
        if changed:
            after = {"status": standing, "status_since": standing_since.isoformat()}
            await record(actor, act, facility, before=before, after=after)
        await add(UPKEEP_WORK, {"facilities": [facility.id]})
        return facility


async def _standing(facility: Facility) -> tuple[FacilityStatus, datetime]:
    """The status by the newest report, and since when it has been so without a break."""
    reports = FacilityStatusChange.filter(facility_id=facility.id)
    newest = await reports.order_by("-since", "-id").first()
    if newest is None or newest.since < facility.status_since:
        return facility.status, facility.status_since
    other = await reports.exclude(status=newest.status).order_by("-since").first()
    run = reports.filter(status=newest.status, since__gt=other.since) if other else reports.filter(status=newest.status)
    first = await run.order_by("since").first() or newest
    if facility.status is newest.status and (other is None or other.since < facility.status_since):
        return newest.status, min(first.since, facility.status_since)
    return newest.status, first.since
