"""Mutations on telephone numbers; the acts are in models/phones.py and models/unmasking.py.

None can be retried by an idempotency key: each telling counts, and nothing of a number is kept to compare a retry with.
"""

from typing import Annotated

import strawberry

from api.enums import graphql_enum
from domain.phones import UnmaskReason
from domain.refusals import Refused
from models import phones, unmasking

from .payloads import Info, UserError, require_account, user_error

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


@strawberry.mutation(description="Change your telephone number (修改电话).")
async def phone_change(
    info: Info, input: Annotated[PhoneChangeInput, strawberry.argument(description="What to do.")]
) -> PhoneChangePayload:
    context = info.context
    try:
        require_account("phoneChange", context.viewer)
        account = await phones.change_phone(context.viewer, input.phone, settings=context.settings)
    except Refused as refused:
        return PhoneChangePayload(errors=[user_error(refused, context.language)])
    return PhoneChangePayload(phone=account.phone_masked)


@strawberry.mutation(description="Be told a whole telephone number (查看完整电话); it is on record, and a few an hour are told.")
async def unmask(info: Info, input: Annotated[UnmaskInput, strawberry.argument(description="What to do.")]) -> UnmaskPayload:
    context = info.context
    try:
        require_account("unmask", context.viewer)
        phone = await unmasking.unmask(context.viewer, input.id, input.reason, input.note, settings=context.settings)
    except Refused as refused:
        return UnmaskPayload(errors=[user_error(refused, context.language)])
    return UnmaskPayload(phone=phone)


@strawberry.mutation(
    description="Find who has a telephone number (按电话查找), among what you see; on record and limited as unmask."
)
async def find_by_phone(
    info: Info, input: Annotated[FindByPhoneInput, strawberry.argument(description="What to do.")]
) -> FindByPhonePayload:
    context, given = info.context, input
    try:
        require_account("findByPhone", context.viewer)
        ids = await unmasking.find_by_phone(context.viewer, given.phone, given.reason, given.note, settings=context.settings)
    except Refused as refused:
        return FindByPhonePayload(errors=[user_error(refused, context.language)])
    return FindByPhonePayload(ids=[strawberry.ID(id_) for id_ in ids])
