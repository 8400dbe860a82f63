"""Services beyond the contract: recorded by the company, confirmed by the owners' side, credited in assessment."""

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.extra_services import SAID_MAX, WHAT_MAX, ExtraServiceMove, ExtraServiceState, check_done, moved
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import now, today
from .facts import record
from .owners_side import check_owners_side
from .permits import actor_of, permitted, unchanged
from .rectification.moving import doer
from .rows import Row
from .territory import Compound
from .upkeep.sides import works_for


class ExtraService(Row):
    """What an organisation did in a compound on ``done_on`` without having to. ``answer``: why it was not confirmed."""

    prefix = "exs"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    state = fields.CharEnumField(ExtraServiceState, max_length=40)
    what = fields.CharField(max_length=500)
    answer = fields.CharField(max_length=500, db_default="")
    done_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    judged_at = fields.DatetimeField(null=True)
    version = fields.IntField(db_default=1)
    organisation_id = fields.CharField(max_length=30)
    recorded_by_id = fields.CharField(max_length=30, null=True)
    judged_by_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "extra_service"


async def record_service(viewer: Viewer, compound_id: str, what: str, *, done_on: date | None = None) -> ExtraService:
    """Record a service that the viewer's company did beyond its contract, on ``done_on`` (default: today).

    Refuses NOT_FOUND, FORBIDDEN and INVALID (no words, a day to come or longer ago than a year, a company that does not serve
    the compound).
    """
    what, day = written(what, "what", WHAT_MAX), check_done(done_on or today(), today())
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "extraServiceRecord", path=("compound_id",))
        made = await ExtraService.create(
            state=ExtraServiceState.RECORDED,
            what=what,
            done_on=day,
            recorded_at=now(),
            organisation_id=await doer(viewer, compound.id, "compound_id"),
            recorded_by_id=viewer.account_id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        after = {"state": made.state, "done_on": day.isoformat(), "organisation_id": made.organisation_id, "version": 1}
        await record(actor_of(viewer), "extraServiceRecord", made, after=after)
        return made


async def confirm(viewer: Viewer, service_id: str, *, expected_version: int | None = None) -> ExtraService:
    """Confirm it, as the owners' side.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (who is of the company, or not of the owners' side), ILLEGAL_MOVE and STALE_VERSION.
    """
    return await _judge(viewer, service_id, "extraServiceConfirm", ExtraServiceMove.CONFIRM, "", expected_version)


async def decline(viewer: Viewer, service_id: str, reason: str, *, expected_version: int | None = None) -> ExtraService:
    """Do not confirm it, as the owners' side, and say why. Refuses as ``confirm`` does, and INVALID without a reason."""
    said = written(reason, "reason", SAID_MAX)
    return await _judge(viewer, service_id, "extraServiceDecline", ExtraServiceMove.DECLINE, said, expected_version)


async def withdraw(viewer: Viewer, service_id: str, *, expected_version: int | None = None) -> ExtraService:
    """Withdraw what the viewer's company has recorded and nobody has judged.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (another company's), ILLEGAL_MOVE and STALE_VERSION.
    """
    async with in_transaction():
        service = await _taken(viewer, service_id, "extraServiceWithdraw", expected_version)
        if service.organisation_id not in works_for(viewer):
            raise _invalid(
                Text("Another company has recorded it.", "该服务由其他单位登记。"),
                Text("Leave it to them.", "请由登记单位撤回。"),
            )
        changes: dict[str, Any] = {"state": moved(service.state, ExtraServiceMove.WITHDRAW)}
        return await _changed(viewer, service, "extraServiceWithdraw", changes)


async def confirmed_services(compound_id: str, organisation_id: str, since: date, until: date) -> int:
    """How many services beyond the contract the owners' side has confirmed that were done in these days, both included."""
    done = ExtraService.filter(compound_id=compound_id, organisation_id=organisation_id, state=ExtraServiceState.CONFIRMED)
    return await done.filter(done_on__gte=since, done_on__lte=until).count()


async def _judge(
    viewer: Viewer, service_id: str, act: str, way: ExtraServiceMove, answer: str, expected_version: int | None
) -> ExtraService:
    async with in_transaction():
        service = await _taken(viewer, service_id, act, expected_version)
        if service.organisation_id in works_for(viewer) or service.recorded_by_id == viewer.account_id:
            raise _invalid(
                Text("Whoever did it does not confirm it.", "提供服务的一方不能自行确认。"),
                Text("Let the owners' side do so.", "请由业主一方确认。"),
            )
        await check_owners_side(viewer, act, service, service.compound_id)
        changes: dict[str, Any] = {
            "state": moved(service.state, way),
            "answer": answer,
            "judged_at": now(),
            "judged_by_id": viewer.account_id,
        }
        return await _changed(viewer, service, act, changes)


async def _taken(viewer: Viewer, service_id: str, act: str, expected_version: int | None) -> ExtraService:
    service = await permitted(ExtraService, service_id, viewer, act)
    unchanged(service.version, expected_version)
    return service


async def _changed(viewer: Viewer, service: ExtraService, act: str, changes: dict[str, Any]) -> ExtraService:
    before = {"state": service.state, "version": service.version}
    service.update_from_dict({**changes, "version": service.version + 1})
    await service.save(update_fields=[*changes, "version"])
    await record(actor_of(viewer), act, service, before=before, after={"state": service.state, "version": service.version})
    return service


def _invalid(message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=("id",), hint=hint)
