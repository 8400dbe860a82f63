"""Joint offices (合署办公): that branch, owners' body and company of a compound work in one place, from when to when."""

from datetime import date

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import today
from .connection import constrained
from .facts import record
from .permits import actor_of, permitted
from .roles import check_days, check_no_longer
from .rows import Row
from .territory import Compound

ADDRESS_MAX = 200


class JointOffice(Row):
    """A joint office of a compound, from ``starts_on`` to ``ends_on`` (both included; null: open). Never two on one day."""

    prefix = "jof"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    address = fields.CharField(max_length=200)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "joint_office"


async def declare_joint_office(
    viewer: Viewer, compound_id: str, address: str, *, starts_on: date | None = None, ends_on: date | None = None
) -> JointOffice:
    """Declare where the three parties of a compound work in one office, from ``starts_on`` (default: today) to ``ends_on``.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (an address of 1 to 200 characters, a last day before the first) and CONFLICT (it has
    one on some of these days).
    """
    address, first = written(address, "address", ADDRESS_MAX), starts_on or today()
    check_days(first, ends_on)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "jointOfficeDeclare", path=("compound_id",))
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("The compound has a joint office on some of these days.", "该小区在此期间已有合署办公点。"),
                path=("starts_on",),
                hint=Text("End that one first, or choose other days.", "请先终止原登记，或另选日期。"),
            )
        ):
            office = await JointOffice.create(
                address=address, starts_on=first, ends_on=ends_on, compound_id=compound.id, street_id=compound.street_id
            )
        told = {"starts_on": first.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
        await record(actor_of(viewer), "jointOfficeDeclare", office, after=told)
        return office


async def end_joint_office(viewer: Viewer, office_id: str, *, ends_on: date | None = None) -> JointOffice:
    """The joint office with an earlier last day (default: today). Without a day, one that is over stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, or after the present one).
    """
    async with in_transaction():
        office = await permitted(JointOffice, office_id, viewer, "jointOfficeEnd")
        if ends_on is None and office.ends_on is not None and office.ends_on <= today():
            return office
        last = ends_on or today()
        check_days(office.starts_on, last)
        check_no_longer(last, office.ends_on)
        before = {"ends_on": office.ends_on and office.ends_on.isoformat()}
        office.ends_on = last
        await office.save(update_fields=["ends_on"])
        await record(actor_of(viewer), "jointOfficeEnd", office, before=before, after={"ends_on": last.isoformat()})
        return office
