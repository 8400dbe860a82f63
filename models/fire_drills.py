"""Fire drills and trainings: planned, held, called off. Heads are counted, and nobody is named."""

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Role, Viewer
from domain.fire_drills import (
    SAID_MAX,
    FireDrillKind,
    FireDrillMove,
    FireDrillState,
    Held,
    check_held,
    check_planned_on,
    moved,
)
from domain.permits import allowing
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import now, today
from .facts import record
from .organisations import Organisation
from .permits import actor_of, found, permitted, unchanged
from .rows import Row
from .territory import Compound
from .tickets import handling_organisation
from .upkeep.sides import may_do, works_for

_OFFICIALS = frozenset({Role.STREET_OFFICER, Role.COMMUNITY_STAFF})


class FireDrill(Row):
    """A fire drill or training of a compound. ``participants``: heads, of which ``residents`` live there.

    ``lessons``: what was learnt, or why it was called off.
    """

    prefix = "fdr"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(FireDrillKind, max_length=40)
    state = fields.CharEnumField(FireDrillState, max_length=40)
    planned_on = fields.DateField()
    held_on = fields.DateField(null=True)
    participants = fields.IntField(null=True)
    residents = fields.IntField(null=True)
    minutes = fields.IntField(null=True)
    lessons = fields.CharField(max_length=1000, db_default="")
    planned_at = fields.DatetimeField()
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "fire_drill"


async def plan_drill(
    viewer: Viewer, compound_id: str, kind: FireDrillKind, planned_on: date, *, organisation_id: str | None = None
) -> FireDrill:
    """Plan a drill or training for a day; one that was held already is planned for the day on which it was.

    ``organisation_id``: who holds it; default: whoever handles what happens in the compound. Refuses NOT_FOUND, FORBIDDEN and
    INVALID (the day; who has nothing to do with the compound, or is not the viewer's own).
    """
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "fireDrillPlan", path=("compound_id",))
        holder = organisation_id or await handling_organisation(compound.id, today())
        if organisation_id is not None:
            await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        drill = FireDrill(
            kind=kind,
            state=FireDrillState.PLANNED,
            planned_on=check_planned_on(planned_on, today()),
            planned_at=now(),
            organisation_id=holder or "",
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        serves = await may_do(drill.organisation_id, compound.id, today())
        if not (serves and _is_theirs(viewer, drill, "fireDrillPlan")):
            raise _not_theirs("organisation_id")
        await drill.save(force_create=True)
        after = {"state": drill.state, "kind": kind, "planned_on": planned_on.isoformat()}
        await record(actor_of(viewer), "fireDrillPlan", drill, after=after)
        return drill


async def hold_drill(
    viewer: Viewer, drill_id: str, held: Held, lessons: str = "", *, expected_version: int | None = None
) -> FireDrill:
    """Record that it was held, with how many people, and what was learnt.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (day, numbers, another organisation's), ILLEGAL_MOVE and STALE_VERSION.
    """
    changes: dict[str, Any] = {
        "held_on": held.on,
        "participants": held.participants,
        "residents": held.residents,
        "minutes": held.minutes,
    }
    async with in_transaction():
        drill, state = await _taken(viewer, drill_id, "fireDrillHold", FireDrillMove.HOLD, expected_version)
        check_held(held, today())
        changes["lessons"] = written(lessons, "lessons", SAID_MAX, least=0)
        return await _move(viewer, drill, "fireDrillHold", state, changes)


async def cancel_drill(viewer: Viewer, drill_id: str, reason: str, *, expected_version: int | None = None) -> FireDrill:
    """Call it off, and say why. Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE and STALE_VERSION."""
    async with in_transaction():
        drill, state = await _taken(viewer, drill_id, "fireDrillCancel", FireDrillMove.CANCEL, expected_version)
        return await _move(viewer, drill, "fireDrillCancel", state, {"lessons": written(reason, "reason", SAID_MAX)})


async def _taken(
    viewer: Viewer, drill_id: str, act: str, move: FireDrillMove, expected_version: int | None
) -> tuple[FireDrill, FireDrillState]:
    drill = await permitted(FireDrill, drill_id, viewer, act)
    unchanged(drill.version, expected_version)
    if not _is_theirs(viewer, drill, act):
        raise _not_theirs("id")
    return drill, moved(drill.state, move)


async def _move(viewer: Viewer, drill: FireDrill, act: str, state: FireDrillState, changes: dict[str, Any]) -> FireDrill:
    before = {"state": drill.state, "version": drill.version}
    drill.update_from_dict({**changes, "state": state, "version": drill.version + 1})
    await drill.save(update_fields=[*changes, "state", "version"])
    after = {"state": state, "version": drill.version, "held_on": drill.held_on and drill.held_on.isoformat()}
    await record(actor_of(viewer), act, drill, before=before, after=after)
    return drill


def _is_theirs(viewer: Viewer, drill: FireDrill, act: str) -> bool:
    """Whether they hold it, or are an office there: also of what an organisation has left behind that serves there no more."""
    official = not _OFFICIALS.isdisjoint(allowing(viewer, act, "FireDrill", drill.belongs()))
    return official or drill.organisation_id in works_for(viewer)


def _not_theirs(field: str) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        Text("That organisation does not hold it here, or is not yours.", "该单位当前不服务此小区，或不是您所在单位。"),
        path=(field,),
        hint=Text(
            "Name one that serves the compound: your own, unless you are the office.",
            "请选择小区的服务单位；企业仅可登记本单位组织的。",
        ),
    )
