"""An organisation's own list of suppliers."""

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.credit_codes import credit_code as checked
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import constrained
from models.facts import record
from models.organisations import Organisation
from models.permits import actor_of, found, permit, permitted, unchanged

from .rows import Supplier

NAME_MAX = 120


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The organisation has a supplier of this name or code.", "本单位已有同名或同代码的供应商。"),
        path=("name",),
        hint=Text("Use that one, or end it first.", "请使用已有供应商，或先停用。"),
    )


async def add_supplier(viewer: Viewer, organisation_id: str, name: str, *, credit_code: str | None = None) -> Supplier:
    """A supplier of the viewer's organisation. Refuses NOT_FOUND, FORBIDDEN, INVALID (name, code) and CONFLICT (there is one)."""
    called = written(name, "name", NAME_MAX, least=2)
    code = checked(credit_code) if credit_code else None
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        supplier = Supplier(
            name=called, credit_code=code, added_at=now(), organisation_id=organisation.id, street_id=organisation.street_id
        )
        permit(viewer, "supplierAdd", supplier)
        async with constrained(_taken()):
            await supplier.save(force_create=True)
        await record(actor_of(viewer), "supplierAdd", supplier)
        return supplier


async def amend_supplier(
    viewer: Viewer, supplier_id: str, name: str, *, credit_code: str | None = None, expected_version: int | None = None
) -> Supplier:
    """The supplier with another name and code. Refuses as ``add_supplier``, and STALE_VERSION, ILLEGAL_MOVE (it ended)."""
    called = written(name, "name", NAME_MAX, least=2)
    code = checked(credit_code) if credit_code else None
    async with in_transaction():
        supplier = await permitted(Supplier, supplier_id, viewer, "supplierAmend")
        unchanged(supplier.version, expected_version)
        check_going_on(supplier, "id")
        supplier.name, supplier.credit_code, supplier.version = called, code, supplier.version + 1
        async with constrained(_taken()):
            await supplier.save(update_fields=["name", "credit_code", "version"])
        await record(actor_of(viewer), "supplierAmend", supplier, after={"version": supplier.version})
        return supplier


async def end_supplier(viewer: Viewer, supplier_id: str) -> Supplier:
    """The supplier, of which nothing more is bought; one that has ended stays as it is. Refuses NOT_FOUND and FORBIDDEN."""
    async with in_transaction():
        supplier = await permitted(Supplier, supplier_id, viewer, "supplierEnd")
        if supplier.ended_at is None:
            supplier.ended_at, supplier.version = now(), supplier.version + 1
            await supplier.save(update_fields=["ended_at", "version"])
            await record(actor_of(viewer), "supplierEnd", supplier)
        return supplier


def check_going_on(supplier: Supplier, field: str) -> None:
    """Refuses (ILLEGAL_MOVE, naming ``field``) a supplier that has ended."""
    if supplier.ended_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("Nothing is bought from this supplier any more.", "该供应商已停用。"),
            path=(field,),
            hint=Text("Choose another, or add it anew: supplierAdd.", "请选择其他供应商，或重新登记（supplierAdd）。"),
        )
