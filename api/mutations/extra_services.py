"""Mutations on services beyond the contract; the acts are in models/extra_services.py."""

from datetime import date

import strawberry

from api.context import Context
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models import extra_services

_SERVICE = "The service as it is now (合同外服务); null when refused."


@strawberry.input(description="A service that a company did beyond its contract.")
class ExtraServiceRecordInput(OnceInput):
    compound_id: strawberry.ID = strawberry.field(description="Compound (小区).")
    what: str = strawberry.field(description="What was done (服务内容), 1 to 500 characters.")
    done_on: date | None = strawberry.field(
        description="When it was done (服务日期), in the past year. Default: today.", default=strawberry.UNSET
    )


@bound("What extraServiceRecord answers.")
class ExtraServiceRecordPayload(Payload):
    extra_service = by_id("ExtraService", "subject_id", description=_SERVICE)


@mutation("Record a service beyond the contract (登记合同外服务), as the company that did it.")
async def extra_service_record(context: Context, given: ExtraServiceRecordInput) -> ExtraServiceRecordPayload:
    made = await extra_services.record_service(context.viewer, given.compound_id, given.what, done_on=given.done_on)
    return ExtraServiceRecordPayload(subject_id=made.id)


@strawberry.input(description="A service to confirm.")
class ExtraServiceConfirmInput(ChangeInput):
    pass


@bound("What extraServiceConfirm answers.")
class ExtraServiceConfirmPayload(Payload):
    extra_service = by_id("ExtraService", "subject_id", description=_SERVICE)


@mutation("Confirm a service beyond the contract (确认合同外服务), as the owners' side: it is credited in assessment.")
async def extra_service_confirm(context: Context, given: ExtraServiceConfirmInput) -> ExtraServiceConfirmPayload:
    changed = await extra_services.confirm(context.viewer, given.id, expected_version=given.expected_version)
    return ExtraServiceConfirmPayload(subject_id=changed.id)


@strawberry.input(description="A service that is not confirmed.")
class ExtraServiceDeclineInput(ChangeInput):
    reason: str = strawberry.field(description="Why (原因), 1 to 500 characters.")


@bound("What extraServiceDecline answers.")
class ExtraServiceDeclinePayload(Payload):
    extra_service = by_id("ExtraService", "subject_id", description=_SERVICE)


@mutation("Do not confirm a service beyond the contract (不予确认合同外服务), as the owners' side.")
async def extra_service_decline(context: Context, given: ExtraServiceDeclineInput) -> ExtraServiceDeclinePayload:
    changed = await extra_services.decline(context.viewer, given.id, given.reason, expected_version=given.expected_version)
    return ExtraServiceDeclinePayload(subject_id=changed.id)


@strawberry.input(description="A service to withdraw.")
class ExtraServiceWithdrawInput(ChangeInput):
    pass


@bound("What extraServiceWithdraw answers.")
class ExtraServiceWithdrawPayload(Payload):
    extra_service = by_id("ExtraService", "subject_id", description=_SERVICE)


@mutation("Withdraw a service beyond the contract (撤回合同外服务) that nobody has judged, as the company that recorded it.")
async def extra_service_withdraw(context: Context, given: ExtraServiceWithdrawInput) -> ExtraServiceWithdrawPayload:
    changed = await extra_services.withdraw(context.viewer, given.id, expected_version=given.expected_version)
    return ExtraServiceWithdrawPayload(subject_id=changed.id)


#: Every mutation on services beyond the contract, in the order of the schema.
EXTRA_SERVICES = [extra_service_record, extra_service_confirm, extra_service_decline, extra_service_withdraw]
