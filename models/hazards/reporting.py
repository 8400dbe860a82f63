"""Finding hazards: by people, and by whatever looks for them."""

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.hazards import (
    SAID_MAX,
    SPOT_MAX,
    TOPIC_MAX,
    WHAT_MAX,
    HazardGrade,
    HazardMove,
    HazardSource,
    HazardState,
    invalid,
    moved,
)
from domain.texts import written
from domain.words import Text
from models.alerts import Alert
from models.calendar import now, today
from models.facilities import Facility
from models.facts import Actor, record
from models.permits import actor_of, found, permitted
from models.territory import Building, Compound
from models.tickets import handling_organisation
from models.work import ringing

from .limits import limits_of, restart
from .rows import Hazard
from .telling import tell_of_finding, tell_of_return

#: How often to try again to find what somebody else is just reporting, or closing.
_TRIES = 5


async def report(
    viewer: Viewer,
    compound_id: str,
    *,
    what: str,
    spot: str = "",
    grade: HazardGrade = HazardGrade.GENERAL,
    interim_measure: str = "",
    facility_id: str | None = None,
    building_id: str | None = None,
    alert_id: str | None = None,
) -> Hazard:
    """Report a hazard that somebody saw, or to which an alert led: of one alert it is one hazard, however often it is reported.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (texts; a facility, building or alert of another compound).
    """
    async with ringing(), in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "hazardReport", path=("compound_id",))
        for model, id_, field in (
            (Facility, facility_id, "facility_id"),
            (Building, building_id, "building_id"),
            (Alert, alert_id, "alert_id"),
        ):
            if id_ is not None and (await found(model, id_, viewer, path=(field,))).compound_id != compound.id:
                raise invalid(
                    field,
                    Text("That is of another compound.", "该对象不属于此小区。"),
                    Text("Name one of this compound, or leave it out.", "请选择本小区的对象，或不填写。"),
                )
        return await report_found(
            actor_of(viewer),
            compound_id=compound.id,
            street_id=compound.street_id,
            what=written(what, "what", WHAT_MAX),
            spot=written(spot, "spot", SPOT_MAX, least=0),
            grade=grade,
            source=HazardSource.ALERT if alert_id else HazardSource.PERSON,
            interim_measure=written(interim_measure, "interim_measure", SAID_MAX, least=0),
            topic=f"alert {alert_id}" if alert_id else None,
            facility_id=facility_id,
            building_id=building_id,
            alert_id=alert_id,
        )


async def report_found(
    actor: Actor,
    *,
    compound_id: str,
    street_id: str,
    what: str,
    spot: str = "",
    grade: HazardGrade = HazardGrade.GENERAL,
    source: HazardSource = HazardSource.ROUND,
    interim_measure: str = "",
    topic: str | None = None,
    facility_id: str | None = None,
    building_id: str | None = None,
    alert_id: str | None = None,
    scan_id: str | None = None,
    found_at: datetime | None = None,
) -> Hazard:
    """Put a hazard on record that was found by a round, an alert or a person; asks no permission.

    ``topic``: what it is about, for machines (point and item of a round, for one): while one of the compound and topic is open,
    the finding is counted there instead, and opens it again if it was reported put right. ``what`` and ``spot`` are cut to
    their length. It goes to whoever handles what happens in the compound, with the deadline of its grade there. Call it inside
    the transaction of what found it, within ``ringing()``.
    """
    moment = found_at or now()
    hazard = Hazard(
        grade=grade,
        state=HazardState.REPORTED,
        source=source,
        topic=topic and topic[:TOPIC_MAX],
        what=what.strip()[:WHAT_MAX],
        spot=spot.strip()[:SPOT_MAX],
        interim_measure=interim_measure.strip()[:SAID_MAX],
        found_at=moment,
        last_found_at=moment,
        facility_id=facility_id,
        building_id=building_id,
        alert_id=alert_id,
        scan_id=scan_id,
        found_by_id=actor.viewer.account_id if actor.viewer else None,
        organisation_id=await handling_organisation(compound_id, today()),
        compound_id=compound_id,
        street_id=street_id,
    )
    held = await limits_of(hazard)
    hazard.due_at = moment + held.rectify
    restart(hazard)
    problem: IntegrityError | None = None
    async with in_transaction():
        for _ in range(_TRIES):
            standing = await _standing(hazard) if hazard.topic else None
            if standing is not None:
                return await _find_again(actor, standing, moment)
            try:
                async with in_transaction():
                    await hazard.save(force_create=True)
                break
            except IntegrityError as error:
                problem = error
        else:
            raise problem or AssertionError
        after = {"state": hazard.state, "grade": grade, "due_at": hazard.due_at.isoformat()}
        await record(actor, "hazardReport", hazard, after=after)
        await tell_of_finding(hazard)
        return hazard


async def _standing(hazard: Hazard) -> Hazard | None:
    """The open hazard of the same topic, locked."""
    same = Hazard.filter(compound_id=hazard.compound_id, topic=hazard.topic).exclude(state=HazardState.CLOSED)
    return await same.select_for_update().first()


async def _find_again(actor: Actor, hazard: Hazard, moment: datetime) -> Hazard:
    """It was found once more: counted, without a fact; one that was reported put right is open again."""
    hazard.found_count += 1
    hazard.last_found_at = max(hazard.last_found_at, moment)
    columns = ["found_count", "last_found_at"]
    if hazard.state is HazardState.RECTIFIED and hazard.rectified_at is not None and moment > hazard.rectified_at:
        before = {"state": hazard.state, "version": hazard.version}
        hazard.state = moved(hazard.state, HazardMove.FAIL)
        hazard.assigned_at, hazard.recheck_by = moment, None
        hazard.reopened_count += 1
        hazard.version += 1
        restart(hazard)
        columns += ["state", "assigned_at", "recheck_by", "reopened_count", "version", "level", "climbs_at"]
        await hazard.save(update_fields=columns)
        await record(actor, "hazardReopen", hazard, before=before, after={"state": hazard.state, "version": hazard.version})
        await tell_of_return(hazard)
    else:
        await hazard.save(update_fields=columns)
    return hazard
