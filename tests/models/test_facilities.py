"""A facility's status follows the newest report, in whatever order the reports come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from domain.access import Role
from domain.facilities import FacilityStatus
from domain.refusals import RefusalCode, Refused
from models import Compound, Facility, FacilityStatusChange, Fact, Place
from models.facilities import report_status, report_status_of
from models.facts import Actor
from tests.builders import LONG_AGO, a_facility
from tests.models.ticket_world import somebody

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = Actor("system:test")
OUT, IN, DEGRADED = FacilityStatus.OUT_OF_SERVICE, FacilityStatus.IN_SERVICE, FacilityStatus.DEGRADED


def day(days: int) -> datetime:
    return LONG_AGO + timedelta(days=days)


async def test_a_report_changes_the_status_and_is_kept_with_a_fact() -> None:
    facility = await report_status(SOMEBODY, await a_facility(), OUT, day(1), "stuck")
    assert (facility.status, facility.status_since, facility.version) == (OUT, day(1), 2)
    change = await FacilityStatusChange.get()
    assert (change.status, change.since, change.note, change.compound_id) == (OUT, day(1), "stuck", facility.compound_id)
    fact = await Fact.get()
    assert (fact.action, fact.subject_id, fact.actor) == ("facilityReportStatus", facility.id, "system:test")
    assert fact.after == {"status": "OUT_OF_SERVICE", "status_since": day(1).isoformat()}


async def test_the_same_report_again_changes_nothing() -> None:
    facility = await a_facility()
    for _ in range(2):
        await report_status(SOMEBODY, facility, OUT, day(1))
    assert await FacilityStatusChange.all().count() == 1
    assert await Fact.all().count() == 1


async def test_an_older_report_is_history_only() -> None:
    facility = await a_facility()
    await report_status(SOMEBODY, facility, IN, day(5))
    await report_status(SOMEBODY, facility, OUT, day(3))
    facility = await Facility.get(id=facility.id)
    assert (facility.status, facility.status_since) == (IN, day(5))
    assert await FacilityStatusChange.all().count() == 2


async def test_what_machines_say_after_it_was_taken_out_for_good_changes_nothing() -> None:
    facility = await report_status(SOMEBODY, await a_facility(), FacilityStatus.RETIRED, day(2))
    for since in (day(2), day(3)):
        facility = await report_status(SOMEBODY, facility, IN, since)
    assert (facility.status, await FacilityStatusChange.all().count()) == (FacilityStatus.RETIRED, 1)
    facility = await report_status(SOMEBODY, facility, OUT, day(1))
    assert (facility.status, await FacilityStatusChange.all().count()) == (FacilityStatus.RETIRED, 2)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
async def test_any_order_of_reports_ends_in_the_same_status(order: tuple[int, ...]) -> None:
    reports = [(OUT, day(1)), (DEGRADED, day(2)), (DEGRADED, day(4)), (DEGRADED, day(7))]
    facility = await a_facility()
    for n in order:
        facility = await report_status(SOMEBODY, facility, *reports[n])
    assert (facility.status, facility.status_since) == (DEGRADED, day(2))


async def test_a_status_confirmed_later_has_stood_since_it_began() -> None:
    facility = await a_facility(status_since=day(0))
    facility = await report_status(SOMEBODY, facility, IN, day(9))
    assert (facility.status, facility.status_since, facility.version) == (IN, day(0), 1)
    assert not await Fact.exists()
    facility = await report_status(SOMEBODY, facility, OUT, day(5))
    assert (facility.status, facility.status_since) == (IN, day(9))


async def test_a_person_reports_what_they_see_and_no_time_before_there_were_any() -> None:
    facility, elsewhere = await a_facility(), await a_facility()
    worker = await somebody(Role.GRID_WORKER, compound=await Compound.get(id=facility.compound_id))
    before = datetime.now(UTC)
    told = await report_status_of(worker, facility.id, OUT)
    assert (told.status, told.status_since >= before) == (OUT, True)
    for facility_id, since, code in (
        (elsewhere.id, None, RefusalCode.NOT_FOUND),
        (facility.id, datetime(1969, 12, 31, tzinfo=UTC), RefusalCode.INVALID),
    ):
        with pytest.raises(Refused) as refused:
            await report_status_of(worker, facility_id, IN, since)
        assert refused.value.code is code
    onlooker = await somebody(Role.AUDITOR, place=await Place.get(id=facility.street_id))
    with pytest.raises(Refused) as refused:
        await report_status_of(onlooker, facility.id, IN)
    assert refused.value.code is RefusalCode.FORBIDDEN


async def test_a_report_of_the_future_a_long_note_and_a_stale_version_are_refused() -> None:
    facility = await a_facility()
    with pytest.raises(Refused) as refused:
        await report_status(SOMEBODY, facility, OUT, datetime.now(UTC) + timedelta(hours=1))
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("since",))
    with pytest.raises(Refused) as refused:
        await report_status(SOMEBODY, facility, OUT, day(1), "x" * 501)
    assert refused.value.path == ("note",)
    with pytest.raises(Refused) as refused:
        await report_status(SOMEBODY, facility, OUT, day(1), expected_version=7)
    assert refused.value.code is RefusalCode.STALE_VERSION
    assert not await FacilityStatusChange.exists()
