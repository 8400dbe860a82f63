"""Mutations on telephone numbers; the acts are in models/phones.py and models/unmasking.py.

None can be retried by an idempotency key: each telling counts, and nothing of a number is kept to compare a retry with.
"""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from domain.phones import UnmaskReason
from models import phones, unmasking

from .payloads import UserError, private_mutation

graphql_enum(UnmaskReason)

_NOTE = "What it is for (说明), 1 to 500 characters; needed where the reason is OTHER."


@strawberry.type(description="What an act on telephone numbers answers.")
class _Payload:
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@strawberry.input(description="A telephone number of one's own.")
class PhoneChangeInput:
    phone: str | None = strawberry.field(
        description="Number (电话): mobile, landline with area code, or +country; null: none any more."
    )


@strawberry.type(description="What phoneChange answers.")
class PhoneChangePayload(_Payload):
    phone: str | None = strawberry.field(description="The number as it is shown (电话), masked; null: none.", default=None)


@strawberry.input(description="Whose telephone number, and what for.")
class UnmaskInput:
    id: strawberry.ID = strawberry.field(description="An account (账号), or a ticket (工单) with a number to call back on.")
    reason: UnmaskReason = strawberry.field(description="What for (用途).")
    note: str | None = strawberry.field(description=_NOTE, default=None)


@strawberry.type(description="What unmask answers.")
class UnmaskPayload(_Payload):
    phone: str | None = strawberry.field(description="The whole number (完整电话); null: none, or refused.", default=None)


@strawberry.input(description="A telephone number to look for, and what for.")
class FindByPhoneInput:
    phone: str = strawberry.field(description="Whole number (完整电话).")
    reason: UnmaskReason = strawberry.field(description="What for (用途).")
    note: str | None = strawberry.field(description=_NOTE, default=None)


@strawberry.type(description="What findByPhone answers.")
class FindByPhonePayload(_Payload):
    ids: list[strawberry.ID] = strawberry.field(
        description="Accounts (账号) and tickets (工单) with this number; read them with `nodes`.", default_factory=list
    )


@private_mutation("Change your telephone number (修改电话).")
async def phone_change(context: Context, given: PhoneChangeInput) -> PhoneChangePayload:
    account = await phones.change_phone(context.viewer, given.phone, settings=context.settings)
    return PhoneChangePayload(phone=account.phone_masked)


@private_mutation("Be told a whole telephone number (查看完整电话); it is on record, and a few an hour are told.")
async def unmask(context: Context, given: UnmaskInput) -> UnmaskPayload:
    phone = await unmasking.unmask(context.viewer, given.id, given.reason, given.note, settings=context.settings)
    return UnmaskPayload(phone=phone)


@private_mutation("Find who has a telephone number (按电话查找), among what you see; on record and limited as unmask.")
async def find_by_phone(context: Context, given: FindByPhoneInput) -> FindByPhonePayload:
    ids = await unmasking.find_by_phone(context.viewer, given.phone, given.reason, given.note, settings=context.settings)
    return FindByPhonePayload(ids=[strawberry.ID(id_) for id_ in ids])
