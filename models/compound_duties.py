"""Duties of village and community for a compound: what, by whom, until when, and whether it was done."""

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.compound_duties import NOTE_MAX, TEXT_MAX, CompoundDutyMove, CompoundDutyState, moved
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import now, today
from .facts import record
from .organisations import Organisation
from .organisations.keeping import check_going_on
from .permits import actor_of, found, permitted, unchanged
from .roles import check_street
from .rows import Row
from .territory import Compound


class CompoundDuty(Row):
    """What an organisation has to do for a compound, ``due_on`` being its last day. ``note``: how it was done, or why not."""

    prefix = "cdu"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(CompoundDutyState, max_length=40)
    what = fields.CharField(max_length=500)
    note = fields.CharField(max_length=500, db_default="")
    due_on = fields.DateField()
    ended_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "compound_duty"


async def set_duty(viewer: Viewer, compound_id: str, organisation_id: str, what: str, due_on: date) -> CompoundDuty:
    """Say what an organisation has to do for a compound, until ``due_on`` (that day included).

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a text of 1 to 500 characters, a day that is past, another street) and ILLEGAL_MOVE
    (the organisation has ended).
    """
    what = written(what, "what", TEXT_MAX)
    _check_day(due_on)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "compoundDutySet", path=("compound_id",))
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        check_street(organisation, compound.street_id, ("organisation_id",))
        check_going_on(organisation, "organisation_id")
        duty = await CompoundDuty.create(
            state=CompoundDutyState.OPEN,
            what=what,
            due_on=due_on,
            organisation_id=organisation.id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        await record(actor_of(viewer), "compoundDutySet", duty, after={"due_on": due_on.isoformat()})
        return duty


async def do_duty(viewer: Viewer, duty_id: str, note: str = "", *, expected_version: int | None = None) -> CompoundDuty:
    """Say that it was done, and how. Refuses NOT_FOUND, FORBIDDEN, INVALID (a note of 500 characters at most), ILLEGAL_MOVE and
    STALE_VERSION."""
    given = {"note": written(note, "note", NOTE_MAX, least=0), "ended_at": now()}
    return await _move(viewer, duty_id, "compoundDutyDo", CompoundDutyMove.DO, given, expected_version)


async def drop_duty(viewer: Viewer, duty_id: str, reason: str, *, expected_version: int | None = None) -> CompoundDuty:
    """Say that it need not be done any more, and why. Refuses NOT_FOUND, FORBIDDEN, INVALID (a reason of 1 to 500 characters),
    ILLEGAL_MOVE and STALE_VERSION."""
    given = {"note": written(reason, "reason", NOTE_MAX), "ended_at": now()}
    return await _move(viewer, duty_id, "compoundDutyDrop", CompoundDutyMove.DROP, given, expected_version)


async def renew_duty(viewer: Viewer, duty_id: str, due_on: date, *, expected_version: int | None = None) -> CompoundDuty:
    """Say that it is to be done after all, or once more, until ``due_on``. Refuses NOT_FOUND, FORBIDDEN, INVALID (a day that is
    past), ILLEGAL_MOVE and STALE_VERSION."""
    _check_day(due_on)
    given = {"due_on": due_on, "ended_at": None}
    return await _move(viewer, duty_id, "compoundDutyRenew", CompoundDutyMove.RENEW, given, expected_version)


def _check_day(due_on: date) -> None:
    if due_on < today():
        raise Refused(
            RefusalCode.INVALID,
            Text(f"It cannot be due on {due_on}, which is past.", f"期限 {due_on} 已过。"),
            path=("due_on",),
            hint=Text("Give today or a later day.", "请填写今天或以后的日期。"),
        )


async def _move(
    viewer: Viewer, duty_id: str, act: str, move: CompoundDutyMove, given: dict[str, Any], expected_version: int | None
) -> CompoundDuty:
    async with in_transaction():
        duty = await permitted(CompoundDuty, duty_id, viewer, act)
        unchanged(duty.version, expected_version)
        before, after = duty.state, moved(duty.state, move)
        duty.update_from_dict({**given, "state": after})
        duty.version += 1
        await duty.save(update_fields=[*given, "state", "version"])
        await record(actor_of(viewer), act, duty, before={"state": before}, after={"state": after})
        return duty
