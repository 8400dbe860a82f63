"""The rows of service contracts."""

from tortoise import fields

from domain.access import Reach
from domain.contracts import ContractBasis, ContractKind, ContractSide, ContractState
from models.rows import MoneyField, Row


class ServiceContract(Row):
    """The paper behind a company's mandate for a compound, from ``starts_on`` to ``ends_on`` (both included; null: open).

    ``price``: yuan per square metre and month. ``notice_by``: the side that gave notice, on ``notice_on``; ``leaves_on``: the
    company's last day by it. ``unsigned_why``: why it ended without a handover that both sides signed. Two that last on the
    same days in one compound: the database sees to it that there are none.
    """

    prefix = "svc"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    kind = fields.CharEnumField(ContractKind, max_length=40)
    basis = fields.CharEnumField(ContractBasis, max_length=40)
    state = fields.CharEnumField(ContractState, max_length=40, db_default=ContractState.SIGNED)
    number = fields.CharField(max_length=60)
    price = MoneyField(null=True)
    signed_on = fields.DateField()
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    notice_by = fields.CharEnumField(ContractSide, max_length=40, null=True)
    notice_on = fields.DateField(null=True)
    leaves_on = fields.DateField(null=True)
    notice_why = fields.CharField(max_length=500, db_default="")
    ended_on = fields.DateField(null=True)
    unsigned_why = fields.CharField(max_length=500, db_default="")
    version = fields.IntField(db_default=1)
    mandate_id = fields.CharField(max_length=30, null=True)
    tender_id = fields.CharField(max_length=30, null=True)
    vote_id = fields.CharField(max_length=30, null=True)
    organisation_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "service_contract"
